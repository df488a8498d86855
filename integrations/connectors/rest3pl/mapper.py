"""Documents of the published shape made ready for mapping. Pure."""

from datetime import UTC, datetime
from typing import Any

from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.rest3pl import mappings

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("receipt", "in"): mappings.RECEIPT_IN,
    ("adjustment", "in"): mappings.ADJUSTMENT_IN,
    ("return", "in"): mappings.RETURN_IN,
    ("order", "out"): mappings.ORDER_OUT,
    ("inbound_shipment", "out"): mappings.INBOUND_SHIPMENT_OUT,
    ("product", "out"): mappings.PRODUCT_OUT,
}
STREAMS: Streams = {
    "shipments": "shipment",
    "receipts": "receipt",
    "adjustments": "adjustment",
    "returns": "return",
    "stock": "inventory",
}
_MOMENTS = ("updated_at", "shipped_at", "estimated_delivery", "received_at", "as_of")

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document; nulls are left out, times become UTC, and a site that is not named is the
    endpoint's."""
    native = json_object.read(object_type, topic, body, connection)
    for document in native.documents:
        _settle(document)
        if not document.get("site") and connection.settings.get("site"):
            document["site"] = str(connection.settings["site"]).strip()
    return native


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The warehouse's own id of a document, else its number."""
    found = document.get("id") or document.get("number")
    return None if found is None else str(found)


def _settle(document: dict[str, Any]) -> None:
    for name, value in list(document.items()):
        if value is None:
            del document[name]
        elif name in _MOMENTS and isinstance(value, str):
            document[name] = _in_utc(value)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                _settle(part)


def _in_utc(text: str) -> str:
    """A time with an offset in UTC. A day stays a day; what is no time stays for the schema to refuse."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is None:
        return text
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
