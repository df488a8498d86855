"""Rows as CSV for other programs: texts cannot run as formulas, numbers stay numbers."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from integrations.formats.table_cells import guarded
from portal.core.decimals import plain_number

Cell = str | int | Decimal | date | None


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with `columns` as its head. Numbers have a point and no separators, days are YYYY-MM-DD, None is
    empty; a number below zero begins with a minus, which no spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return plain_number(cell)
    return guarded(cell) if isinstance(cell, str) else str(cell)
