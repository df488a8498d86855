"""What one side said at one moment, as plain rows, and what moved meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

ALL: Final = "*"
_LEAST_SHARE, _MOST_SHARE = Fraction(80, 100), Fraction(120, 100)


class Level(NamedTuple):
    """One row of a side. `uom` empty: the item's base unit. `lot` and `condition`: `*` for all of them.

    `at`: as of when, where this row is of another moment than its snapshot.
    """

    location: str
    sku: str
    lot: str
    condition: str
    uom: str
    quantity: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rows of a side. `full`: an item that is not in it has nothing; a delta says nothing of it.

    `trailer`: how many rows the report itself says it has. `yesterday`: how many the last one had.
    """

    side: str
    source: str
    as_of: datetime
    rows: Sequence[Level]
    full: bool = True
    trailer: int | None = None
    yesterday: int | None = None


class Item(NamedTuple):
    """What is known of an item. `units`: base units in one of each unit. `value`: of one base unit."""

    base: str = "EA"
    units: Mapping[str, Fraction] = MappingProxyType({})
    item_class: str = ""
    weighed: bool = False
    value: Decimal = Decimal(0)


class Movement(NamedTuple):
    """One movement of stock. `quantity` with its sign: 945s and picks are below 0.

    `posted`: for each side that has booked it, when. A side that is not in it does not know of it.
    """

    location: str
    sku: str
    lot: str
    condition: str
    uom: str
    quantity: str
    at: datetime
    kind: str
    reference: str
    order: str = ""
    posted: Mapping[str, datetime] = MappingProxyType({})


def cut_off(snapshot: Snapshot) -> str:
    """Why a report cannot be whole, as a sentence; empty when nothing speaks against it.

    Its own trailer counts exactly. Against yesterday a full report may have 20 % fewer rows or more.
    """
    count = len(snapshot.rows)
    if snapshot.trailer is not None and snapshot.trailer != count:
        return (
            f"The report of {snapshot.side} has {count} rows, and its trailer says {snapshot.trailer}."
            " It was cut off: ask for it again."
        )
    if not snapshot.full or not snapshot.yesterday:
        return ""
    if not _LEAST_SHARE <= Fraction(count, snapshot.yesterday) <= _MOST_SHARE:
        return (
            f"The report of {snapshot.side} has {count} rows, and the one before had"
            f" {snapshot.yesterday}. More than 20 % apart is not believed: ask for it again."
        )
    return ""
