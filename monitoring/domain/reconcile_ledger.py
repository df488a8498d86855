"""Where every unit and every order is by a run's own snapshots, page by page, and who holds the gap."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from monitoring.domain import reconcile_store, reconcile_values
from monitoring.domain.reconcile_order_rows import read_row
from monitoring.domain.reconcile_scope import ERP, WAREHOUSE, Party
from monitoring.models import ReconRow, ReconRun, ReconSnapshot
from monitoring.reconcile import Level, Movement
from monitoring.reconcile.amounts import Amount
from monitoring.reconcile.levels import Keying, Levels, Place, index
from monitoring.reconcile.order_rows import OrderRow
from monitoring.reconcile.rolling import Moves, correction, moves

PAGE: Final = 50
_KEYS: Final = ("location", "sku")


class Unit(NamedTuple):
    """One item at one site. None: that side has no row. `moving`: what the ERP has not booked yet.

    `channels`: by slug, what it was told and what it shows. `row`: of the run, where the sides differ.
    """

    sku: str
    site: str
    erp: Amount | None
    moving: Amount
    warehouse: Amount | None
    channels: Mapping[str, tuple[str, str]]
    row: ReconRow | None


class LedgerPage(NamedTuple):
    """`older`: after which SKU or number the next page goes on; empty on the last one."""

    rows: Sequence[Any]
    older: str


def units(run: ReconRun, *, after: str = "", start: str = "") -> LedgerPage:
    """Items in the order of their SKUs, those after `after` or from `start` on: the parts of the
    snapshots that have them are read, and no others."""
    kept = reconcile_store.of(run)
    left, right = kept["left"], kept["right"]
    skus = _skus(left, right, after=after, start=start)
    shown = skus[:PAGE]
    if not shown:
        return LedgerPage([], "")
    wanted = set(shown)
    rows = list(_units(run, kept, shown, wanted))
    return LedgerPage(rows, shown[-1] if len(skus) > PAGE else "")


def _skus(left: ReconSnapshot, right: ReconSnapshot, *, after: str, start: str) -> list[str]:
    found: set[str] = set()
    for snapshot in (left, right):
        own: dict[str, None] = {}
        for row in reconcile_store.rows_from(snapshot, after or start):
            if row[1] > after and row[1] >= start:
                own[row[1]] = None
            if len(own) > PAGE:
                break
        found |= own.keys()
    return sorted(found)[: PAGE + 1]


class _Side(NamedTuple):
    """One side's rows of a page."""

    name: str
    snapshot: ReconSnapshot
    levels: Levels


def _units(
    run: ReconRun, kept: Mapping[str, ReconSnapshot], shown: Sequence[str], wanted: set[str]
) -> Iterator[Unit]:
    items = reconcile_values.read_items(_between(kept["items"], shown, 0))
    keying = Keying(_KEYS)
    erp, warehouse = (
        _Side(side, kept[name], index(_levels(kept[name], shown), keying, items))
        for side, name in ((ERP, "left"), (WAREHOUSE, "right"))
    )
    moved = moves(_movements(kept["movements"], shown), keying, items)
    channels = _channels(kept, shown)
    found = ReconRow.objects.filter(run=run.of or run, sku__in=wanted).select_related("difference")
    different = {(row.location, row.sku): row for row in found}
    places = {*erp.levels.said, *warehouse.levels.said}
    for place in sorted(places, key=lambda place: (place[1], place[0])):
        counted = warehouse.levels.said.get(place)
        rolled = _correction(warehouse, moved, place, run.at)
        yield Unit(
            sku=place[1],
            site=place[0],
            erp=erp.levels.said.get(place),
            moving=_correction(erp, moved, place, run.at),
            warehouse=None if counted is None else counted + rolled,
            channels=channels.get(place[1], {}),
            row=different.get((place[0], place[1])),
        )


def _correction(side: _Side, moved: Moves, place: Place, at: datetime | None) -> Amount:
    """What a side lacks of the moves until the instant, or has too much of later ones."""
    as_of = side.levels.at.get(place, side.snapshot.as_of)
    if at is None or as_of is None:
        return 0
    return correction(moved.get(place, ()), side.name, as_of=as_of, at=at)


def _between(snapshot: ReconSnapshot, shown: Sequence[str], sku_at: int) -> Iterator[list[Any]]:
    wanted = set(shown)
    for row in reconcile_store.rows_between(snapshot, shown[0], shown[-1]):
        if row[sku_at] in wanted:
            yield row


def _levels(snapshot: ReconSnapshot, shown: Sequence[str]) -> Iterable[Level]:
    return [reconcile_values.read_level(row) for row in _between(snapshot, shown, 1)]


def _movements(snapshot: ReconSnapshot, shown: Sequence[str]) -> Iterable[Movement]:
    return [reconcile_values.read_movement(row) for row in _between(snapshot, shown, 1)]


def _channels(
    kept: Mapping[str, ReconSnapshot], shown: Sequence[str]
) -> dict[str, dict[str, tuple[str, str]]]:
    """SKU → channel → what it was told and what it shows."""
    told, seen = ({(row[1], row[0]): row[5] for row in _between(kept[name], shown, 1)}
                  for name in ("told", "shown"))  # fmt: skip
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for sku, channel in sorted({*told, *seen}):
        found[sku][channel] = (told.get((sku, channel), ""), seen.get((sku, channel), ""))
    return found


def labels(run: ReconRun) -> dict[str, str]:
    """What the sides were called when the run was made, by slug."""
    kept = reconcile_store.of(run).get("parties")
    return {} if kept is None else {row[2]: row[4] for row in reconcile_store.rows(kept)}


def channels(run: ReconRun) -> dict[str, str]:
    """What the channels were called when the run was made, by slug."""
    kept = reconcile_store.of(run).get("parties")
    parties = () if kept is None else (Party(*row) for row in reconcile_store.rows(kept))
    return {party.slug: party.label for party in parties if party.role == "channel"}


class Placed(NamedTuple):
    """One order and who has it: by the party's name, its status there, None where it is not.

    `rows`: what the run found of it.
    """

    number: str
    channel: str
    placed_at: datetime
    hub: str
    at: Mapping[str, str | None]
    rows: Sequence[ReconRow]


def orders(run: ReconRun, *, after: int = 0) -> tuple[LedgerPage, list[str]]:
    """The orders of the hub from the newest kept one on, and the names of the places they should be at."""
    kept = reconcile_store.of(run)
    names = [*sorted(name for name in kept if name.startswith("at_")), "warehouses"]
    page = [
        read_row(row) for row in islice(reconcile_store.rows(kept["hub"]), after, after + PAGE + 1)
    ]
    shown = page[:PAGE]
    places = {name: _statuses(kept[name], {row.number for row in shown}) for name in names}
    found: dict[str, list[ReconRow]] = defaultdict(list)
    numbers = [row.number for row in shown]
    differing = ReconRow.objects.filter(run=run.of or run, subject__in=numbers)
    for row in differing.select_related("difference"):
        found[row.subject].append(row)
    rows = [_placed(row, places, found) for row in shown]
    older = str(after + PAGE) if page[PAGE:] else ""
    return LedgerPage(rows, older), names


def _statuses(snapshot: ReconSnapshot, numbers: set[str]) -> dict[str, str]:
    return {row[1]: row[3] for row in reconcile_store.rows(snapshot) if row[1] in numbers}


def _placed(
    row: OrderRow, places: Mapping[str, Mapping[str, str]], found: Mapping[str, Sequence[ReconRow]]
) -> Placed:
    at = {name: statuses.get(row.number) for name, statuses in places.items()}
    return Placed(row.number, row.channel, row.placed_at, row.status, at, found.get(row.number, ()))
