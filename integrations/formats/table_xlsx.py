"""Tables as Excel workbooks: the first sheet of one."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from integrations.formats.table_cells import (
    MOST_COLUMNS,
    Table,
    TableError,
    guarded,
    squared,
    unguarded,
)

_MOST_UNPACKED: Final = 60_000_000
_MOST_PARTS: Final = 1_000
_MOST_NOTES: Final = 20
_EXACT_DIGITS: Final = 15
# Whatever a damaged workbook makes zipfile, openpyxl or its XML parser stumble over. The parser is lxml
# where that is installed, and the standard library's otherwise; a SyntaxError is what both say.
_BROKEN: Final = (
    InvalidFileException, SyntaxError, zipfile.BadZipFile, zlib.error, ArithmeticError, AttributeError,
    EOFError, LookupError, NotImplementedError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)""")
_ENCODINGS: Final = (b"utf-8", b"utf8", b"us-ascii")
# XML has no such characters and no carriage return; Office writes them as _x000D_ (ECMA-376, 22.9.2.19).
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(data: bytes) -> Table:
    """The first sheet. Formulas are marked, never computed. TableError for what is no workbook, what
    unpacks to more than 60 MB, and what declares entities."""
    try:
        _check_parts(data)
        return _read(data)
    except TableError:
        raise
    except _BROKEN as error:
        raise TableError("The file is no Excel workbook, or it is damaged.") from error


def _check_parts(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        # zipfile never unpacks more of a part than it declares.
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise TableError("The workbook unpacks to more than 60 MB. Import it in parts.")
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _check_xml(archive.read(part))


def _check_xml(content: bytes) -> None:
    """Office writes UTF-8 and declares no document type: with one, a part could name outside files."""
    named = _ENCODING.search(content[:200])
    known = not named or named[1].lower() in _ENCODINGS
    if not known or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content:
        raise TableError("The workbook is written in an encoding that Excel does not use.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise TableError("The workbook declares XML entities, and is not read.")


def _read(data: bytes) -> Table:
    workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        if not workbook.worksheets:
            raise TableError("The workbook has no sheet with cells.")
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size need not be so
        reader = _Cells()
        columns, rows = squared(reader.texts(sheet.iter_rows(max_col=MOST_COLUMNS + 1)))
    finally:
        workbook.close()
    others = len(workbook.sheetnames) - 1
    if others:
        reader.notes.insert(0, f"Only the first sheet, {sheet.title}, was read of {others + 1}.")
    return Table(columns, rows, reader.notes, frozenset(reader.formulas))


class _Cells:
    """Cells to text, with what has to be said about them."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.formulas: set[tuple[int, int]] = set()

    def texts(self, rows: Iterator[Sequence[Any]]) -> Iterator[list[str]]:
        for number, row in enumerate(rows, start=1):
            texts = []
            for column, cell in enumerate(row):
                if cell.data_type in ("f", "e"):
                    self.formulas.add((number - 2, column))
                texts.append(self._text(cell, number))
            yield texts

    def _text(self, cell: Any, number: int) -> str:
        value = cell.value
        if value is None:
            return ""
        if isinstance(value, str):
            return unguarded(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), value))
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            return self._number(cell, value, number)
        if isinstance(value, datetime | date | time | timedelta):
            return self._date(value, number)
        return "=" + str(getattr(value, "text", "") or "").removeprefix("=")

    def _number(self, cell: Any, value: float, number: int) -> str:
        exact = Decimal(format(value, f".{_EXACT_DIGITS}g"))
        text = format(exact.normalize(), "f")
        if len(text.strip("-").replace(".", "").rstrip("0")) >= _EXACT_DIGITS:
            self._note(
                f"Row {number}: Excel keeps 15 digits of a number; {text} may have had more."
            )
        pattern = cell.number_format or ""
        return text.zfill(len(pattern)) if re.fullmatch("0+", pattern) else text

    def _date(self, value: Any, number: int) -> str:
        whole_day = isinstance(value, datetime) and value.time() == time()
        text = str(value.date() if whole_day else value)
        self._note(f"Row {number}: the cell is a date for Excel and was read as {text}.")
        return text

    def _note(self, text: str) -> None:
        if len(self.notes) < _MOST_NOTES:
            self.notes.append(text)


def write_xlsx(table: Table) -> bytes:
    """A workbook of one sheet in which every cell is text. No cell of it can be run as a formula."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Table")
    for row in (table.columns, *table.rows):
        sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str) -> Any:
    escaped = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", guarded(text))
    cell = WriteOnlyCell(sheet, value=escaped)
    cell.data_type = "s"
    return cell
