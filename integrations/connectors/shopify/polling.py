"""Reading what changed at a shop, page by page.

A cursor of Shopify's points at a row, but leads through 25 000 rows at most. So pages are asked for by the
change of the last row instead, and by cursor only inside one second; stock, which is in the order of its ids,
by cursor alone.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing, Node
from integrations.connectors.graphql.passes import moment
from integrations.connectors.inbound import Page, Received
from integrations.connectors.shopify import documents
from integrations.connectors.shopify.settings import location_of
from portal.core.errors import Permanent

# Together with what is asked for inside each row they stay below 1000 points.
LINES: Final = 14
VARIANTS: Final = 25
_MORE_LINES: Final = 90
_MORE_VARIANTS: Final = 200


def _changed_since(at: datetime | None) -> Mapping[str, Any]:
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
    return {"query": f"updated_at:>='{stamp}'" if stamp else None}


LISTINGS: Final[dict[str, Listing]] = {
    "orders": Listing(documents.ORDERS, ("orders",), _changed_since, per_page=5, steady=False),
    "products": Listing(
        documents.PRODUCTS, ("products",), _changed_since, per_page=8, steady=False
    ),
    "customers": Listing(documents.CUSTOMERS, ("customers",), _changed_since, steady=False),
    "refunds": Listing(documents.REFUNDED, ("orders",), _changed_since, per_page=40, steady=False),
    "stock": Listing(documents.STOCK, ("location", "inventoryLevels"), _changed_since, per_page=80),
}
_ORDER_LINES: Final = Listing(documents.ORDER_LINES, ("order", "lineItems"), per_page=_MORE_LINES)
_VARIANTS: Final = Listing(
    documents.PRODUCT_VARIANTS, ("product", "variants"), per_page=_MORE_VARIANTS
)
_REFUND_LINES: Final = Listing(documents.REFUND_LINES, ("refund", "refundLineItems"), per_page=250)


class Poll:
    """The streams of one shop. Safe from any thread."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation, self._connection = conversation, connection
        self._make: dict[str, Callable[[Node], list[Received]]] = {
            "orders": self._order,
            "products": self._product,
            "customers": lambda node: [lists.received("customer", "customers.polled", node)],
            "refunds": self._refunds,
            "stock": lambda node: [lists.received("inventory", "stock.polled", node)],
        }

    def page(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream there is none of."""
        listing = LISTINGS[stream]
        nodes, behind, more = lists.poll(
            self._conversation,
            listing,
            cursor,
            overlap=float(self._connection.settings["overlap_seconds"]),
            first=self._first(stream, now),
            more=self._variables(stream),
        )
        make = self._make[stream]
        return Page([made for node in nodes for made in make(node)], behind, more)

    def order(self, remote_id: str) -> Received | None:
        """One order as a poll brings it; None where the shop has none."""
        asked = {"id": remote_id, "lines": LINES}
        node = self._conversation.ask(documents.ORDER, asked).data.get("order")
        return self._order(node)[0] if isinstance(node, dict) else None

    def _first(self, stream: str, now: datetime) -> datetime | None:
        if stream not in {"orders", "refunds"}:
            return None
        entered = str(self._connection.settings["orders_since"] or "")
        if not entered:
            return now - timedelta(days=1)
        try:
            return moment(entered)
        except ValueError:
            text = f"“First poll starts at” is “{entered[:40]}”, not a time"
            raise Permanent(text, code="bad_setting") from None

    def _variables(self, stream: str) -> Mapping[str, Any]:
        found: dict[str, Mapping[str, Any]] = {
            "orders": {"lines": LINES},
            "products": {"variants": VARIANTS},
            "stock": {"location": location_of(self._connection)},
        }
        return found.get(stream, {})

    def _order(self, node: Node) -> list[Received]:
        self._complete(node, "lineItems", _ORDER_LINES)
        return [lists.received("order", "orders.polled", node)]

    def _product(self, node: Node) -> list[Received]:
        self._complete(node, "variants", _VARIANTS)
        return [lists.received("product", "products.polled", node)]

    def _refunds(self, order: Node) -> list[Received]:
        """The refunds of an order, each asked for by itself: their lines would cost too much in a list."""
        found = []
        for entry in order.get("refunds") or []:
            data = self._conversation.ask(documents.REFUND, {"id": entry.get("id")}).data
            if isinstance(refund := data.get("refund"), dict):
                self._complete(refund, "refundLineItems", _REFUND_LINES)
                found.append(lists.received("return", "refunds.polled", refund))
        return found

    def _complete(self, node: Node, name: str, listing: Listing) -> None:
        """Read what did not fit into the row's own page of an inner list, and join it."""
        rows, after = lists.read(node.get(name))
        if after is not None:
            rest = lists.everything(self._conversation, listing, {"id": node["id"]}, after=after)
            rows = [*rows, *rest]
        node[name] = {"nodes": rows}
