"""Orders as their systems say them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from monitoring.reconcile.amounts import Amount
from monitoring.reconcile.definition import Definition

OrderSide = Literal["channel", "hub", "erp", "warehouse"]
NAMES: Final[Mapping[OrderSide, str]] = {
    "channel": "the channel",
    "hub": "the hub",
    "erp": "the ERP",
    "warehouse": "the warehouse",
}
Status = Literal["open", "on_hold", "cancelled", "shipped", "unknown"]


class OrderLine(NamedTuple):
    """One line of an order, in pieces of `uom`. Several lines may be about one SKU."""

    line_no: str
    sku: str
    quantity: Amount
    uom: str = ""


class OrderRow(NamedTuple):
    """One order at one system. `number` is how all of them call it. `total` None: it knows no prices."""

    channel: str
    number: str
    placed_at: datetime
    status: Status
    total: Decimal | None
    lines: tuple[OrderLine, ...]
    remote_id: str = ""


def within(rows: Iterable[OrderRow], *, definition: Definition, at: datetime) -> list[OrderRow]:
    """The orders that belong to the window: placed not too long ago, and long enough to have settled."""
    since, until = at - definition.window, at - definition.settle
    return [row for row in rows if since <= row.placed_at <= until]
