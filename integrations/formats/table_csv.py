"""Tables as separated text."""

import csv
import io
import itertools
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from integrations.formats.table_cells import (
    Table,
    TableError,
    guarded,
    squared,
    unguarded,
    would_run,
)

_DELIMITERS = ",;\t"
_SNIFFED = 20


def read_csv(data: bytes) -> Table:
    """A table of UTF-8, UTF-16 with its mark, or Windows-1252 text, separated by , ; or tab."""
    text, notes = _decoded(data)
    if "\0" in text:
        raise TableError("The file is no text: it holds zero bytes.")
    columns, raw = squared(_records(text, _delimiter(text)))
    formulas = frozenset(
        (i, j) for i, row in enumerate(raw) for j, cell in enumerate(row) if would_run(cell)
    )
    rows = [[unguarded(cell) for cell in row] for row in raw]
    return Table([unguarded(name) for name in columns], rows, notes, formulas)


def write_csv(table: Table) -> bytes:
    """UTF-8 with its mark, which spreadsheets need to see. No cell of it can be run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in (table.columns, *table.rows):
        writer.writerow([guarded(cell) for cell in row])
    return BOM_UTF8 + out.getvalue().encode()


def _decoded(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _strictly(data, "utf-16"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "The file is not UTF-8 and was read as Windows-1252."
        return _strictly(data, "cp1252"), [note]


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise TableError(
            f"Row {row} holds bytes that are no text. Save the file as UTF-8."
        ) from None


def _delimiter(text: str) -> str:
    """The one under which the first rows are most alike in width; a comma where none separates."""

    def alike(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(r) for r in itertools.islice(_records(text, delimiter), _SNIFFED) if r]
        except TableError:
            return (0.0, 0)
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    return max(_DELIMITERS, key=alike)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise TableError(f"Row {number} cannot be read: {_why(str(error))}") from None
        if record is None:
            return
        yield record


def _why(error: str) -> str:
    if "field limit" in error:
        return "a cell is longer than 131,072 characters."
    return "a quotation mark is open or stands in the wrong place."
