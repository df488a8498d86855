"""What there is to map to: the fields of a JSON Schema as target paths."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from integrations.canonical.schema import resolve
from integrations.mapping.targets import MOST_LOOPS, Segment, Target, format_target

_COMMON: Final = "urn:crossdock:canonical:common:"
# A customer's own schema may refer to itself without end.
_DEEPEST: Final = 12
_MOST_FIELDS: Final = 2_000
_MOST_REFERENCES: Final = 20

Schema = Mapping[str, Any]


class TargetField(NamedTuple):
    """A place in the canonical body.

    `path` is written as in `Row.target`. `kind` is one of text, number, decimal, date, time, flag,
    object, list. `choices` are the values the schema lists, `help` is its description."""

    path: str
    kind: str
    required: bool
    choices: tuple[str, ...]
    help: str


class _Part(NamedTuple):
    """A part of a schema, and the document its references are in."""

    schema: Schema
    home: Schema

    def follow(self, inner: Any) -> "_Part":
        """What `inner`, which stands in this part, describes once its references are followed."""
        part, home = inner if isinstance(inner, Mapping) else {}, self.home
        for _ in range(_MOST_REFERENCES):
            if "$ref" not in part:
                return _Part(part, home)
            base, _, pointer = part["$ref"].partition("#")
            if base.startswith(_COMMON):
                home = resolve("common")[1]
            part = home
            for step in pointer.split("/")[1:]:
                part = part[step.replace("~1", "/").replace("~0", "~")]
        return _Part({}, home)


def target_fields(schema: Schema, *, given: Collection[str] = ()) -> list[TargetField]:
    """Every field of a canonical JSON Schema, or of a customer's extension, in its order.

    A field below an optional object or list is required only if `given`, the targets there are
    rows for, has one at or below that object. KeyError for a reference that leads nowhere.
    """
    found: list[TargetField] = []
    _collect(_Part(schema, schema), (), found, given=given, certain=True)
    return found


def _collect(
    part: _Part,
    path: Target,
    found: list[TargetField],
    *,
    given: Collection[str],
    certain: bool,
) -> None:
    """`certain` tells that the object `part` describes will stand in the body."""
    if len(path) >= _DEEPEST:
        return
    for name, written in part.schema.get("properties", {}).items():
        inner = part.follow(written)
        loop = _type(inner.schema) == "array" and _loops(path) < MOST_LOOPS
        target = (*path, Segment(name, loop))
        field = _field(target, written, inner, certain and name in part.schema.get("required", ()))
        if "`" in name or len(found) >= _MOST_FIELDS:
            continue
        found.append(field)
        _collect(
            inner.follow(inner.schema.get("items")) if loop else inner,
            target,
            found,
            given=given,
            certain=field.required or (certain and _is_given(field.path, given)),
        )


def _field(target: Target, written: Any, part: _Part, required: bool) -> TargetField:
    own = written.get("description") if isinstance(written, Mapping) else None
    words = str(own or part.schema.get("description") or "")
    choices = tuple(map(str, part.schema.get("enum", ())))
    return TargetField(format_target(target), _kind(part), required, choices, words)


def _loops(path: Target) -> int:
    return sum(segment.loop for segment in path)


def _is_given(path: str, given: Collection[str]) -> bool:
    return any(target == path or target.startswith(f"{path}.") for target in given)


def _type(schema: Schema) -> str:
    types = schema.get("type", "")
    if isinstance(types, str):
        return types
    return next((str(name) for name in types if name != "null"), "")


_KIND_OF_TYPE: Final = {
    "array": "list",
    "object": "object",
    "integer": "number",
    "number": "number",
    "boolean": "flag",
}


def _kind(part: _Part) -> str:
    plain = _KIND_OF_TYPE.get(_type(part.schema))
    if plain:
        return plain
    choices = [part.follow(choice).schema for choice in part.schema.get("anyOf", ())]
    formats = {choice.get("format") for choice in (part.schema, *choices)}
    if "date" in formats or "date-time" in formats:
        return "date" if "date" in formats else "time"
    return _pattern_kind(part.schema.get("pattern", ""))


@cache
def _pattern_kind(pattern: str) -> str:
    """What a text of this pattern is: it is tried on a letter, a decimal and a digit."""
    try:
        form = re.compile(pattern)
    except re.error:
        return "text"
    if not pattern or form.search("x"):
        return "text"
    if form.search("1.5"):
        return "decimal"
    return "number" if form.search("1") else "text"
