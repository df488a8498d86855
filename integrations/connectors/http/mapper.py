"""JSON that speaks the canonical shapes, one to one. Pure."""

from typing import Any

from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.connectors import json_object
from integrations.connectors.connector import Mappings, Streams
from integrations.mapping import Row


def _identity(object_type: str) -> list[Row]:
    return [Row(name, f"`{name}`") for name in schema_of(object_type)["properties"]]


MAPPINGS: Mappings = {
    (object_type, direction): _identity(object_type)
    for object_type in OBJECT_TYPES
    for direction in ("in", "out")
}
STREAMS: Streams = {}

split, read = json_object.split, json_object.read


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The sender's own id of a native document, where it gives one."""
    found = document.get("id")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None
