"""Documents → rows of texts; what cannot be written leaves its document out and is told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.formats.flat.charset import is_writable
from integrations.formats.flat.grouping import contradictions, flattened
from integrations.formats.flat.issues import Issue
from integrations.formats.flat.notes import issue
from integrations.formats.flat.profile import Column, Grouping, Profile
from integrations.formats.flat.values_writing import Write, writer_of

Cells = list[str]


class RowWriter:
    """Writes the cells of one kind of row. `check` says what else keeps a text from its column."""

    def __init__(self, columns: Sequence[Column], profile: Profile) -> None:
        self.columns = columns
        self._writers: list[tuple[Column, Write]] = [(c, writer_of(c, profile)) for c in columns]
        self._charset = profile.charset

    def cells(
        self, values: Mapping[str, Any], *, row: int | None = None
    ) -> tuple[Cells, list[Issue]]:
        """The cells in the order of the columns, and what is wrong with them."""
        cells, wrong = [], []
        for column, write in self._writers:
            value = values.get(column.name)
            text, code = write(value)
            if not code and not is_writable(text, self._charset):
                code = "character_unwritable"
            cells.append(text)
            if code:
                wrong.append(issue(code, row=row, column=column.name, value=_shown(value, text)))
        return cells, wrong

    def unknown(self, values: Mapping[str, Any], *, row: int | None = None) -> list[Issue]:
        """Fields that have no column: they would be lost."""
        known = {column.name for column in self.columns}
        return [
            issue("field_unknown", row=row, column=str(name), value="" if value is None else value)
            for name, value in values.items()
            if name not in known and value not in (None, "")
        ]


def _shown(value: Any, text: str) -> str:
    return text or ("" if value is None else str(value))


def rows_of(
    document: Mapping[str, Any], group: Grouping | None, writer: RowWriter
) -> tuple[list[Cells], list[Issue]]:
    """The rows of one document; with issues, it is not to be written."""
    rows: list[Cells] = []
    wrong = [
        issue("group_differs", row=number, column=name, value=value)
        for number, name, value in contradictions(dict(document), group)
    ]
    for number, values in _numbered(dict(document), group):
        cells, found = writer.cells(values, row=number)
        wrong += found + writer.unknown(values, row=number)
        if not any(cell.strip() for cell in cells):
            wrong.append(issue("document_empty", row=number))
        rows.append(cells)
    if not rows:
        wrong.append(issue("lines_missing", column=group.lines if group else ""))
    return rows, wrong


def _numbered(
    document: dict[str, Any], group: Grouping | None
) -> Iterator[tuple[int | None, dict[str, Any]]]:
    for number, values in enumerate(flattened(document, group), start=1):
        yield (number if group else None), values
