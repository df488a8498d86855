"""The settings of a fixed-width profile: its records, and that they fit together."""

from collections.abc import Iterator
from typing import Final

from integrations.formats.flat.fields import Fields
from integrations.formats.flat.profile import FixedColumn, FixedWidth, Record
from integrations.formats.flat.settings_columns import NUMBERS, fixed_column_of, unique
from integrations.formats.flat.settings_common import common
from integrations.formats.flat.settings_grouping import check_grouping, grouping_of

ROLES: Final = ("header", "document", "part", "trailer")
LINE_ENDS: Final = {"crlf": "\r\n", "lf": "\n"}


def fixed_of(fields: Fields) -> FixedWidth:
    """Either `columns`, for one kind of record, or `records` known by their `tag`."""
    columns = fields.each("columns", fixed_column_of)
    records = fields.each("records", _record)
    if bool(columns) == bool(records):
        raise fields.fault("records", "Either columns or records are needed.")
    profile = FixedWidth(
        **common(fields),
        records=records or (Record(name="record", columns=columns),),
        tag_start=fields.number("tag_start", 0, most=100_000),
        tag_length=fields.number("tag_length", 0, most=50),
        record_length=fields.number("record_length", 0, most=100_000),
        skip=fields.number("skip", 0, most=1_000),
        line_end=LINE_ENDS[fields.choice("line_end", tuple(LINE_ENDS), "crlf")],
        group_by=fields.group("group_by", grouping_of),
    )
    _check_records(fields, profile)
    for place, record in enumerate(profile.records):
        key = f"records[{place}]" if records else ""
        _check_columns(fields, key, record, profile)
        _check_place(fields, key, record, profile)
        _check_totals(fields, key, record, profile)
    if profile.group_by and len(profile.records) > 1:
        raise fields.fault("group_by", "Records with tags make documents by themselves.")
    check_grouping(fields, profile.group_by, {c.name for c in profile.records[0].columns})
    return profile


def _record(fields: Fields) -> Record:
    return Record(
        name=fields.text("name"),
        columns=fields.each("columns", fixed_column_of),
        tag=fields.text("tag", ""),
        role=fields.choice("role", ROLES, "document"),
        within=fields.text("within", ""),
        many=fields.flag("many", default=False),
        counts=fields.mapping("counts", str),
        sums=fields.mapping("sums", str),
    )


def _check_records(fields: Fields, profile: FixedWidth) -> None:
    records = profile.records
    unique(fields, "records", [record.name for record in records])
    unique(fields, "records", [record.tag for record in records])
    for role, needed in (("document", True), ("header", False), ("trailer", False)):
        count = sum(record.role == role for record in records)
        if count > 1 or (needed and not count):
            raise fields.fault(
                "records", f"There must be {'one' if needed else 'at most one'} {role}."
            )
    if len(records) > 1 and not (profile.tag_start and profile.tag_length):
        raise fields.fault("tag_start", "Say where the tag of a record begins, and its tag_length.")
    for place, record in enumerate(records):
        if profile.tag_start and not 0 < len(record.tag) <= profile.tag_length:
            text = f"A tag has 1 to {profile.tag_length} characters."
            raise fields.fault(f"records[{place}].tag", text)


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _check_columns(fields: Fields, key: str, record: Record, profile: FixedWidth) -> None:
    unique(fields, _join(key, "columns"), [column.name for column in record.columns])
    taken: dict[int, str] = {}
    if profile.tag_start:
        tag = range(profile.tag_start, profile.tag_start + profile.tag_length)
        taken = dict.fromkeys(tag, "the tag")
    for place, column in enumerate(record.columns):
        own = _join(key, f"columns[{place}]")
        for at in range(column.start, column.end + 1):
            if at in taken:
                raise fields.fault(f"{own}.start", f"Place {at} belongs to {taken[at]}.")
            taken[at] = column.name
        if profile.record_length and column.end > profile.record_length:
            raise fields.fault(f"{own}.length", "The column is longer than the record.")
        if column.fill == "0" and profile.negative == "brackets":
            raise fields.fault(f"{own}.fill", "Numbers in brackets cannot be filled with zeros.")


def _check_place(fields: Fields, key: str, record: Record, profile: FixedWidth) -> None:
    by_name = {other.name: other for other in profile.records}
    if record.role != "part":
        if record.within or record.many:
            raise fields.fault(_join(key, "within"), "Only a part stands within another record.")
        return
    main = next(other.name for other in profile.records if other.role == "document")
    above = list(_above(record, by_name, main))
    if not above or above[-1] != main:
        raise fields.fault(_join(key, "within"), "This leads to no document.")
    if record.name in {column.name for column in by_name[above[0]].columns}:
        raise fields.fault(_join(key, "name"), f"{above[0]} has a column of this name.")


def _above(record: Record, by_name: dict[str, Record], main: str) -> Iterator[str]:
    """The names of the records around it, up to the document or to where they end."""
    seen = {record.name}
    here: Record | None = record
    while here is not None and here.role == "part":
        name = here.within or main
        if name in seen:
            return
        seen.add(name)
        here = by_name.get(name)
        if here is not None and here.role in ("part", "document"):
            yield name


def _check_totals(fields: Fields, key: str, record: Record, profile: FixedWidth) -> None:
    if record.checks and record.role not in ("part", "trailer"):
        raise fields.fault(_join(key, "counts"), "Only a part or the trailer counts and sums up.")
    columns = {column.name: column for column in record.columns}
    counted = {other.name for other in profile.records} | {"records"}
    if record.role == "trailer":
        counted.add("documents")
    for kind, totals in (("counts", record.counts), ("sums", record.sums)):
        for name, of in totals.items():
            where = _join(key, f"{kind}.{name}")
            if not _is_number(columns.get(name)):
                raise fields.fault(where, "There is no such column of numbers.")
            if kind == "counts" and of not in counted:
                raise fields.fault(where, f"“{of}” is none of {', '.join(sorted(counted))}.")
            if kind == "sums" and not _is_number(_column_of(of, profile)):
                raise fields.fault(where, f"“{of}” is no record.column of numbers.")


def _column_of(name: str, profile: FixedWidth) -> FixedColumn | None:
    owner, _, column = name.partition(".")
    return next(
        (c for r in profile.records for c in r.columns if (r.name, c.name) == (owner, column)), None
    )


def _is_number(column: FixedColumn | None) -> bool:
    return column is not None and column.kind in NUMBERS
