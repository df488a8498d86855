"""The rows of a side under the keys that are compared, in base units."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final, NamedTuple

from monitoring.reconcile.amounts import Amount, amount, plain
from monitoring.reconcile.definition import KEYS
from monitoring.reconcile.snapshot import ALL, Item, Level, Movement

NOBODY: Final = Item(base="")


class Key(NamedTuple):
    """What one comparison is about. A part that is not told apart is `*`."""

    location: str
    sku: str
    lot: str = ALL
    condition: str = ALL


# A plain tuple in the loops over hundreds of thousands of rows: a Key takes three times as long to make.
Place = tuple[str, str, str, str]


@dataclass(slots=True)
class Levels:
    """`said` by key. `broken`: keys whose unit cannot be turned into the base unit → that unit.
    `at`: as of when, for keys whose rows are of another moment than their snapshot; the oldest of them.
    `units`: in what items are counted that nobody knows.
    """

    said: dict[Place, Amount] = field(default_factory=dict)
    broken: dict[Place, str] = field(default_factory=dict)
    at: dict[Place, datetime] = field(default_factory=dict)
    units: dict[Place, str] = field(default_factory=dict)


class Keying:
    """How a row gets its key: the parts that are told apart, and places where lots are not."""

    def __init__(self, keys: Sequence[str], *rows: Iterable[Level]) -> None:
        self.by_location, self.by_lot, self.by_condition = (
            name in keys for name in KEYS if name != "sku"
        )
        self.whole = (
            {(r.location, r.sku, r.condition) for side in rows for r in side if r.lot in (ALL, "")}
            if self.by_lot
            else set()
        )

    def of(self, row: Level | Movement) -> Place:
        """Where one side knows no lots of an item at a place, those of the other are one."""
        lot = row.lot
        if not self.by_lot or (row.location, row.sku, row.condition) in self.whole:
            lot = ALL
        return (
            row.location if self.by_location else ALL,
            row.sku,
            lot,
            row.condition if self.by_condition else ALL,
        )


def index(rows: Iterable[Level], keying: Keying, items: Mapping[str, Item]) -> Levels:
    """Rows of one side under their keys; several of one key are added up.

    An item nobody knows stays in the unit it came in, as long as that is only one.
    """
    found, place = Levels(), keying.of
    said, get = found.said, items.get
    for row in rows:
        key, item, quantity = place(row), get(row.sku, NOBODY), amount(row.quantity)
        if row.uom != item.base:
            per_unit = _per_unit(found, key, item, row.uom)
            if per_unit is None:
                continue
            quantity = plain(quantity * per_unit)
        said[key] = said[key] + quantity if key in said else quantity
        if row.at is not None:
            found.at[key] = min(row.at, found.at.get(key, row.at))
    return found


def _per_unit(found: Levels, key: Place, item: Item, uom: str) -> Fraction | int | None:
    per_unit = factor(item, uom)
    if per_unit is None or (item is NOBODY and found.units.setdefault(key, uom) != uom):
        found.broken[key] = uom
        return None
    return per_unit


def factor(item: Item, uom: str) -> Fraction | int | None:
    """Base units in one `uom`; None when the item has no conversion, which is never taken for 1.

    Of an item nobody knows each unit is its own.
    """
    return 1 if item is NOBODY or uom in ("", item.base) else item.units.get(uom)
