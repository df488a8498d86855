"""Tables as Excel workbooks: the first sheet of one."""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from integrations.formats.table_cells import (
    MOST_COLUMNS,
    Table,
    TableError,
    guarded,
    squared,
    unguarded,
)
from integrations.formats.workbook import (
    BROKEN,
    DAMAGED,
    WorkbookError,
    number_text,
    opened,
    unescaped,
)

_MOST_NOTES: Final = 20
# XML has no such characters and no carriage return; Office writes them as _x000D_ (ECMA-376, 22.9.2.19).
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def read_xlsx(data: bytes) -> Table:
    """The first sheet. Formulas are marked, never computed. TableError for what is no workbook, what
    unpacks to more than 60 MB, and what declares entities."""
    try:
        with opened(data) as workbook:
            return _read(workbook)
    except TableError:
        raise
    except WorkbookError as error:
        raise TableError(str(error)) from error
    except BROKEN as error:
        raise TableError(DAMAGED) from error


def _read(workbook: Workbook) -> Table:
    if not workbook.worksheets:
        raise TableError("The workbook has no sheet with cells.")
    sheet = workbook.worksheets[0]
    sheet.reset_dimensions()  # what a file says of its own size need not be so
    reader = _Cells()
    columns, rows = squared(reader.texts(sheet.iter_rows(max_col=MOST_COLUMNS + 1)))
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
            return unguarded(unescaped(value))
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            return self._number(cell, value, number)
        if isinstance(value, datetime | date | time | timedelta):
            return self._date(value, number)
        return "=" + str(getattr(value, "text", "") or "").removeprefix("=")

    def _number(self, cell: Any, value: float, number: int) -> str:
        text, lost = number_text(cell, value)
        if lost:
            self._note(
                f"Row {number}: Excel keeps 15 digits of a number; {text} may have had more."
            )
        return text

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
