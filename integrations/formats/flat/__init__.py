"""Flat files ↔ documents: separated text, fixed width, XML and workbooks, by a profile. Pure.

A connector's mapper needs this much. A file that does not count is held whole; of the others each document
stands alone, and one with a bad value is held alone, until it is mended:

    def split(body, connection, *, received):
        reading = flat.read(body, profile(connection))
        parts = [Part("order", "file", json.dumps(document).encode()) for document in reading.documents]
        return Split(parts, flat.as_problems(flat.holding_file(reading)), [])

    def read(object_type, topic, body, connection):
        native = json_object.read(object_type, topic, body, connection)
        wrong = [found for one in native.documents for found in flat.check(one, profile(connection))]
        return native._replace(problems=[*native.problems, *wrong])

And its client, to send: `written = flat.write(documents, profile)` has the `body`, the `problems` by
document, and `left_out`, the indexes of those that are not in the file.

`profile_of` takes the settings as a plain dict, and ProfileError names the key that is wrong:

    {"format": "delimited", "delimiter": ";", "charset": "cp1252", "decimal_mark": ",",
     "date_formats": ["%d.%m.%Y"],
     "columns": [{"name": "order", "title": "Auftrag", "required": True}, {"name": "sku"},
                 {"name": "qty", "kind": "decimal"}, {"name": "due", "kind": "date"}],
     "group_by": {"columns": ["order"], "head": ["due"]},
     "trailer": {"tag": "END", "count": 2, "sums": {"qty": 3}}}

    {"format": "fixed", "tag_start": 1, "tag_length": 1, "records": [
        {"name": "order", "tag": "H", "columns": [{"name": "number", "start": 2, "length": 10}]},
        {"name": "lines", "tag": "L", "role": "part", "many": True,
         "columns": [{"name": "sku", "start": 2, "length": 12},
                     {"name": "qty", "kind": "decimal", "places": 2, "start": 14, "length": 8}]},
        {"name": "end", "tag": "T", "role": "trailer", "counts": {"lines": "lines"},
         "columns": [{"name": "lines", "kind": "integer", "start": 2, "length": 6}]}]}

    {"format": "xml", "record": "Orders/Order", "lists": ["Lines/Line"], "count": "Orders/@count"}

    {"format": "xlsx", "sheet": "Prices", "header_row": 3, "columns": [...]}

Reading raises nothing for bad bytes. A `Reading` has documents of JSON values (numbers as text in their
shortest form, dates and times ISO 8601, an empty cell None, codes with their zeros) and issues with a code,
row, column and value. An issue that rejects (a wrong trailer, another charset, an open quote, other columns)
leaves no documents; one that quarantines names its document, which keeps the value as it was sent.

Columns that are missing, new or seem renamed reject; moved ones are remarked on. `column_drift` compares
any two sets of columns, and its `drifts()` are those of `integrations.contracts`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.formats.flat.charset import decoded
from integrations.formats.flat.checking import check
from integrations.formats.flat.delimited import records
from integrations.formats.flat.delimited_writer import write_delimited
from integrations.formats.flat.drift import ColumnDrift, Moved, Renamed, column_drift
from integrations.formats.flat.fields import ProfileError
from integrations.formats.flat.fixed import FixedReader
from integrations.formats.flat.fixed_writer import write_fixed
from integrations.formats.flat.issues import UNSEEN, Issue, as_problems
from integrations.formats.flat.notes import Notes, Refusal
from integrations.formats.flat.profile import (
    AnyProfile,
    Column,
    Delimited,
    FixedColumn,
    FixedWidth,
    Grouping,
    Record,
    Trailer,
    Xlsx,
    Xml,
)
from integrations.formats.flat.reading import Reading, Written
from integrations.formats.flat.settings import profile_of
from integrations.formats.flat.tabular import TableReader
from integrations.formats.flat.xlsx import read_sheet
from integrations.formats.flat.xml_reader import read_xml
from integrations.formats.flat.xml_writer import write_xml

__all__ = [
    "AnyProfile", "Column", "ColumnDrift", "Delimited", "FixedColumn", "FixedWidth", "Grouping", "Issue",
    "Moved", "ProfileError", "Reading", "Record", "Renamed", "Trailer", "Written", "Xlsx", "Xml",
    "as_problems", "check", "column_drift", "holding_file", "profile_of", "read", "write",
]  # fmt: skip


def read(data: bytes, profile: AnyProfile) -> Reading:
    """The documents in `data` and what is wrong. Raises nothing for bad bytes: a file that does not
    count has no documents, and an issue that says why beside those found before."""
    notes = Notes(profile.tolerate)
    columns: list[str] = []
    try:
        return _read(data, profile, notes, columns)
    except Refusal as refusal:
        placeless = [found._replace(document=None) for found in notes.issues]
        return Reading([], [*placeless, refusal.issue], columns)


def _read(data: bytes, profile: AnyProfile, notes: Notes, columns: list[str]) -> Reading:
    if isinstance(profile, Xml):
        return read_xml(data, profile, notes, columns)
    if isinstance(profile, Xlsx):
        return read_sheet(data, profile, notes, TableReader(profile, notes, columns))
    text = decoded(data, profile, notes)
    if isinstance(profile, FixedWidth):
        return FixedReader(profile, notes, columns).read(text)
    return TableReader(profile, notes, columns).read(records(text, profile, notes))


def write(
    documents: Sequence[Mapping[str, Any]],
    profile: AnyProfile,
    *,
    outer: Mapping[str, Mapping[str, Any]] | None = None,
) -> Written:
    """One file of all documents that can be written as agreed; the others are named by the problems.

    `outer` are the values of a fixed-width file's header and trailer, by record. ProfileError where the
    profile only reads.
    """
    if isinstance(profile, Xlsx):
        raise ProfileError("format", "Workbooks are read and not written.")
    if outer and not isinstance(profile, FixedWidth):
        raise ProfileError("format", "Only a fixed-width file has values around its documents.")
    if isinstance(profile, Xml):
        return write_xml(documents, profile)
    if isinstance(profile, FixedWidth):
        return write_fixed(documents, profile, outer=outer or {})
    if not profile.columns:
        raise ProfileError("columns", "To write, the columns have to be named.")
    return write_delimited(documents, profile)


def holding_file(reading: Reading) -> list[Issue]:
    """The issues for which no document of the file may go on: those that reject it, and those that
    nobody would see in the document alone."""
    return [
        found for found in reading.problems if found.severity == "reject" or found.code in UNSEEN
    ]
