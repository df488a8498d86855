"""Rows of the engine as the plain JSON that is kept, and back."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from monitoring.models import ReconSnapshot
from monitoring.reconcile import Item, Level, Movement, Snapshot, text


def moment(at: datetime | None) -> str | None:
    """An instant as text that sorts and reads back the same."""
    return None if at is None else at.astimezone(UTC).isoformat()


def read_moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)


def level(one: Level) -> list[Any]:
    return [*one[:6], moment(one.at)]


def read_level(row: list[Any]) -> Level:
    *said, at = row
    return Level._make([*said, None if at is None else datetime.fromisoformat(at)])


def movement(one: Movement) -> list[Any]:
    posted = {side: moment(at) for side, at in sorted(one.posted.items())}
    return [*one[:6], moment(one.at), one.kind, one.reference, one.order, posted]


def read_movement(row: list[Any]) -> Movement:
    *first, at, kind, reference, order, posted = row
    when = {side: datetime.fromisoformat(said) for side, said in posted.items()}
    when_it_was = datetime.fromisoformat(at)
    return Movement._make([*first, when_it_was, kind, reference, order, when])


def item(sku: str, one: Item) -> list[Any]:
    units = [[uom, text(factor)] for uom, factor in sorted(one.units.items())]
    return [sku, one.base, units, one.item_class, one.weighed, str(one.value)]


def read_items(rows: Iterable[list[Any]]) -> dict[str, Item]:
    return {
        sku: Item(base, {u: Fraction(f) for u, f in units}, item_class, weighed, Decimal(value))
        for sku, base, units, item_class, weighed, value in rows
    }


def read_snapshot(snapshot: ReconSnapshot, rows: Iterable[list[Any]]) -> Snapshot:
    """A side of a comparison from what was kept of it."""
    head = snapshot.head
    return Snapshot(
        side=head["side"],
        source=snapshot.source,
        as_of=snapshot.as_of,  # type: ignore[arg-type]
        rows=[read_level(row) for row in rows],
        full=head["full"],
        trailer=head.get("trailer"),
        yesterday=head.get("yesterday"),
    )
