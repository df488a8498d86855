"""Reading what changed at a shop, page by page.

A page of Vendure's begins behind so many rows, which slips when rows before it change. So the next page is
asked for by the change of the last row instead, and by count only inside one second.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing, by_count
from integrations.connectors.graphql.passes import moment
from integrations.connectors.inbound import Page, Received
from integrations.connectors.vendure import documents
from integrations.connectors.vendure.mapper import STREAMS
from portal.core.errors import Permanent

_EVER: Final = datetime(1970, 1, 2, tzinfo=UTC)
_TICK: Final = timedelta(milliseconds=1)


def _changed_since(at: datetime | None) -> Mapping[str, Any]:
    """Vendure's `after` excludes its own moment."""
    begins = (at or _EVER).astimezone(UTC) - _TICK
    return {"since": begins.strftime("%Y-%m-%dT%H:%M:%S.") + f"{begins.microsecond // 1000:03}Z"}


def _listing(document: str, root: str) -> Listing:
    return Listing(document, (root,), _changed_since, steady=False, paged=by_count)


LISTINGS: Final[dict[str, Listing]] = {
    "orders": _listing(documents.ORDERS, "orders"),
    "products": _listing(documents.VARIANTS, "productVariants"),
    "customers": _listing(documents.CUSTOMERS, "customers"),
}


class Poll:
    """The streams of one shop. Safe from any thread."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation, self._connection = conversation, connection

    def page(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream there is none of."""
        nodes, behind, more = lists.poll(
            self._conversation,
            LISTINGS[stream],
            cursor,
            overlap=float(self._connection.settings["overlap_seconds"]),
            first=self._first(now) if stream == "orders" else None,
        )
        topic = f"{stream}.polled"
        return Page([lists.received(STREAMS[stream], topic, node) for node in nodes], behind, more)

    def order(self, remote_id: str) -> Received | None:
        """One order as a poll brings it; None where the shop has none."""
        node = self._conversation.ask(documents.ORDER, {"id": remote_id}).data.get("order")
        return lists.received("order", "orders.polled", node) if isinstance(node, dict) else None

    def _first(self, now: datetime) -> datetime:
        entered = str(self._connection.settings["orders_since"] or "")
        if not entered:
            return now - timedelta(days=1)
        try:
            return moment(entered)
        except ValueError:
            text = f"“First poll starts at” is “{entered[:40]}”, not a time"
            raise Permanent(text, code="bad_setting") from None
