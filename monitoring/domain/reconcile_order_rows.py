"""The hub's orders and the warehouses' as rows that can be compared."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from monitoring.domain.reconcile_scope import Scope
from monitoring.domain.reconcile_sent import SentLines
from monitoring.queries import recon_levels, recon_orders
from monitoring.queries.recon_orders import HubOrder
from monitoring.reconcile import Item, amount, text
from monitoring.reconcile.amounts import Amount, plain
from monitoring.reconcile.order_rows import OrderLine, OrderRow, Status

_CANCELLED: Final = frozenset({"cancelled", "cancel_requested"})
_SHIPPED: Final = frozenset({"shipped", "invoiced", "closed"})


def written(row: OrderRow) -> list[Any]:
    """As it is kept."""
    lines = [[one.line_no, one.sku, text(one.quantity), one.uom] for one in row.lines]
    total = None if row.total is None else str(row.total)
    at = row.placed_at.isoformat()
    return [row.channel, row.number, at, row.status, total, lines, row.remote_id]


def read_row(kept: list[Any]) -> OrderRow:
    channel, number, at, status, total, lines, remote_id = kept
    return OrderRow(
        channel,
        number,
        datetime.fromisoformat(at),
        cast(Status, status),
        None if total is None else Decimal(total),
        tuple(OrderLine(no, sku, amount(q), uom) for no, sku, q, uom in lines),
        remote_id,
    )


def of_hub(scope: Scope) -> tuple[list[OrderRow], list[OrderRow]]:
    """The orders of the channels, and what the warehouses have of them."""
    channels = {party.id: party.slug for party in scope.parties("channel")}
    warehouses = [party.id for party in scope.parties("warehouse")]
    since = scope.at - scope.definition.window
    found = list(
        recon_orders.orders(
            scope.customer_id, sources=list(channels), warehouses=warehouses, since=since
        )
    )
    items = _items(scope)
    sent = SentLines(one.sent_payload for one in found if one.sent_payload and not one.shipments)
    ours = [_ours(one, channels[one.source_id], items) for one in found]
    there = [
        _theirs(scope, one, channels[one.source_id], sent, items)
        for one in found
        if one.message_id is not None or one.shipments
    ]
    return ours, there


def _items(scope: Scope) -> dict[str, Item]:
    return {
        one.sku: Item(
            one.base_uom or "EA", {str(u["uom"]): Fraction(str(u["factor"])) for u in one.units}
        )
        for one in recon_levels.items(scope.customer_id)
    }


def _ours(one: HubOrder, channel: str, items: dict[str, Item]) -> OrderRow:
    lines = tuple(
        OrderLine(
            str(line.get("line_no") or number),
            str(line["sku"]),
            _base(line["sku"], line["quantity"], line.get("uom"), items),
        )
        for number, line in enumerate(one.lines, 1)
    )
    status = _status(one.state)
    return OrderRow(channel, one.number, one.placed_at, status, one.total, lines, one.remote_id)


def _status(state: str) -> Status:
    if state in _CANCELLED:
        return "cancelled"
    if state in _SHIPPED:
        return "shipped"
    return "on_hold" if state == "on_hold" else "open"


def _theirs(
    scope: Scope, one: HubOrder, channel: str, sent: SentLines, items: dict[str, Item]
) -> OrderRow:
    """What the warehouse has: by its own reports once it reported, before that by what it was sent."""
    lines = _reported(one, items) if one.shipments else _sent(scope, one, sent, items)
    if lines is None:  # neither tells its lines: they are taken to be right
        lines = _ours(one, channel, items).lines
    status: Status = _status(one.state) if one.state != "cancel_requested" else "open"
    return OrderRow(channel, one.number, one.placed_at, status, None, lines, one.remote_id)


def _reported(one: HubOrder, items: dict[str, Item]) -> tuple[OrderLine, ...]:
    """Of each item what the 945s say was ordered, or what left if that is more."""
    ordered: dict[str, Amount] = {}
    left: dict[str, Amount] = {}
    for shipment in one.shipments:
        for line in shipment["lines"]:
            sku = str(line.get("substitute_for") or line["sku"])
            uom = line.get("uom")
            asked = _base(sku, line.get("ordered") or line["shipped"], uom, items)
            ordered[sku] = max(ordered.get(sku, 0), asked)
            left[sku] = left.get(sku, 0) + _base(sku, line["shipped"], uom, items)
    return tuple(
        OrderLine("", sku, max(quantity, left[sku])) for sku, quantity in sorted(ordered.items())
    )


def _sent(
    scope: Scope, one: HubOrder, sent: SentLines, items: dict[str, Item]
) -> tuple[OrderLine, ...] | None:
    lines = sent.of(one.sent_payload, one.number)
    if lines is None:
        return None
    coded: Iterable[tuple[str, str]] = ((scope.item_of(item), q) for item, q in lines)
    return tuple(OrderLine("", sku, amount(q)) for sku, q in coded)


def _base(sku: str, quantity: Any, uom: str | None, items: dict[str, Item]) -> Amount:
    """In base units where the item says how; a unit nobody knows stays as it is."""
    item = items.get(sku)
    factor = item.units.get(uom or "", 1) if item and uom != item.base else 1
    return plain(amount(str(quantity)) * factor)
