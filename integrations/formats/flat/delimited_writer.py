"""Documents → separated text.

Cells are written as they are: a partner's system reads them, and an apostrophe before what a
spreadsheet might run would change the value. Tables for people are `formats.table`.
"""

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.formats.flat.issues import Issue
from integrations.formats.flat.notes import issue
from integrations.formats.flat.profile import Delimited
from integrations.formats.flat.reading import Written
from integrations.formats.flat.rows_writing import RowWriter, rows_of
from integrations.formats.flat.totals import sums_of
from integrations.formats.flat.values import reader_of
from integrations.formats.flat.values_writing import writer_of


def write_delimited(documents: Sequence[Mapping[str, Any]], profile: Delimited) -> Written:
    """One file with the header and trailer agreed. Needs `columns`."""
    writer = RowWriter(profile.columns, profile)
    problems: list[Issue] = []
    rows: list[list[str]] = []
    written = 0
    for index, document in enumerate(documents):
        own, wrong = rows_of(document, profile.group_by, writer)
        wrong += [found for cells in own for found in _unquotable(cells, profile)]
        problems += [found._replace(document=index) for found in wrong]
        if not wrong:
            rows += own
            written += 1
    head = [[column.heading for column in profile.columns]] if profile.header else []
    trailer = _trailer(rows, profile, documents=written)
    text = profile.line_end * profile.skip
    text += "".join(_line(cells, profile) for cells in (*head, *rows, *trailer))
    mark = BOM_UTF8 if profile.byte_order_mark and profile.charset == "utf-8" else b""
    return Written(mark + text.encode(profile.charset), problems)


def _unquotable(cells: Sequence[str], profile: Delimited) -> list[Issue]:
    """What would be read back as something else."""
    found = []
    if profile.trailer and cells[0].strip() == profile.trailer.tag:
        found.append(issue("value_unwritable", column=profile.columns[0].name, value=cells[0]))
    if profile.quote:
        return found
    for column, cell in zip(profile.columns, cells, strict=True):
        if any(mark in cell for mark in (profile.delimiter, "\r", "\n")):
            found.append(issue("character_unwritable", column=column.name, value=cell))
    if profile.comment and cells[0].startswith(profile.comment):
        found.append(issue("value_unwritable", column=profile.columns[0].name, value=cells[0]))
    return found


def _line(cells: Sequence[str], profile: Delimited) -> str:
    first = [_cell(cell, profile, begins=place == 0) for place, cell in enumerate(cells)]
    return profile.delimiter.join(first) + profile.line_end


def _cell(cell: str, profile: Delimited, *, begins: bool) -> str:
    quote = profile.quote
    comment = begins and profile.comment and cell.startswith(profile.comment)
    special = (
        any(mark in cell for mark in (profile.delimiter, quote, "\r", "\n")) if quote else False
    )
    if quote and (special or comment):
        return f"{quote}{cell.replace(quote, quote * 2)}{quote}"
    return cell


def _trailer(rows: list[list[str]], profile: Delimited, *, documents: int) -> list[list[str]]:
    trailer = profile.trailer
    if trailer is None:
        return []
    cells = [""] * max(trailer.count, *trailer.sums.values(), 1)
    cells[0] = trailer.tag
    if trailer.count:
        everything = len(rows) + 1 + profile.header
        counted = {"rows": len(rows), "all": everything, "documents": documents}
        cells[trailer.count - 1] = str(counted[trailer.counts])
    for name, total in _sums(rows, profile).items():
        column = next(column for column in profile.columns if column.name == name)
        cells[trailer.sums[name] - 1] = writer_of(column, profile)(total)[0]
    return [cells]


def _sums(rows: list[list[str]], profile: Delimited) -> dict[str, str]:
    trailer = profile.trailer
    assert trailer is not None
    sums = sums_of(trailer.sums)
    for place, column in enumerate(profile.columns):
        if column.name in sums:
            read = reader_of(column, profile)
            for cells in rows:
                sums[column.name].add(read(cells[place])[0])
    return {name: total.text for name, total in sums.items()}
