"""Documents → lines of columns at fixed places. What is longer than its column is told, never cut."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from integrations.formats.flat.fixed import DOCUMENTS, Tally
from integrations.formats.flat.grouping import contradictions, flattened
from integrations.formats.flat.issues import Issue
from integrations.formats.flat.notes import issue
from integrations.formats.flat.profile import FixedColumn, FixedWidth, Record
from integrations.formats.flat.reading import Written
from integrations.formats.flat.rows_writing import RowWriter

Values = Mapping[str, Any]
_NO_VALUES: Final[dict[str, Any]] = {}


def write_fixed(
    documents: Sequence[Values], profile: FixedWidth, *, outer: Mapping[str, Values] = _NO_VALUES
) -> Written:
    """One file. Counts and sums are filled in; what else stands in its header and trailer is `outer`,
    by record. A problem there has no document, and then the file is empty."""
    return _Writer(profile).file(documents, outer)


class _Writer:
    def __init__(self, profile: FixedWidth) -> None:
        self._profile = profile
        self._rows = {record.name: RowWriter(record.columns, profile) for record in profile.records}
        self._wanted = frozenset(name for r in profile.records for name in r.sums.values())
        self._whole = Tally(self._wanted)
        self._problems: list[Issue] = []

    def file(self, documents: Sequence[Values], outer: Mapping[str, Values]) -> Written:
        self._problems += self._strange(outer)
        header = self._around("header", outer)
        body: list[str] = []
        for index, document in enumerate(documents):
            body += self._document(index, document)
        trailer = self._around("trailer", outer)
        if any(problem.document is None for problem in self._problems):
            return Written(b"", self._problems)
        end = "" if self._profile.record_length else self._profile.line_end
        text = end * self._profile.skip
        text += "".join(line + end for line in (*header, *body, *trailer))
        return Written(text.encode(self._profile.charset), self._problems)

    def _strange(self, outer: Mapping[str, Values]) -> list[Issue]:
        """What of the outer values has no place in the file."""
        around = {r.name: r for r in self._profile.records if r.role in ("header", "trailer")}
        wrong = [issue("field_unknown", column=name) for name in outer if name not in around]
        for name in around.keys() & outer.keys():
            wrong += self._rows[name].unknown(outer[name])
        return wrong

    def _around(self, role: str, outer: Mapping[str, Values]) -> list[str]:
        lines = []
        for record in self._profile.records:
            if record.role == role:
                values = dict(outer.get(record.name, _NO_VALUES))
                self._whole.add(record, values)
                line, wrong = self._line(record, self._filled(record, values, self._whole))
                self._problems += wrong
                lines.append(line)
        return lines

    def _document(self, index: int, document: Values) -> list[str]:
        """Its lines; none if something is wrong with any of them."""
        inside = Tally(self._wanted)
        taken: list[tuple[Record, Values]] = []
        lines: list[str] = []
        wrong: list[Issue] = []
        for record, values in self._records(document, wrong):
            inside.add(record, values)
            taken.append((record, values))
            line, found = self._line(record, self._filled(record, values, inside))
            lines.append(line)
            wrong += found
        if not lines:
            wrong.append(issue("lines_missing"))
        self._problems += [found._replace(document=index) for found in wrong]
        if wrong:
            return []
        for record, values in taken:
            self._whole.add(record, values)
        self._whole.counts[DOCUMENTS] += 1
        return lines

    def _records(self, document: Values, wrong: list[Issue]) -> Iterator[tuple[Record, Values]]:
        main = next(record for record in self._profile.records if record.role == "document")
        group = self._profile.group_by
        wrong += [
            issue("group_differs", row=number, column=name, value=value)
            for number, name, value in contradictions(dict(document), group)
        ]
        for row in flattened(dict(document), group):
            yield from self._nested(main, row, wrong)

    def _nested(
        self, record: Record, node: Values, wrong: list[Issue]
    ) -> Iterator[tuple[Record, Values]]:
        parts = {part.name: part for part in self._below(record)}
        own = {name: value for name, value in node.items() if name not in parts}
        wrong += self._rows[record.name].unknown(own)
        yield record, own
        for name, part in parts.items():
            given = node.get(name)
            if given is None and part.checks:
                given = {}  # its numbers are filled in
            entries = given if isinstance(given, list) else [] if given is None else [given]
            if len(entries) > 1 and not part.many:
                wrong.append(issue("record_repeated", column=name, value=name))
            for entry in entries:
                if isinstance(entry, Mapping):
                    yield from self._nested(part, entry, wrong)
                else:
                    wrong.append(issue("value_unwritable", column=name, value=entry))

    def _below(self, record: Record) -> list[Record]:
        return [
            part
            for part in self._profile.records
            if part.role == "part" and (part.within or self._main) == record.name
        ]

    @property
    def _main(self) -> str:
        return next(record.name for record in self._profile.records if record.role == "document")

    def _filled(self, record: Record, values: Values, tally: Tally) -> dict[str, Any]:
        """The values with the record's own counts and sums."""
        filled = dict(values)
        filled |= {column: str(tally.counts[name]) for column, name in record.counts.items()}
        filled |= {column: tally.sums[name].text for column, name in record.sums.items()}
        return filled

    def _line(self, record: Record, values: dict[str, Any]) -> tuple[str, list[Issue]]:
        texts, wrong = self._rows[record.name].cells(values)
        line = self._tagged(record)
        for column, text in zip(record.columns, texts, strict=True):
            fitted = _fitted(column, text)
            if len(text) > column.length:
                wrong.append(issue("value_too_long", column=column.name, value=text))
            elif "\n" in text or "\r" in text:
                wrong.append(issue("character_unwritable", column=column.name, value=text))
            line[column.start - 1 : column.end] = list(fitted)
        written = "".join(line)
        if not written.strip():
            wrong.append(issue("document_empty"))
        return written, wrong

    def _tagged(self, record: Record) -> list[str]:
        profile = self._profile
        width = max((column.end for column in record.columns), default=0)
        width = max(width, profile.record_length, profile.tag_start - 1 + profile.tag_length)
        line = [" "] * width
        if profile.tag_start:
            tag = record.tag.ljust(profile.tag_length)
            line[profile.tag_start - 1 : profile.tag_start - 1 + profile.tag_length] = list(tag)
        return line


def _fitted(column: FixedColumn, text: str) -> str:
    """The text in its column's width; a sign stays before the zeros."""
    if not text:
        return " " * column.length
    if column.fill == "0":
        return text.zfill(column.length)
    padded = text.rjust(column.length) if column.align == "right" else text.ljust(column.length)
    return padded[: column.length]
