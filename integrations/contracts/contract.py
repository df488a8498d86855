"""A contract ready to hold documents against."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import jsonschema_rs

from integrations.canonical.problem import shorten
from integrations.contracts.infer import DEEPEST
from integrations.contracts.kinds import allows, kind_of, types_of

Kind = Literal[
    "new_field", "type_change", "new_value", "missing_field", "renamed_field", "moved_field"
]
MOST_DRIFTS: Final = 50


class Drift(NamedTuple):
    """One way in which a document is not as agreed. `path` is general: `lines[].sku`.

    Renamed and moved are only columns of files: elsewhere a field of another name is another field.
    """

    kind: Kind
    path: str
    expected: str
    found: str
    text: str


class Contract:
    """A compiled contract. ValueError for a schema that does not compile: see `problems_with`."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self._is_as_agreed = _compiled(json.dumps(schema, sort_keys=True))

    def drifts(self, document: Any) -> list[Drift]:
        """How `document` differs, one of each kind and place, at most fifty. Empty: it does not.

        A field the contract does not name is drift, too: systems add them long before they are needed.
        """
        if self._is_as_agreed.is_valid(document):
            return []
        found: dict[tuple[str, str], Drift] = {}
        for drift in _walk(self._schema, document, path="", depth=0):
            found.setdefault((drift.kind, drift.path), drift)
            if len(found) >= MOST_DRIFTS:
                break
        return list(found.values())


@lru_cache(maxsize=512)
def _compiled(text: str) -> Any:
    return jsonschema_rs.validator_for(_closed(json.loads(text), depth=0))


def _closed(schema: Any, *, depth: int) -> Any:
    """The same schema with every object closed, so that the quick check finds new fields."""
    if not isinstance(schema, dict) or depth > DEEPEST:
        return schema
    closed = dict(schema)
    if "properties" in schema:
        inner = schema["properties"].items()
        closed["properties"] = {name: _closed(s, depth=depth + 1) for name, s in inner}
        closed.setdefault("additionalProperties", False)
    if "items" in schema:
        closed["items"] = _closed(schema["items"], depth=depth + 1)
    return closed


def _walk(schema: Any, value: Any, *, path: str, depth: int) -> Iterator[Drift]:
    if not isinstance(schema, dict) or depth > DEEPEST:
        return
    kind = kind_of(value)
    if not allows(schema, kind):
        yield _type_change(schema, value, kind, path)
        return
    if "enum" in schema and value not in schema["enum"]:
        yield _new_value(schema, value, path)
    if isinstance(value, dict):
        yield from _members(schema, value, path=path, depth=depth)
    elif isinstance(value, list):
        for entry in value:
            yield from _walk(schema.get("items"), entry, path=f"{path}[]", depth=depth + 1)


def _members(
    schema: dict[str, Any], group: dict[str, Any], *, path: str, depth: int
) -> Iterator[Drift]:
    known = schema.get("properties")
    for name in schema.get("required", ()):
        if name not in group:
            place = _below(path, name)
            text = f"{place} has always been there and is missing"
            yield Drift("missing_field", place, "there", "missing", text)
    for name, value in group.items():
        place = _below(path, name)
        if known is None or name in known:
            inner = known[name] if known else None
            yield from _walk(inner, value, path=place, depth=depth + 1)
        elif schema.get("additionalProperties", False) is False:
            shown = shorten(value)
            text = f"{place} is new"
            yield Drift("new_field", place, "not there", shown, text)


def _type_change(schema: dict[str, Any], value: Any, kind: str, path: str) -> Drift:
    expected = " or ".join(_WORDS[name] for name in types_of(schema))
    text = f"{path or 'The document'} is {_WORDS[kind]}, agreed is {expected}"
    return Drift("type_change", path, expected, f"{_WORDS[kind]} {shorten(value)}", text)


def _new_value(schema: dict[str, Any], value: Any, path: str) -> Drift:
    expected = ", ".join(str(choice) for choice in schema["enum"][:12])
    text = f"{path} says {shorten(value)}, agreed are {expected}"
    return Drift("new_value", path, expected, shorten(value), text)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_WORDS: Final = {
    "null": "nothing",
    "boolean": "yes or no",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "a group",
}
