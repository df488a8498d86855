"""JSON as indented lines with canonical paths. Numbers, order and repeated keys stay as they came."""

import json
from collections.abc import Iterator
from typing import Any

from integrations.queries.pane_lines import Line, plain_part, visible


class _Number(str):
    """A number as it is written: a pane must not round."""


class _Pairs(list[tuple[str, Any]]):
    """An object's members in order, repeated keys too."""


def json_lines(text: str) -> list[Line] | None:
    """The lines of a JSON text; None when it is none, or is nested too deep to be shown as such."""
    try:
        tree = json.loads(
            text,
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_Number,
            object_pairs_hook=_Pairs,
        )
        return list(_value(tree, path="", key="", indent="", comma=""))
    except (ValueError, RecursionError):
        return None


def indented(text: str) -> str:
    """The same JSON, a line for each value; any other text as it is."""
    found = json_lines(text)
    if found is None:
        return text
    return "\n".join("".join(part["text"] for part in line.parts) for line in found)


def _value(value: Any, *, path: str, key: str, indent: str, comma: str) -> Iterator[Line]:
    head = [plain_part(indent + key, kind="key")] if key else [plain_part(indent)]
    if isinstance(value, list) and value:
        is_object = isinstance(value, _Pairs)
        inner = _members(value, path, indent) if is_object else _items(value, path, indent)
        yield Line(path, [*head, plain_part("{" if is_object else "[")])
        yield from inner
        yield Line("", [plain_part(indent + ("}" if is_object else "]") + comma)])
    else:
        yield Line(path, [*head, plain_part(_scalar(value), path=path), plain_part(comma)])


def _members(pairs: list[tuple[str, Any]], path: str, indent: str) -> Iterator[Line]:
    for number, (name, value) in enumerate(pairs, 1):
        yield from _value(
            value,
            path=visible(f"{path}.{name}" if path else name),
            key=_quoted(name) + ": ",
            indent=indent + "  ",
            comma="," if number < len(pairs) else "",
        )


def _items(items: list[Any], path: str, indent: str) -> Iterator[Line]:
    for index, value in enumerate(items):
        yield from _value(
            value,
            path=f"{path}[{index}]",
            key="",
            indent=indent + "  ",
            comma="," if index < len(items) - 1 else "",
        )


def _scalar(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "{}" if isinstance(value, _Pairs) else "[]"
    return json.dumps(value)


def _quoted(text: str) -> str:
    return visible(json.dumps(text, ensure_ascii=False))
