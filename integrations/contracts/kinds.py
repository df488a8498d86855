"""The JSON types of values, as schemas name them."""

from collections.abc import Iterable
from typing import Any, Final

NAMES: Final = ("null", "boolean", "integer", "number", "string", "array", "object")


def kind_of(value: Any) -> str:
    """The narrowest JSON Schema type of a decoded JSON value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def joined(kinds: Iterable[str]) -> list[str]:
    """Types without those another one covers, in a fixed order."""
    found = set(kinds)
    if "number" in found:
        found.discard("integer")
    return [name for name in NAMES if name in found]


def types_of(schema: dict[str, Any]) -> list[str]:
    """The types a schema allows; all where it says nothing."""
    said = schema.get("type", list(NAMES))
    return [said] if isinstance(said, str) else list(said)


def allows(schema: dict[str, Any], kind: str) -> bool:
    types = types_of(schema)
    return kind in types or (kind == "integer" and "number" in types)
