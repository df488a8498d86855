"""Separated text → rows of cells."""

import csv
from collections.abc import Iterator

from integrations.formats.flat.issues import Issue
from integrations.formats.flat.lines import Lines
from integrations.formats.flat.notes import Notes, Refusal, issue
from integrations.formats.flat.profile import Delimited
from integrations.formats.flat.tabular import Cells


def records(text: str, profile: Delimited, notes: Notes) -> Iterator[Cells]:
    """The records with the number of the line each begins on. Empty lines and comments are left out."""
    lines = Lines(text, longest=profile.max_line, notes=notes)
    lines.skip(profile.skip)
    source = _Records(lines, profile.comment)
    reader = csv.reader(
        source,
        delimiter=profile.delimiter,
        quotechar=profile.quote or None,
        quoting=csv.QUOTE_MINIMAL if profile.quote else csv.QUOTE_NONE,
        strict=True,
    )
    while True:
        source.begin()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Refusal(_refused(str(error), source.first)) from None
        if cells is None:
            return
        lines.end_record()
        if len(cells) > profile.max_columns:
            raise Refusal(issue("too_many_columns", row=source.first, value=profile.max_columns))
        if cells:
            yield source.first, cells


class _Records:
    """Lines for `csv`, which asks for more while a quotation is open. What looks like a comment inside
    of one is none."""

    def __init__(self, lines: Lines, comment: str) -> None:
        self.first = 0
        self._lines = lines
        self._comment = comment
        self._begins = True

    def begin(self) -> None:
        self._begins = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        while self._begins and self._comment and line.startswith(self._comment):
            self._lines.end_record()
            line = next(self._lines)
        if self._begins:
            self.first = self._lines.number
            self._begins = False
        return line


def _refused(error: str, row: int) -> Issue:
    if "field limit" in error:
        return issue("field_too_long", row=row, value=f"{csv.field_size_limit():,}")
    return issue("open_quote", row=row)
