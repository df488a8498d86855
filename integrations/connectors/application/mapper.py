"""Canonical orders as they are, always under the application's own channel. Pure."""

from typing import Any

from integrations.canonical.schema import schema_of
from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.mapping import Row

_FIELDS = schema_of("order")["properties"]
# Items by the table that every system's items go through, so that one nobody knows is a case.
_SPECIAL = {
    "line_no": "line_no ? line_no : $string($index + 1)",
    "sku": 'sku ? $lookup("sku", sku)',
}
MAPPINGS: Mappings = {
    ("order", "in"): [
        *(Row(name, f"`{name}`") for name in _FIELDS if name != "lines"),
        Row("lines[]", "lines"),
        *(
            Row(f"lines[].{name}", _SPECIAL.get(name, f"`{name}`"))
            for name in _FIELDS["lines"]["items"]["properties"]
        ),
    ]
}
STREAMS: Streams = {}

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """The order with the endpoint's name as its channel: a channel is a part of an order's key, and no
    application may write an order of another system."""
    native = json_object.read(object_type, topic, body, connection)
    named = [{**document, "channel": connection.slug} for document in native.documents]
    return native._replace(documents=named)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The order's number: an application knows its orders by nothing else."""
    found = document.get("number")
    return found if isinstance(found, str) else None
