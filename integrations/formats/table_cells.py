"""What a table file holds, whatever its format, and how its cells are kept from being run."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 50

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")


class TableError(ValueError):
    """The file is no table we read; the text says what is wrong and in which row."""


class Table(NamedTuple):
    """Cells as text. `rows[i]` stands in row i + 2 of the file, and has a cell for every column.

    `notes` are sentences about what was taken otherwise than it was written. `formulas` are the
    (index of the row, index of the column) of cells that a spreadsheet computes.
    """

    columns: list[str]
    rows: list[list[str]]
    notes: list[str]
    formulas: frozenset[tuple[int, int]] = frozenset()


def guarded(cell: str) -> str:
    """`cell` as a spreadsheet shows it and never runs it: an apostrophe stands before what would
    begin a formula (OWASP, CSV injection)."""
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def would_run(cell: str) -> bool:
    """Whether a spreadsheet would take the text for a formula. A number with a sign is none."""
    text = cell.lstrip(" ")
    return text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not (
        text == "-" or _NUMBER.fullmatch(text)
    )


def squared(found: Iterable[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """The head and the rows under it, each as wide as the head; empty rows at the end are left out.

    TableError for a file without a head, for one too large, and for a row wider than the head.
    """
    cells = iter(found)
    head = [cell.strip() for cell in _trimmed(next(cells, []))]
    if not head:
        raise TableError("Row 1 is empty. It has to name the columns.")
    if len(head) > MOST_COLUMNS:
        raise TableError(f"The table has more than {MOST_COLUMNS} columns.")
    rows: list[list[str]] = []
    for number, row in enumerate(cells, start=2):
        if number - 1 > MOST_ROWS:
            raise TableError(f"The table has more than {MOST_ROWS:,} rows. Import it in parts.")
        rows.append(_fitted(row, len(head), number))
    while rows and not any(rows[-1]):
        rows.pop()
    return head, rows


def _fitted(row: Sequence[str], width: int, number: int) -> list[str]:
    kept = _trimmed(row)
    if len(kept) > width:
        raise TableError(f"Row {number} has {len(kept)} cells, the head has {width}.")
    return kept + [""] * (width - len(kept))


def _trimmed(row: Sequence[str]) -> list[str]:
    kept = list(row)
    while kept and not kept[-1]:
        kept.pop()
    return kept
