"""Rows of cells → documents: header, columns, trailer, values, groups."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from integrations.formats.flat.drift import column_drift
from integrations.formats.flat.grouping import Row, grouped
from integrations.formats.flat.notes import Notes, Refusal, issue
from integrations.formats.flat.profile import Column, Tabular
from integrations.formats.flat.reading import Reading
from integrations.formats.flat.totals import COUNT, check_count, check_sum, sums_of
from integrations.formats.flat.values import Native, Read, reader_of

Cells = tuple[int, Sequence[str]]


class TableReader:
    """Reads one table. `columns` are filled once its header was read, even if a Refusal follows."""

    def __init__(self, profile: Tabular, notes: Notes, columns: list[str]) -> None:
        self._titles = columns
        self._profile = profile
        self._notes = notes
        self._readers: list[tuple[Column, Read]] = []
        self._trailer: Cells | None = None
        self._rows = 0
        self._sums = sums_of(profile.trailer.sums if profile.trailer else {})

    def read(self, rows: Iterable[Cells]) -> Reading:
        """The documents. Refusal for a table that does not count."""
        source = iter(rows)
        self._columns(source)
        documents, places = grouped(self._values(source), self._profile.group_by, self._notes)
        self._check_trailer(len(documents))
        return Reading(documents, self._notes.placed(places), self._titles)

    def _columns(self, source: Iterator[Cells]) -> None:
        if self._profile.header:
            found = next(source, None)
            if found is None:
                raise Refusal(issue("header_missing"))
            columns = self._named(*found)
        else:
            columns = list(self._profile.columns)
            self._titles += [column.heading for column in columns]
        agreed = frozenset(self._profile.columns)
        self._readers = [
            (column, reader_of(column, self._profile, agreed=column in agreed))
            for column in columns
        ]

    def _named(self, number: int, cells: Sequence[str]) -> list[Column]:
        titles = [str(cell).strip() for cell in _without_empty_end(cells)]
        if len(titles) > self._profile.max_columns:
            raise Refusal(issue("too_many_columns", row=number, value=self._profile.max_columns))
        self._titles += titles
        if not titles:
            raise Refusal(issue("header_missing", row=number))
        for place, title in enumerate(titles, start=1):
            if not title:
                raise Refusal(issue("column_unnamed", row=number, value=place))
        twice, times = Counter(titles).most_common(1)[0]
        if times > 1:
            raise Refusal(issue("column_twice", row=number, value=twice))
        if not self._profile.columns:
            return [Column(name=title) for title in titles]
        self._compare(number, titles)
        known = {column.heading: column for column in self._profile.columns}
        return [known.get(title) or Column(name=title) for title in titles]

    def _compare(self, number: int, titles: list[str]) -> None:
        drift = column_drift([column.heading for column in self._profile.columns], titles)
        for before, now in drift.renamed:
            self._notes.add("column_renamed", row=number, column=before, value=now)
        for name in drift.missing:
            self._notes.add("column_missing", row=number, column=name)
        for name in drift.new:
            self._notes.add("column_new", row=number, column=name, value=name)
        for name, _, now_at in drift.moved:
            self._notes.add("column_moved", row=number, column=name, value=now_at)

    def _values(self, source: Iterator[Cells]) -> Iterator[Row]:
        trailer = self._profile.trailer
        for number, cells in source:
            if not any(cell.strip() for cell in cells):
                continue
            if self._trailer is not None:
                raise Refusal(
                    issue("trailer_not_last", row=self._trailer[0], value=trailer and trailer.tag)
                )
            if trailer is not None and cells[0].strip() == trailer.tag:
                self._trailer = number, cells
                continue
            self._rows += 1
            if self._rows > self._profile.max_rows:
                raise Refusal(issue("too_many_rows", value=self._profile.max_rows))
            yield Row(number, self._row(number, self._fitted(number, cells)))

    def _fitted(self, number: int, cells: Sequence[str]) -> Sequence[str]:
        width = len(self._readers)
        if len(cells) > width:
            beyond = next((cell for cell in cells[width:] if cell.strip()), None)
            if beyond is not None:
                raise Refusal(issue("row_too_wide", row=number, value=beyond))
        elif len(cells) < width:
            self._notes.add("row_too_short", row=number, value=f"{len(cells)} of {width}")
        return cells

    def _row(self, number: int, cells: Sequence[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for place, (column, read) in enumerate(self._readers):
            cell = cells[place] if place < len(cells) else ""
            value, wrong = read(cell)
            values[column.name] = value
            if wrong:
                self._notes.add(wrong, row=number, column=column.name, value=cell)
            if column.name in self._sums:
                self._sums[column.name].add(value)
        return values

    def _check_trailer(self, documents: int) -> None:
        trailer = self._profile.trailer
        if trailer is None:
            return
        if self._trailer is None:
            raise Refusal(issue("trailer_missing", value=trailer.tag))
        row, cells = self._trailer
        if trailer.count:
            everything = self._rows + 1 + self._profile.header
            counted = {"rows": self._rows, "all": everything, "documents": documents}
            said, there = _cell(cells, trailer.count), counted[trailer.counts]
            check_count(said, there, COUNT, self._profile, self._notes, row=row)
        for column in self._profile.columns:
            if column.name in trailer.sums:
                said, total = _cell(cells, trailer.sums[column.name]), self._sums[column.name]
                check_sum(said, column, total, self._profile, self._notes, row=row)


def _cell(cells: Sequence[str], place: int) -> str:
    cell = cells[place - 1] if place <= len(cells) else ""
    return cell if isinstance(cell, Native) else cell.strip()


def _without_empty_end(cells: Sequence[str]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
