"""What keeps a schema from being a contract: above all, that no document could ever meet it."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs

from integrations.contracts.infer import DEEPEST
from integrations.contracts.kinds import NAMES, allows, kind_of, types_of

MOST_BYTES: Final = 1_000_000
MOST_FIELDS: Final = 5_000
_KNOWN: Final = frozenset(
    {"$schema", "title", "description", "type", "properties", "required", "items", "enum",
     "additionalProperties", "minLength", "maxLength", "pattern", "minimum", "maximum", "minItems",
     "maxItems", "format"}
)  # fmt: skip
_RANGES: Final = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))
# A repeat of something that repeats itself: (a+)+, (a|b*)*
_NESTED_REPEAT: Final = re.compile(r"\([^()]*[*+][^()]*\)[*+{]")


def problems_with(schema: Any) -> list[str]:
    """Sentences; empty when documents can be held against it.

    Only the keywords of `infer` and a few bounds are taken, so that “accepts nothing” can be decided:
    with them a schema is empty only where one place contradicts itself and has to be there.
    """
    if schema is False or not isinstance(schema, dict):
        return ["A contract is a JSON Schema in braces. This one accepts no document."]
    try:
        size = len(json.dumps(schema).encode())
    except (ValueError, TypeError, RecursionError):
        return ["The contract is not JSON, or too deep to be read."]
    if size > MOST_BYTES:
        return ["The contract is larger than 1 MB."]
    found = list(_flaws(schema, path="", depth=0, must=True))
    if found:
        return found[:20]
    if _count(schema) > MOST_FIELDS:
        return [f"The contract has more than {MOST_FIELDS:,} fields."]
    try:
        jsonschema_rs.validator_for(schema)
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        return [f"The contract is no JSON Schema: {str(error)[:200]}"]
    if not allows(schema, "object"):
        return ["The contract accepts no document: documents are groups of fields (type object)."]
    return []


def _flaws(schema: Any, *, path: str, depth: int, must: bool) -> Iterator[str]:
    place = path or "The contract"
    if depth > DEEPEST:
        yield f"{place} is nested deeper than {DEEPEST} levels."
        return
    if schema is True:
        return
    if not isinstance(schema, dict):
        if must:
            yield f"{place} can never be met: its schema is {json.dumps(schema)}."
        return
    unknown = [name for name in schema if name not in _KNOWN and not name.startswith("x-")]
    if unknown:
        why = " from elsewhere" if "$ref" in unknown else ""
        yield f"{place} uses {unknown[0]}{why}, which contracts do not know."
        return
    malformed = list(_form_flaws(schema, place))
    if malformed:
        yield from malformed
        return
    if must:
        yield from _contradictions(schema, place)
    yield from _inner(schema, path=path, depth=depth, must=must)


def _form_flaws(schema: dict[str, Any], place: str) -> Iterator[str]:
    types = schema.get("type", "object")
    named = [types] if isinstance(types, str) else types
    if not isinstance(named, list) or not all(name in NAMES for name in named):
        yield f"{place} has the type {json.dumps(types)}, which JSON does not have."
    for name, form in (("properties", dict), ("required", list), ("enum", list), ("pattern", str)):
        if name in schema and not isinstance(schema[name], form):
            yield f"{place}: {name} is no {'group' if form is dict else 'list' if form is list else 'text'}."
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and (len(pattern) > 500 or _NESTED_REPEAT.search(pattern)):
        yield f"{place} has a pattern that can take forever: a repeat within a repeat."


def _contradictions(schema: dict[str, Any], place: str) -> Iterator[str]:
    """Why no value at all meets this place, which has to be there."""
    if schema.get("type") == []:
        yield f"{place} accepts nothing: it has no type."
    choices = schema.get("enum")
    if isinstance(choices, list) and not any(allows(schema, kind_of(one)) for one in choices):
        yield f"{place} accepts nothing: none of its choices is of its type."
    for low, high in _RANGES:
        both = _number(schema.get(low)) and _number(schema.get(high))
        if both and schema[low] > schema[high] and _concerns_all(schema, low):
            yield f"{place} accepts nothing: {low} is larger than {high}."
    forbidden = [n for n in _required(schema) if schema.get("properties", {}).get(n) is False]
    closed = schema.get("additionalProperties") is False
    if closed:
        forbidden += [n for n in _required(schema) if n not in schema.get("properties", {})]
    if forbidden and types_of(schema) == ["object"]:
        yield f"{place} accepts nothing: {forbidden[0]} has to be there and may not."


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _concerns_all(schema: dict[str, Any], keyword: str) -> bool:
    """Whether the bound holds for every type the place allows."""
    kinds = {"minLength": {"string"}, "minimum": {"integer", "number"}, "minItems": {"array"}}
    return set(types_of(schema)) <= kinds[keyword]


def _required(schema: dict[str, Any]) -> list[str]:
    said = schema.get("required")
    return [name for name in said if isinstance(name, str)] if isinstance(said, list) else []


def _inner(schema: dict[str, Any], *, path: str, depth: int, must: bool) -> Iterator[str]:
    required = set(_required(schema))
    is_group = types_of(schema) == ["object"] or not path
    members = schema.get("properties")
    for name, inner in members.items() if isinstance(members, dict) else ():
        below = f"{path}.{name}" if path else name
        needed = must and is_group and name in required
        yield from _flaws(inner, path=below, depth=depth + 1, must=needed)
    if "items" in schema:
        needed = must and types_of(schema) == ["array"] and (schema.get("minItems") or 0) > 0
        yield from _flaws(schema["items"], path=f"{path}[]", depth=depth + 1, must=needed)


def _count(schema: Any) -> int:
    if not isinstance(schema, dict):
        return 0
    members = schema.get("properties", {})
    return len(members) + sum(map(_count, members.values())) + _count(schema.get("items"))
