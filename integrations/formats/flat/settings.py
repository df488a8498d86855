"""An endpoint's settings → a profile. Every fault names its key."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from integrations.formats.flat.fields import Fields
from integrations.formats.flat.profile import AnyProfile, Delimited, Tabular, Trailer, Xlsx
from integrations.formats.flat.settings_columns import NUMBERS, column_of, unique
from integrations.formats.flat.settings_common import common
from integrations.formats.flat.settings_fixed import LINE_ENDS, fixed_of
from integrations.formats.flat.settings_grouping import check_grouping, grouping_of
from integrations.formats.flat.settings_xml import xml_of

_DELIMITERS: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def profile_of(settings: Mapping[str, Any]) -> AnyProfile:
    """The profile that the settings describe; `format` says which. ProfileError names the first fault."""
    fields = Fields(settings)
    kind = fields.choice("format", tuple(_MAKE), "")
    profile = _MAKE[kind](fields)
    fields.done()
    return profile


def _delimited(fields: Fields) -> Delimited:
    delimiter = fields.text("delimiter", ",")
    profile = Delimited(
        **common(fields),
        **_tabular(fields),
        delimiter=_DELIMITERS.get(delimiter, delimiter),
        quote=fields.text("quote", '"'),
        comment=fields.text("comment", ""),
        skip=fields.number("skip", 0, most=1_000),
        line_end=LINE_ENDS[fields.choice("line_end", tuple(LINE_ENDS), "crlf")],
        byte_order_mark=fields.flag("byte_order_mark", default=False),
    )
    _check_marks(fields, profile)
    _check_tabular(fields, profile)
    return profile


def _check_marks(fields: Fields, profile: Delimited) -> None:
    if len(profile.delimiter) != 1 or profile.delimiter in "\r\n \0":
        raise fields.fault("delimiter", "This must be one character, or tab.")
    if len(profile.quote) > 1 or profile.quote in ("\r", "\n", " ", "\0"):
        raise fields.fault("quote", "This must be one character, or empty.")
    if profile.quote == profile.delimiter:
        raise fields.fault("quote", "This is the delimiter, too.")
    if not profile.quote and profile.delimiter in (profile.decimal_mark, profile.thousands_mark):
        raise fields.fault("delimiter", "Without a quote it cannot stand in numbers, too.")
    if profile.byte_order_mark and profile.charset != "utf-8":
        raise fields.fault("byte_order_mark", "Only UTF-8 is written with a mark.")


def _xlsx(fields: Fields) -> Xlsx:
    profile = Xlsx(
        **common(fields),
        **_tabular(fields),
        sheet=fields.text("sheet", "", most=31),
        header_row=fields.number("header_row", 1, least=1, most=1_000),
    )
    _check_tabular(fields, profile)
    return profile


def _tabular(fields: Fields) -> dict[str, Any]:
    return {
        "columns": fields.each("columns", column_of),
        "header": fields.flag("header", default=True),
        "trailer": fields.group("trailer", _trailer),
        "group_by": fields.group("group_by", grouping_of),
    }


def _trailer(fields: Fields) -> Trailer:
    trailer = Trailer(
        tag=fields.text("tag"),
        count=fields.number("count", 0, most=1_000),
        counts=fields.choice("counts", ("rows", "all", "documents"), "rows"),
        sums=fields.mapping("sums", int),
    )
    if trailer.count == 1:
        raise fields.fault("count", "The first cell is the tag.")
    for name, place in trailer.sums.items():
        if not 2 <= place <= 1_000 or place == trailer.count:
            raise fields.fault(f"sums.{name}", "This must be a cell of its own, from 2 on.")
    return trailer


def _check_tabular(fields: Fields, profile: Tabular) -> None:
    unique(fields, "columns", [column.name for column in profile.columns])
    unique(fields, "columns", [column.heading for column in profile.columns])
    if not profile.header and not profile.columns:
        raise fields.fault("columns", "Without a header the columns have to be named here.")
    names = {column.name: column.kind for column in profile.columns}
    check_grouping(fields, profile.group_by, set(names))
    for name in profile.trailer.sums if profile.trailer else ():
        if names.get(name) not in NUMBERS:
            raise fields.fault(f"trailer.sums.{name}", "There is no such column of numbers.")


_MAKE: Final[dict[str, Callable[[Fields], AnyProfile]]] = {
    "delimited": _delimited,
    "fixed": fixed_of,
    "xml": xml_of,
    "xlsx": _xlsx,
}
