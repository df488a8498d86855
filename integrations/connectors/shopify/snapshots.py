"""What a shop has: its stock, and its orders."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing, Node
from integrations.connectors.graphql.passes import moment
from integrations.connectors.shopify import documents, states
from integrations.connectors.shopify.ids import gid, number_of
from integrations.connectors.shopify.settings import location_of
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid

_LEVELS: Final = Listing(documents.LEVELS, ("location", "inventoryLevels"), per_page=200)
_ORDERS: Final = Listing(documents.ORDERS_SAID, ("orders",), per_page=100)
_LINES: Final = Listing(documents.ORDER_LINES, ("order", "lineItems"), per_page=90)
_ORDERS_AT_ONCE: Final = 15


class SnapshotReader:
    """Reads lists to their end. Safe from any thread."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation, self._connection = conversation, connection

    def levels(self) -> Iterator[LevelSaid]:
        """What is available of each item at the location."""
        asked = {"location": location_of(self._connection)}
        for node in lists.everything(self._conversation, _LEVELS, asked):
            sku = (node.get("item") or {}).get("sku")
            for quantity in (node.get("quantities") or []) if sku else []:
                yield LevelSaid("", str(sku), str(quantity["quantity"]))

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        stamp = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = {"query": f"created_at:>='{stamp}'"}
        for node in lists.everything(self._conversation, _ORDERS, asked):
            yield self._said(node)

    def _said(self, node: Node) -> OrderSaid:
        shipped = node.get("displayFulfillmentStatus") in states.SHIPPED
        is_shipped = shipped and not node.get("cancelledAt")
        status = "shipped" if is_shipped else states.status_of(node, self._connection)
        pieces = node.get("currentSubtotalLineItemsQuantity")
        money = (node.get("currentTotalPriceSet") or {}).get("shopMoney") or {}
        return OrderSaid(
            number=str(node.get("name") or "").removeprefix("#"),
            remote_id=number_of(node["id"]),
            status=status,  # type: ignore[arg-type]
            placed_at=moment(str(node["createdAt"])) if node.get("createdAt") else None,
            total=None if money.get("amount") is None else str(money["amount"]),
            pieces=None if pieces is None else str(pieces),
        )

    def order_lines(self, remote_ids: Sequence[str]) -> dict[str, list[LineSaid]]:
        found: dict[str, list[LineSaid]] = {}
        ids = [one for remote_id in remote_ids if (one := gid("Order", remote_id))]
        for start in range(0, len(ids), _ORDERS_AT_ONCE):
            asked = {"ids": ids[start : start + _ORDERS_AT_ONCE]}
            for node in self._conversation.ask(documents.LINES_SAID, asked).data.get("nodes") or []:
                if isinstance(node, dict):
                    found[number_of(node["id"])] = [_line(one) for one in self._lines(node)]
        return found

    def _lines(self, order: Node) -> list[dict[str, Any]]:
        rows, after = lists.read(order.get("lineItems"))
        if after is None:
            return rows
        rest = lists.everything(self._conversation, _LINES, {"id": order["id"]}, after=after)
        return [*rows, *rest]


def _line(node: Node) -> LineSaid:
    quantity = node.get("currentQuantity")
    return LineSaid(
        str(node.get("sku") or ""),
        str(0 if quantity is None else quantity),
        number_of(node.get("id")),
    )
