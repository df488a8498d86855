"""A schema as a table of fields, one line each, for people; and back, keeping what lines do not say."""

import copy
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from integrations.contracts.kinds import joined, types_of

KINDS: Final = {
    "string": "text",
    "date": "date",
    "date-time": "date and time",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "object": "group",
    "array": "list",
    "mixed": "several types",
    "any": "anything",
}
_FORMATS: Final = ("date", "date-time")
_PART: Final = re.compile(r"[^.\[\]`]+")


class Line(NamedTuple):
    """One field. `path` is general (`lines[].sku`); `kind` is a key of KINDS."""

    path: str
    kind: str
    empty: bool
    required: bool
    choices: tuple[str, ...]
    note: str


class PathError(ValueError):
    """A path no field can have; the text says what is wrong with it."""


def lines_of(schema: dict[str, Any]) -> list[Line]:
    """Every named field of `schema`, parents before what is in them."""
    return list(_members(schema, ""))


def with_lines(
    schema: dict[str, Any], lines: Sequence[Line], *, closed: bool = False
) -> dict[str, Any]:
    """`schema` with the fields of `lines`. A line that says what stands there leaves it as it is; one
    that says something else changes only that. With a group goes what is in it. `closed` closes
    every group.

    PathError for a path that is none, stands twice, or lies in something that is no group or list.
    """
    seen = {line.path for line in lines}
    if len(seen) < len(lines):
        paths = [line.path for line in lines]
        twice = next(path for path in paths if paths.count(path) > 1)
        raise PathError(f"{twice} stands twice.")
    new = copy.deepcopy(schema)
    before = {line.path: line for line in lines_of(schema)}
    for path in before.keys() - seen:
        _take_out(new, path)
    for line in lines:
        if before.get(line.path) != line:
            _put(new, line, before.get(line.path))
    if closed:
        _close(new)
    return new


def _members(schema: Any, path: str) -> Iterator[Line]:
    if not isinstance(schema, dict):
        return
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        place = f"{path}.{_quoted(name)}" if path else _quoted(name)
        yield _line(place, inner, required=name in required)
        yield from _members(inner, place)
        yield from _entries(inner, place)


def _entries(schema: Any, path: str) -> Iterator[Line]:
    """What is in the entries of a list, however deep lists lie in lists."""
    if isinstance(schema, dict) and isinstance(schema.get("items"), dict):
        yield from _members(schema["items"], f"{path}[]")
        yield from _entries(schema["items"], f"{path}[]")


def _quoted(name: str) -> str:
    return name if _PART.fullmatch(name) else f"`{name}`"


def _line(path: str, schema: Any, *, required: bool) -> Line:
    said = schema if isinstance(schema, dict) else {}
    types = [name for name in types_of(said) if name != "null"] if "type" in said else []
    kind = types[0] if len(types) == 1 else "mixed" if types else "any"
    if kind == "string" and said.get("format") in _FORMATS:
        kind = said["format"]
    choices = tuple(str(one) for one in said.get("enum", ()) if one is not None)
    empty = "type" in said and "null" in types_of(said)
    return Line(path, kind, empty, required, choices, said.get("description", ""))


def _parts(path: str) -> list[str]:
    """`lines[].sku` as lines, [], sku."""
    found = re.findall(r"`[^`]+`|\[\]|[^.\[\]`]+", path)
    again = "".join(f".{part}" if part != "[]" else part for part in found).lstrip(".")
    if not found or again != path or found[0] == "[]":
        raise PathError(f"{path or 'An empty text'} is no field. Write it like ship_to.city.")
    return [part.strip("`") for part in found]


def _parent(schema: dict[str, Any], path: str, *, make: bool) -> tuple[dict[str, Any], str] | None:
    """The group that holds the field, and its name there."""
    *above, name = _parts(path)
    if name == "[]":
        raise PathError(f"{path} is no field. Name a field of the entries.")
    here = schema
    for at, part in enumerate(above):
        below = here.get("items") if part == "[]" else here.get("properties", {}).get(part)
        if below is None and not make:
            return None
        if below is None:
            wanted = "array" if above[at + 1 : at + 2] == ["[]"] else "object"
            below = {"type": wanted}
            if part == "[]":
                here["items"] = below = {"type": "object"}
            else:
                here.setdefault("properties", {})[part] = below
        if not isinstance(below, dict):
            raise PathError(f"{path} lies in something that is no group.")
        here = below
    if make and "type" in here and "object" not in types_of(here):
        raise PathError(f"{path} lies in something that is no group.")
    return here, name


def _take_out(schema: dict[str, Any], path: str) -> None:
    found = _parent(schema, path, make=False)
    if found is None:
        return
    group, name = found
    group.get("properties", {}).pop(name, None)
    if name in group.get("required", ()):
        group["required"] = [other for other in group["required"] if other != name]


def _put(schema: dict[str, Any], line: Line, before: Line | None) -> None:
    found = _parent(schema, line.path, make=True)
    assert found is not None
    group, name = found
    field = group.setdefault("properties", {}).setdefault(name, {})
    if not isinstance(field, dict):
        field = group["properties"][name] = {}
    _say_type(field, line, before)
    _say_choices(field, line)
    if line.note:
        field["description"] = line.note
    else:
        field.pop("description", None)
    others = [other for other in group.get("required", ()) if other != name]
    if line.required:
        kept = group.get("required", [])
        group["required"] = kept if name in kept else [*kept, name]
    elif "required" in group:
        group["required"] = others


def _say_type(field: dict[str, Any], line: Line, before: Line | None) -> None:
    if before and (before.kind, before.empty) == (line.kind, line.empty):
        return
    if line.kind == "any":
        field.pop("type", None)
        return
    known = [name for name in types_of(field) if name != "null"] if "type" in field else []
    types = known if line.kind == "mixed" else [_json_type(line.kind)]
    if line.kind in _FORMATS:
        field["format"] = line.kind
    elif field.get("format") in _FORMATS:
        del field["format"]
    said = joined([*types, *(["null"] if line.empty else [])])
    if said:
        field["type"] = said[0] if len(said) == 1 else said


def _json_type(kind: str) -> str:
    return "string" if kind in _FORMATS else kind


def _say_choices(field: dict[str, Any], line: Line) -> None:
    known = {str(one): one for one in field.get("enum", ()) if one is not None}
    if not line.choices:
        field.pop("enum", None)
        return
    chosen = [known.get(text, _read(text, line.kind)) for text in line.choices]
    field["enum"] = [*chosen, None] if line.empty else chosen


def _read(text: str, kind: str) -> Any:
    """A choice as a value of the field's type; the text itself where it is none of it."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if kind not in ("integer", "number"):
        return text
    try:
        return int(text) if kind == "integer" else float(text)
    except ValueError:
        return text


def _close(schema: Any) -> None:
    if not isinstance(schema, dict):
        return
    if "properties" in schema or schema.get("type") == "object":
        schema.setdefault("properties", {})
        schema["additionalProperties"] = False
    for inner in schema.get("properties", {}).values():
        _close(inner)
    _close(schema.get("items"))
