"""What there is to map from, and (from its own file) to: the two sides of the editor."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import shorten
from integrations.mapping.schema_fields import TargetField, target_fields

__all__ = ["SourceField", "TargetField", "quote_name", "source_fields", "target_fields"]

_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS_OF_JSONATA: Final = frozenset({"and", "or", "in", "true", "false", "null", "function"})
_EXAMPLES: Final = 5
_MOST_FIELDS: Final = 5_000
_DEEPEST: Final = 40
_TEXT_KINDS: Final = (
    ("date", re.compile(r"\d{4}-[01]\d-[0-3]\d|(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")),
    ("time", re.compile(r"\d{4}-[01]\d-[0-3]\d[T ][0-2]\d:\d\d.*")),
    ("number", re.compile(r"-?(0|[1-9]\d{0,8})")),
    ("decimal", re.compile(r"[+-]?\d{0,18}\.\d+([eE][+-]?\d+)?")),
)


class SourceField(NamedTuple):
    """A place in the sample documents.

    `path` is JSONata on the whole document (`line_items.sku`), names that are no plain identifier
    in backquotes. `loop` is the path of the nearest list it stands in, "" at the top. `kind` is
    one of text, number, decimal, date, time, flag, object, list, empty. `values` are up to five
    real values as text, in the order of the documents, without empty ones.
    """

    path: str
    loop: str
    kind: str
    values: tuple[str, ...]


class _Place:
    """A source field while the documents are read."""

    def __init__(self, loop: str) -> None:
        self.loop = loop
        self.kinds: set[str] = set()
        self.values: list[str] = []

    def see(self, kind: str, value: str = "") -> None:
        self.kinds.add(kind)
        if value and len(self.values) < _EXAMPLES:
            self.values.append(value)


Places = dict[str, _Place]


def source_fields(documents: Sequence[Any]) -> list[SourceField]:
    """Every leaf, list and object of the samples, in the order in which they first stand there.

    A list of plain values is one field of kind list with its entries as values. A document that is
    itself a list is the field `$`. Names that hold a backquote cannot be addressed and are left
    out.
    """
    places: Places = {}
    for document in documents:
        if isinstance(document, list):
            _see_list(document, "$", "", places)
        elif isinstance(document, Mapping):
            _see_members(document, "", "", places)
    return [
        SourceField(path, place.loop, _kind_of(place.kinds), tuple(place.values))
        for path, place in _in_order(places)
    ]


def quote_name(name: str) -> str:
    """`name` as one step of a JSONata path."""
    plain = _PLAIN_NAME.fullmatch(name) and name not in _WORDS_OF_JSONATA
    return name if plain else f"`{name}`"


def _see_members(members: Mapping[str, Any], prefix: str, loop: str, places: Places) -> None:
    for name, value in members.items():
        if name and "`" not in name:
            step = quote_name(name)
            _see(value, f"{prefix}.{step}" if prefix else step, loop, places)


def _see(value: Any, path: str, loop: str, places: Places) -> None:
    if isinstance(value, list):
        _see_list(value, path, loop, places)
        return
    place = _place(places, path, loop)
    if place is None:
        return
    if isinstance(value, Mapping):
        place.see("object" if value else "empty")
        if path.count(".") < _DEEPEST:
            _see_members(value, path, loop, places)
    else:
        place.see(_leaf_kind(value), "" if value is None else _as_text(value))


def _see_list(entries: list[Any], path: str, loop: str, places: Places) -> None:
    place = _place(places, path, loop)
    if place is None:
        return
    place.see("list" if entries else "empty")
    for entry in entries:
        if isinstance(entry, Mapping):
            _see_members(entry, "" if path == "$" else path, path, places)
        elif not isinstance(entry, list):
            place.see("list", "" if entry is None else _as_text(entry))


def _place(places: Places, path: str, loop: str) -> _Place | None:
    if path not in places and len(places) >= _MOST_FIELDS:
        return None
    return places.setdefault(path, _Place(loop))


def _in_order(places: Places) -> Iterable[tuple[str, _Place]]:
    """A field that only a later document has stands with its siblings, not at the end."""
    order: dict[str, list[str]] = {}
    for path in places:
        parent = path.rpartition(".")[0]
        while parent and parent not in places:
            parent = parent.rpartition(".")[0]
        order.setdefault(parent, []).append(path)
    waiting = order.pop("", [])[::-1]
    while waiting:
        path = waiting.pop()
        yield path, places[path]
        waiting.extend(order.pop(path, [])[::-1])


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return shorten(value)


def _leaf_kind(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "number"
    if isinstance(value, float):
        return "decimal"
    text = str(value).strip()
    return next((kind for kind, form in _TEXT_KINDS if form.fullmatch(text)), "text")


def _kind_of(kinds: set[str]) -> str:
    found = kinds - {"empty"}
    if len(found) <= 1:
        return next(iter(found), "empty")
    for structure in ("list", "object"):
        if structure in found:
            return structure
    if found == {"number", "decimal"}:
        return "decimal"
    return "time" if found == {"date", "time"} else "text"
