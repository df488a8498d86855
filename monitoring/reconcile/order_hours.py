"""What systems have for each hour, so that nobody has to be asked for every order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from monitoring.reconcile.amounts import Amount, plain
from monitoring.reconcile.definition import Definition
from monitoring.reconcile.kits import Kits, pieces
from monitoring.reconcile.order_rows import OrderRow, OrderSide


class HourTally(NamedTuple):
    """What a system has for one hour of orders that are not cancelled: how many, what they come to, and
    pieces; of how many it waits for goods. None: it cannot say."""

    orders: int
    total: Decimal | None = None
    pieces: Amount | None = None
    open: int | None = None


@dataclass(frozen=True, slots=True)
class Orders:
    """One system's orders. `hours`: by the hour in which they were placed, for the whole window; `read`
    gives the orders of the hours it is asked for, and is asked for no others."""

    side: OrderSide
    hours: Mapping[datetime, HourTally]
    read: Callable[[Sequence[datetime]], Iterable[OrderRow]]


def hour_of(at: datetime) -> datetime:
    """The beginning of its hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def tally(rows: Iterable[OrderRow], kits: Kits | None = None) -> dict[datetime, HourTally]:
    """What `hours` is for orders that are all at hand. A total is None where one order's is.

    With `kits` bundles count as the pieces the warehouse has to send.
    """
    by_hour: dict[datetime, list[OrderRow]] = {}
    for row in rows:
        by_hour.setdefault(hour_of(row.placed_at), []).append(row)
    return {hour: _tally(by_hour[hour], kits or {}) for hour in sorted(by_hour)}


def _tally(all_rows: Sequence[OrderRow], kits: Kits) -> HourTally:
    rows = [row for row in all_rows if row.status != "cancelled"]
    totals = [row.total for row in rows if row.total is not None]
    total = sum(totals, Decimal(0)) if len(totals) == len(rows) else None
    waiting = sum(1 for row in rows if row.status == "open")
    sent = plain(sum(pieces(row.lines, kits) for row in rows))
    return HourTally(len(rows), total, sent, waiting)


def differing_hours(
    left: Orders, right: Orders, *, definition: Definition, at: datetime, cent: Decimal
) -> list[datetime]:
    """The hours of the window in which two systems differ in a figure that both have."""
    since, until = hour_of(at - definition.window), at - definition.settle
    nothing = HourTally(0, Decimal(0), 0, 0)
    by_state = left.side == "channel"
    return sorted(
        hour
        for hour in {*left.hours, *right.hours}
        if since <= hour <= until
        and _differ(
            left.hours.get(hour, nothing), right.hours.get(hour, nothing), cent, by_state=by_state
        )
    )


def _differ(left: HourTally, right: HourTally, cent: Decimal, *, by_state: bool) -> bool:
    if left.orders != right.orders:
        return True
    if by_state and None not in (left.open, right.open) and left.open != right.open:
        return True
    if left.total is not None and right.total is not None and abs(left.total - right.total) > cent:
        return True
    return left.pieces is not None and right.pieces is not None and left.pieces != right.pieces
