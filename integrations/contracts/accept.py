"""A contract's next version, which takes a document's drift in."""

import copy
from collections.abc import Iterable
from typing import Any

from integrations.contracts.contract import Contract
from integrations.contracts.infer import DEEPEST, infer
from integrations.contracts.kinds import allows, joined, kind_of, types_of


def accept(schema: dict[str, Any], documents: Iterable[Any]) -> dict[str, Any]:
    """`schema` widened as little as needed for `documents` to be as agreed. The given one stays."""
    wider = copy.deepcopy(schema)
    for document in documents:
        if Contract(wider).drifts(document):
            _widen(wider, document, depth=0)
    return wider


def _widen(schema: dict[str, Any], value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        return
    kind = kind_of(value)
    if not allows(schema, kind):
        types = joined([*types_of(schema), kind])
        schema["type"] = types[0] if len(types) == 1 else types
    if "enum" in schema and value not in schema["enum"]:
        schema["enum"] = [*schema["enum"], value]
    if isinstance(value, dict):
        _widen_members(schema, value, depth=depth)
    elif isinstance(value, list) and value:
        for entry in value:
            if "items" in schema:
                _widen(schema["items"], entry, depth=depth + 1)
        schema.setdefault("items", infer(value))


def _widen_members(schema: dict[str, Any], group: dict[str, Any], *, depth: int) -> None:
    if "required" in schema:
        schema["required"] = [name for name in schema["required"] if name in group]
    if "properties" not in schema and "type" in schema and schema["type"] == "object":
        return  # a group that was agreed to hold anything
    known = schema.setdefault("properties", {})
    for name, value in group.items():
        if name in known:
            _widen(known[name], value, depth=depth + 1)
        else:
            known[name] = infer([value])
