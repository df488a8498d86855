"""ShipHero's documents made ready for mapping. Pure."""

from datetime import UTC, datetime
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.shiphero import mappings

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("order", "out"): mappings.ORDER_OUT,
}
STREAMS: Streams = {"shipments": "shipment", "stock": "inventory"}
# ShipHero's names of quantities, and the canonical ones.
_QUANTITIES: Final = {
    "on_hand": "on_hand",
    "allocated": "committed",
    "available": "available",
    "reserve_inventory": "reserved",
    "non_sellable_quantity": "quality_hold",
}

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. No document: stock without a SKU."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    problems: list[Problem] = []
    prepare = _shipment if object_type == "shipment" else _stock
    is_news = prepare(document, problems)
    return Native(object_type, [document] if is_news and not problems else [], problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """ShipHero's own id of a native document."""
    found = document.get("id")
    return None if found is None else str(found)


def _shipment(document: dict[str, Any], problems: list[Problem]) -> bool:
    holder = document.get("line_items")
    edges = holder.get("edges") if isinstance(holder, dict) else None
    if not isinstance(edges, list) or not all(isinstance(edge, dict) for edge in edges):
        text = "line_items must be a list of objects."
        problems.append(Problem("wrong_type", "line_items", shorten(edges), text))
        return False
    nodes = [node for edge in edges if isinstance(node := edge.get("node"), dict)]
    order = document.get("order") if isinstance(document.get("order"), dict) else {}
    labels = [one for one in document.get("shipping_labels") or [] if isinstance(one, dict)]
    label: dict[str, Any] = labels[0] if labels else {}
    number = document.get("legacy_id") or document.get("id")
    document["derived"] = {
        "number": None if number is None else str(number),
        "site": _place(document),
        "order_number": order.get("order_number"),  # type: ignore[union-attr]
        "status": "complete" if order.get("fulfillment_status") == "fulfilled" else "partial",  # type: ignore[union-attr]
        "shipped_at": _utc(document, "created_date", problems),
        "tracking": [str(one["tracking_number"]) for one in labels if one.get("tracking_number")],
        "carrier": label.get("carrier") or None,
        "service": label.get("shipping_method") or None,
        "lines": [_line(node) for node in nodes if node.get("quantity")],
    }
    return True


def _line(node: dict[str, Any]) -> dict[str, Any]:
    item = node.get("line_item")
    held: dict[str, Any] = item if isinstance(item, dict) else {}
    return {
        "sku": held.get("sku"),
        "line_no": held.get("partner_line_item_id"),
        "shipped": str(node.get("quantity")),
    }


def _stock(document: dict[str, Any], problems: list[Problem]) -> bool:
    quantities = {
        ours: str(document[theirs])
        for theirs, ours in _QUANTITIES.items()
        if document.get(theirs) is not None
    }
    document["derived"] = {
        "site": _place(document),
        "as_of": _utc(document, "updated_at", problems),
        **quantities,
    }
    return bool(document.get("sku"))


def _place(document: dict[str, Any]) -> str | None:
    warehouse = document.get("warehouse")
    return warehouse.get("identifier") if isinstance(warehouse, dict) else None


def _utc(document: dict[str, Any], name: str, problems: list[Problem]) -> str | None:
    """ShipHero's times are UTC, with and without saying so."""
    said = document.get(name)
    if not said:
        return None
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        text = f"{name} is “{shorten(said)}”; a time is needed."
        problems.append(Problem("wrong_format", name, shorten(said), text))
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
