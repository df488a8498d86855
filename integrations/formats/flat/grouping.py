"""Flat rows ↔ documents with lines."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from integrations.formats.flat.notes import Notes
from integrations.formats.flat.profile import Grouping


class Row(NamedTuple):
    number: int
    values: dict[str, Any]


def grouped(
    rows: Iterable[Row], group: Grouping | None, notes: Notes
) -> tuple[list[dict[str, Any]], dict[int, int]]:
    """The documents in the order of their first rows, and row number → index of its document.

    Rows of one document need not stand together. A row without a key is a document of its own.
    """
    if group is None:
        all_rows = list(rows)
        return [row.values for row in all_rows], {row.number: i for i, row in enumerate(all_rows)}
    return _Groups(group, notes).of(rows)


class _Groups:
    def __init__(self, group: Grouping, notes: Notes) -> None:
        self._group = group
        self._notes = notes
        self._above = frozenset((*group.by, *group.head))
        self._documents: list[dict[str, Any]] = []
        self._known: dict[tuple[Any, ...], int] = {}

    def of(self, rows: Iterable[Row]) -> tuple[list[dict[str, Any]], dict[int, int]]:
        places = {row.number: self._take(row) for row in rows}
        return self._documents, places

    def _take(self, row: Row) -> int:
        above = {name: value for name, value in row.values.items() if name in self._above}
        line = {name: value for name, value in row.values.items() if name not in self._above}
        key = tuple(row.values.get(name) for name in self._group.by)
        if any(part is None for part in key):
            self._notes.add(
                "group_key_missing", row=row.number, column=self._group.by[key.index(None)]
            )
            return self._begin(above, line)
        if key not in self._known:
            self._known[key] = self._begin(above, line)
            return self._known[key]
        place = self._known[key]
        document = self._documents[place]
        for name, value in above.items():
            if document.get(name) != value:
                self._notes.add("group_differs", row=row.number, column=name, value=value)
        document[self._group.lines].append(line)
        return place

    def _begin(self, above: dict[str, Any], line: dict[str, Any]) -> int:
        self._documents.append({**above, self._group.lines: [line]})
        return len(self._documents) - 1


def flattened(document: dict[str, Any], group: Grouping | None) -> Iterator[dict[str, Any]]:
    """The rows of one document; none if it is to have lines and has not.

    An entry of the lines that is no group stays under their name, where no column takes it.
    """
    if group is None:
        yield document
        return
    above = {name: value for name, value in document.items() if name != group.lines}
    lines = document.get(group.lines)
    for line in lines if isinstance(lines, list) else ():
        yield {**(line if isinstance(line, dict) else {group.lines: line}), **above}


def contradictions(
    document: dict[str, Any], group: Grouping | None
) -> Iterator[tuple[int, str, Any]]:
    """Where a line says something else than its document: entry, name and the line's value."""
    lines = document.get(group.lines) if group else None
    for number, line in enumerate(lines if isinstance(lines, list) else (), start=1):
        for name, value in line.items() if isinstance(line, dict) else ():
            if name in document and document[name] != value:
                yield number, name, value
