"""JSON that speaks the canonical shapes, one to one. Pure."""

from datetime import datetime
from typing import Any

from integrations.canonical.problem import Problem, shorten
from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.connectors.base import Connection, Native, Split
from integrations.mapping import Row
from integrations.mapping.decode import DecodeError, loads


def _identity(object_type: str) -> list[Row]:
    return [Row(name, f"`{name}`") for name in schema_of(object_type)["properties"]]


MAPPINGS = {
    (object_type, direction): _identity(object_type)
    for object_type in OBJECT_TYPES
    for direction in ("in", "out")
}
STREAMS: dict[str, str] = {}


def split(body: bytes, connection: Connection, *, received: datetime) -> Split | None:
    """None: a body is always one document."""
    return None


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document."""
    try:
        document = loads(body)
    except DecodeError as error:
        return Native(object_type, [], [error.problem])
    if isinstance(document, dict):
        return Native(object_type, [document], [])
    problem = Problem("wrong_type", "", shorten(document), "The document must be one JSON object.")
    return Native(object_type, [], [problem])


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The sender's own id of a native document, where it gives one."""
    found = document.get("id")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None
