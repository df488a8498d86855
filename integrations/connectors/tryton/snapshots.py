"""What Tryton has, for a comparison: stock, sales, lines of sales."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid, OrderStatus
from integrations.connectors.tryton import wire
from integrations.connectors.tryton.api import ASKED_AT_ONCE, Api, listed
from integrations.connectors.tryton.polling import PER_PAGE
from integrations.connectors.tryton.stock import StockReader

_SALE: Final = ("number", "reference", "state", "shipment_state", "total_amount", "create_date")
_LINE: Final = ("lines.type", "lines.product.code", "lines.quantity")


class SnapshotReader:
    """Reads without changing anything. Safe from any thread."""

    def __init__(self, api: Api, stock: StockReader) -> None:
        self._api, self._stock = api, stock

    def levels(self) -> Iterator[LevelSaid]:
        for warehouse, product in self._stock.levels():
            yield LevelSaid(
                location=warehouse,
                item=str(product["code"]),
                quantity=_number(product["quantity"]),
                uom=product["default_uom"]["symbol"],
            )

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        """By when they were entered: Tryton keeps no other moment of an order."""
        entered = ["create_date", ">=", wire.time(since.astimezone(UTC))]
        after: int | None = 0
        while after is not None:
            found = listed(
                self._api.search("sale.sale", _SALE, [entered], after=after, limit=PER_PAGE)
            )
            yield from map(_order, found)
            after = found[-1]["id"] if len(found) == PER_PAGE else None

    def order_lines(self, remote_ids: Sequence[str]) -> dict[str, list[LineSaid]]:
        ids = [int(remote) for remote in remote_ids if remote.isdigit()]
        found: dict[str, list[LineSaid]] = {}
        for start in range(0, len(ids), ASKED_AT_ONCE):
            asked = ids[start : start + ASKED_AT_ONCE]
            for sale in self._api.find("sale.sale", _LINE, [["id", "in", asked]]):
                found[str(sale["id"])] = [
                    LineSaid(
                        str(line["product"]["code"]), _number(line["quantity"]), str(line["id"])
                    )
                    for line in sale["lines"]
                    if line["product"]
                ]
        return found


def _order(sale: Mapping[str, Any]) -> OrderSaid:
    return OrderSaid(
        number=str(sale["reference"] or sale["number"] or sale["id"]),
        remote_id=str(sale["id"]),
        status=_status(sale),
        placed_at=datetime.fromisoformat(sale["create_date"]).replace(tzinfo=UTC),
        total=sale["total_amount"],
    )


def _status(sale: Mapping[str, Any]) -> OrderStatus:
    if sale["state"] == "cancelled":
        return "cancelled"
    if sale["state"] in {"draft", "quotation"}:
        return "on_hold"
    return "shipped" if sale["shipment_state"] == "sent" else "open"


def _number(quantity: Any) -> str:
    """Plain decimal text without the zeros of a double."""
    return f"{quantity:f}".rstrip("0").rstrip(".") if "." in f"{quantity:f}" else str(quantity)
