"""Lines of columns at fixed places → documents, nested by their records."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from integrations.formats.flat.grouping import Row, grouped
from integrations.formats.flat.lines import Lines, without_end
from integrations.formats.flat.notes import Notes, Refusal, issue
from integrations.formats.flat.profile import FixedWidth, Record
from integrations.formats.flat.reading import Reading
from integrations.formats.flat.totals import Sum, check_count, check_sum
from integrations.formats.flat.values import reader_of

DOCUMENTS: Final = "documents"
RECORDS: Final = "records"


class Tally:
    """What was there so far, in the file or in one document."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.counts: Counter[str] = Counter()
        self.sums = {name: Sum() for name in wanted}

    def add(self, record: Record, values: Mapping[str, Any]) -> None:
        self.counts[record.name] += 1
        self.counts[RECORDS] += 1
        for name, total in self.sums.items():
            owner, _, column = name.partition(".")
            if owner == record.name:
                total.add(values.get(column))


class FixedReader:
    """Reads one file. `columns` are filled with the agreed ones: the file itself names none."""

    def __init__(self, profile: FixedWidth, notes: Notes, columns: list[str]) -> None:
        self._profile = profile
        self._notes = notes
        self._by_tag = {record.tag: record for record in profile.records}
        self._readers = {
            r.name: [reader_of(c, profile) for c in r.columns] for r in profile.records
        }
        self._texts: dict[str, list[str]] = {}  # of the record read last, as they stand in the file
        self._wanted = frozenset(name for r in profile.records for name in r.sums.values())
        self._whole = Tally(self._wanted)
        self._inside = Tally(self._wanted)
        self._latest: dict[str, dict[str, Any]] = {}  # record → its last node in this document
        self._rows: list[Row] = []
        self._owner: dict[int, int] = {}
        self._outer: dict[str, Any] = {}
        self._closed = ""  # the file's trailer, once it was there
        single = len(profile.records) == 1
        self._columns = columns
        columns += [
            c.name if single else f"{r.name}.{c.name}" for r in profile.records for c in r.columns
        ]

    def read(self, text: str) -> Reading:
        """The documents. Refusal for a file that does not count."""
        row = 0
        for row, line in self._lines(text):
            self._take(row, self._record(row, line), line)
        self._end_document(row)
        self._check_around()
        documents, places = grouped(self._rows, self._profile.group_by, self._notes)
        if self._profile.group_by is None:
            places = self._owner
        return Reading(documents, self._notes.placed(places), self._columns, self._outer)

    def _lines(self, text: str) -> Iterator[tuple[int, str]]:
        length = self._profile.record_length
        if length:
            body = text.rstrip("\r\n")
            if len(body) % length:
                raise Refusal(issue("torn_record", value=len(body) % length))
            for at in range(0, len(body), length):
                if body[at : at + length].strip():
                    yield at // length + 1, body[at : at + length]
            return
        lines = Lines(text, longest=self._profile.max_line, notes=self._notes)
        lines.skip(self._profile.skip)
        for line in lines:
            lines.end_record()
            content = without_end(line)
            if content.strip():
                yield lines.number, content

    def _record(self, row: int, line: str) -> Record:
        start, length = self._profile.tag_start, self._profile.tag_length
        tag = line[start - 1 : start - 1 + length].strip() if start else ""
        record = self._by_tag.get(tag)
        if record is None:
            raise Refusal(issue("unknown_record", row=row, value=tag))
        return record

    def _take(self, row: int, record: Record, line: str) -> None:
        if self._closed:
            raise Refusal(issue("trailer_not_last", row=row, value=self._closed))
        if self._whole.counts[RECORDS] >= self._profile.max_rows:
            raise Refusal(issue("too_many_rows", value=self._profile.max_rows))
        if record.role == "document":
            self._end_document(row)
            self._begin_document(row, record, self._values(row, record, line))
        elif record.role == "part":
            self._add_part(row, record, self._values(row, record, line))
        else:
            self._add_outer(row, record, self._values(row, record, line))

    def _values(self, row: int, record: Record, line: str) -> dict[str, Any]:
        self._check_width(row, record, line)
        values: dict[str, Any] = {}
        texts = self._texts[record.name] = []
        for column, read in zip(record.columns, self._readers[record.name], strict=True):
            text = line[column.start - 1 : column.end]
            value, wrong = read(text)
            values[column.name] = value
            texts.append(text)
            if wrong:
                self._notes.add(wrong, row=row, column=column.name, value=text)
        return values

    def _check_width(self, row: int, record: Record, line: str) -> None:
        width = max((column.end for column in record.columns), default=0)
        width = max(width, self._profile.tag_start - 1 + self._profile.tag_length)
        if len(line) < width:
            self._notes.add("row_too_short", row=row, value=f"{len(line)} of {width} characters")
        elif line[width:].strip() and not self._profile.record_length:
            raise Refusal(issue("row_too_wide", row=row, value=line[width:]))

    def _begin_document(self, row: int, record: Record, values: dict[str, Any]) -> None:
        self._inside = Tally(self._wanted)
        self._latest = {}
        self._count(record, values)
        self._whole.counts[DOCUMENTS] += 1
        self._node(record, values)
        self._rows.append(Row(row, values))
        self._owner[row] = len(self._rows) - 1

    def _node(self, record: Record, values: dict[str, Any]) -> None:
        """The record is the last one of its name; what was below the one before is behind us."""
        for below in self._below(record):
            self._forget(below)
            if below.many:
                values[below.name] = []
        self._latest[record.name] = values

    def _forget(self, record: Record) -> None:
        self._latest.pop(record.name, None)
        for below in self._below(record):
            self._forget(below)

    def _below(self, record: Record) -> list[Record]:
        is_document = record.role == "document"
        return [
            part
            for part in self._profile.records
            if part.role == "part"
            and (part.within == record.name or (is_document and not part.within))
        ]

    def _add_part(self, row: int, record: Record, values: dict[str, Any]) -> None:
        above = self._latest.get(record.within or self._document_name)
        if above is None:
            raise Refusal(issue("record_out_of_place", row=row, value=record.name))
        self._count(record, values)
        self._owner[row] = len(self._rows) - 1
        if record.many:
            above[record.name].append(values)
        elif record.name in above:
            raise Refusal(issue("record_repeated", row=row, value=record.name))
        else:
            above[record.name] = values
        self._node(record, values)
        if record.checks:
            self._check(row, record, self._inside)

    @property
    def _document_name(self) -> str:
        return next(r.name for r in self._profile.records if r.role == "document")

    def _count(self, record: Record, values: dict[str, Any]) -> None:
        self._inside.add(record, values)
        self._whole.add(record, values)

    def _add_outer(self, row: int, record: Record, values: dict[str, Any]) -> None:
        first = self._whole.counts[RECORDS] == 0
        if record.role == "header" and not first:
            raise Refusal(issue("record_out_of_place", row=row, value=record.name))
        if record.role == "trailer":
            self._end_document(row)
            self._closed = record.name
        self._whole.add(record, values)
        self._outer[record.name] = values
        if record.checks:
            self._check(row, record, self._whole)

    def _end_document(self, row: int) -> None:
        """A document without the trailer agreed for it may be cut off."""
        if not self._latest:
            return
        for record in self._profile.records:
            if record.role == "part" and record.checks and not self._inside.counts[record.name]:
                raise Refusal(issue("trailer_missing", row=row, value=record.name))
        self._latest = {}

    def _check(self, row: int, record: Record, tally: Tally) -> None:
        for place, column in enumerate(record.columns):
            said = self._texts[record.name][place]
            counted = record.counts.get(column.name)
            if counted is not None:
                number = tally.counts[counted]
                check_count(said, number, column, self._profile, self._notes, row=row)
            summed = record.sums.get(column.name)
            if summed is not None:
                total = tally.sums[summed]
                check_sum(said, column, total, self._profile, self._notes, row=row)

    def _check_around(self) -> None:
        for record in self._profile.records:
            if record.role == "trailer" and record.name not in self._outer:
                raise Refusal(issue("trailer_missing", value=record.name))
            if record.role == "header" and record.name not in self._outer:
                raise Refusal(issue("header_missing"))
