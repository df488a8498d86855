"""JSON as the system gives it, one to one until somebody maps it. Pure."""

from typing import Any

from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.described import description, places
from integrations.mapping import Row


def _identity(object_type: str) -> list[Row]:
    return [Row(name, f"`{name}`") for name in schema_of(object_type)["properties"]]


MAPPINGS: Mappings = {
    (object_type, direction): _identity(object_type)
    for object_type in OBJECT_TYPES
    for direction in ("in", "out")
}
STREAMS: Streams = {}  # those of an endpoint are in its description

split, read = json_object.split, json_object.read


def streams_of(connection: Connection) -> Streams:
    """The streams that the description names; none where it cannot be read."""
    try:
        system = description.parse(str(connection.settings.get("description") or ""))
    except description.DescriptionError:
        return {}
    return {name: stream.object_type for name, stream in system.streams.items()}


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The system's own id of a native document, where it is called so."""
    return places.word(document.get("id")) or None
