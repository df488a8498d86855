"""Reading ShipHero's shipments and stock, page by page."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing, Node
from integrations.connectors.graphql.passes import moment
from integrations.connectors.inbound import Page
from integrations.connectors.shiphero import documents, mapper
from portal.core.errors import Permanent


def _since(at: datetime | None) -> Mapping[str, Any]:
    return {"from": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if at else None}


_LISTINGS: Final[dict[str, Listing]] = {
    "shipments": Listing(
        documents.SHIPMENTS, ("shipments", "data"), _since, changed="created_date", per_page=10
    ),
    "stock": Listing(
        documents.STOCK, ("warehouse_products", "data"), _since, changed="updated_at", per_page=100
    ),
}
_LINES: Final = Listing(documents.SHIPMENT_LINES, ("shipment", "data", "line_items"), per_page=100)


def page(
    conversation: Conversation,
    connection: Connection,
    stream: str,
    cursor: Mapping[str, Any],
    *,
    now: datetime,
) -> Page:
    """One page of `stream`. KeyError for a stream there is none of."""
    listing, settings = _LISTINGS[stream], connection.settings
    more = {"customer": settings["customer_account_id"] or None}
    if stream == "stock":
        more["warehouse"] = settings["warehouse_id"] or None
    nodes, behind, follows = lists.poll(
        conversation,
        listing,
        cursor,
        overlap=float(settings["overlap_seconds"]),
        first=_first(connection, now) if stream == "shipments" else None,
        more=more,
    )
    if stream == "shipments":
        nodes = [_completed(conversation, node) for node in nodes]
    kind = mapper.STREAMS[stream]
    changed = listing.changed
    found = [lists.received(kind, f"{stream}.polled", node, changed=changed) for node in nodes]
    return Page(found, behind, follows)


def _completed(conversation: Conversation, node: Node) -> Node:
    """A shipment with all its lines."""
    rows, after = lists.read(node.get("line_items"))
    if after is not None:
        rest = lists.everything(conversation, _LINES, {"id": node["id"]}, after=after)
        rows = [*rows, *rest]
    return node | {"line_items": {"edges": [{"node": row} for row in rows]}}


def _first(connection: Connection, now: datetime) -> datetime:
    entered = str(connection.settings["shipments_since"] or "")
    if not entered:
        return now - timedelta(days=1)
    try:
        return moment(entered)
    except ValueError:
        text = f"“First poll starts at” is “{entered[:40]}”, not a time"
        raise Permanent(text, code="bad_setting") from None
