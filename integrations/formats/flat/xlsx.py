"""One sheet of a workbook → rows of cells."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from integrations.formats.flat.notes import Notes, Refusal, issue
from integrations.formats.flat.profile import Xlsx
from integrations.formats.flat.reading import Reading
from integrations.formats.flat.tabular import Cells, TableReader
from integrations.formats.flat.values import FORMULA, Native
from integrations.formats.workbook import (
    BROKEN,
    MOST_UNPACKED_MB,
    OLD_EXCEL,
    ZIP,
    WorkbookError,
    number_text,
    opened,
    unescaped,
)

# Office escapes any code unit (_x0000_), and a database takes neither zeros nor half a character.
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")


def read_sheet(data: bytes, profile: Xlsx, notes: Notes, reader: TableReader) -> Reading:
    """The sheet's table. Refusal for what is no workbook we open, or has no such sheet."""
    if len(data) > profile.max_bytes:
        raise Refusal(issue("too_large", value=len(data)))
    if not data.startswith(ZIP):
        code = "old_workbook" if data.startswith(OLD_EXCEL) else "not_a_workbook"
        raise Refusal(issue(code if data else "empty_file"))
    try:
        with opened(data) as workbook:
            return reader.read(_rows(_sheet(workbook, profile, notes), profile))
    except WorkbookError as error:
        value = MOST_UNPACKED_MB if error.code == "zip_bomb" else ""
        raise Refusal(issue(error.code, value=value)) from error


def _sheet(workbook: Any, profile: Xlsx, notes: Notes) -> Any:
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    names = ", ".join(sheets)
    if not sheets or (profile.sheet and profile.sheet not in sheets):
        raise Refusal(issue("sheet_missing", value=names or "none with cells"))
    if profile.sheet:
        return sheets[profile.sheet]
    if len(sheets) > 1:
        notes.add("more_sheets", value=names)
    return next(iter(sheets.values()))


def _rows(sheet: Any, profile: Xlsx) -> Iterator[Cells]:
    sheet.reset_dimensions()  # what a file says of its own size need not be so
    rows = sheet.iter_rows()
    number = 0
    while True:
        try:
            row = next(rows, None)
            # A cell looks up its format, which a damaged workbook may not have, when it is asked.
            cells = [_text(cell) for cell in row or () if number + 1 >= profile.header_row]
        except BROKEN as error:
            raise Refusal(issue("not_a_workbook", row=number or None)) from error
        if row is None:
            return
        number += 1
        if number < profile.header_row:
            continue
        if any(_NO_TEXT.search(cell) for cell in cells):
            raise Refusal(issue("nul_bytes", row=number))
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > profile.max_columns:
            raise Refusal(issue("too_many_columns", row=number, value=profile.max_columns))
        yield number, cells


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        formula = value if isinstance(value, str) else getattr(value, "text", "") or "="
        return Native(str(formula), FORMULA)
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, bool):
        return Native(str(value).upper())
    if isinstance(value, int | float):
        text, lost = number_text(cell, value)
        return Native(text, "digits_lost" if lost else "")
    return Native(_moment(value), "date_for_excel")


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value) if isinstance(value, timedelta) else value.isoformat()
