"""What can be wrong with a flat file, how bad it is, and in plain words."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from integrations.canonical.problem import Problem

Severity = Literal["warn", "quarantine", "reject"]
SEVERITIES: Final = ("warn", "quarantine", "reject")


class Kind(NamedTuple):
    """How bad it is, the hub's code for it, and a sentence without a place."""

    severity: Severity
    code: str
    sentence: str


class Issue(NamedTuple):
    """One thing wrong. `reject`: nothing of the file counts. `quarantine`: the document (`document`, its
    index in the reading) is there with the value as it was sent. `warn`: read all the same.

    `row` counts from 1 as an editor does (XLSX: as Excel does; None: the whole file); `column` is the
    name in documents, or as the file has it where the profile does not know it.
    """

    code: str
    severity: Severity
    row: int | None
    column: str
    value: str
    document: int | None = None

    @property
    def text(self) -> str:
        """One plain sentence with the place."""
        place = f"Row {self.row}" if self.row is not None else ""
        if self.column:
            place = f"{place}, {self.column}" if place else self.column
        sentence = CATALOGUE[self.code].sentence.replace("{value}", self.value)
        return f"{place}: {sentence}" if place else sentence


def _kinds(severity: Severity, code: str, sentences: dict[str, str]) -> dict[str, Kind]:
    return {name: Kind(severity, code, sentence) for name, sentence in sentences.items()}


CATALOGUE: Final[dict[str, Kind]] = {
    **_kinds("reject", "malformed_document", {
        "empty_file": "The file is empty.",
        "mixed_line_ends": "The line ends with {value}, others do not: it may be cut.",
        "open_quote": "A quotation mark is open or stands in the wrong place.",
        "row_too_wide": "The row is longer than the columns agreed: “{value}”.",
        "row_too_short": "The row is shorter than the columns agreed ({value}).",
        "torn_record": "The file ends within a record, after {value} characters of it.",
        "too_many_problems": "More than {value} values are wrong: file and profile do not fit.",
        "header_missing": "The row that names the columns is missing.",
        "record_out_of_place": "The record “{value}” stands where it cannot.",
        "record_repeated": "The record “{value}” stands twice and may once.",
        "trailer_missing": "The trailer “{value}” is missing: the file may be cut off.",
        "trailer_not_last": "Rows follow behind the trailer “{value}”.",
        "trailer_count": "The trailer counts otherwise: {value}.",
        "trailer_sum": "The trailer sums up otherwise: {value}.",
        "not_a_workbook": "The file is no Excel workbook, or it is damaged.",
        "old_workbook": "The file is an old Excel file or has a password.",
        "workbook_entities": "The workbook declares XML entities, and is not read.",
        "not_xml": "The file is not XML: {value}.",
        "xml_doctype": "The file declares a document type: it could name entities and outside files.",
    }),
    **_kinds("reject", "too_large", {
        "too_large": "The file is larger than agreed ({value} bytes).",
        "line_too_long": "The row is longer than {value} characters.",
        "field_too_long": "A cell is longer than {value} characters.",
        "too_many_rows": "The file has more than {value} rows.",
        "too_many_columns": "The row has more than {value} columns.",
        "too_many_values": "The file has more than {value} values.",
        "zip_bomb": "The workbook unpacks to more than {value} MB.",
        "xml_too_deep": "Elements nest deeper than {value} levels.",
    }),
    **_kinds("reject", "encoding_error", {
        "encoding_error": "The bytes {value} are no text in the agreed charset.",
        "wrong_charset": "The file is written in {value} and not in the agreed charset.",
        "nul_bytes": "The file holds zero bytes, which are no text.",
    }),
    **_kinds("reject", "schema_drift", {
        "column_unnamed": "Column {value} has no name.",
        "column_twice": "Two columns have the name “{value}”.",
        "column_missing": "The column is missing.",
        "column_new": "The column “{value}” is new.",
        "column_renamed": "The column seems to be called “{value}” now.",
        "unknown_record": "No record with the tag “{value}” was agreed.",
        "sheet_missing": "There is no such sheet, only {value}.",
        "xml_root": "The file begins with “{value}”, which was not agreed.",
    }),
    **_kinds("reject", "wrong_format", {
        "value_too_long": "“{value}” is longer than its column.",
        "character_unwritable": "“{value}” holds a character that the file cannot.",
    }),
    **_kinds("reject", "wrong_type", {
        "value_unwritable": "“{value}” cannot be written in this column.",
    }),
    **_kinds("reject", "unknown_field", {
        "field_unknown": "The profile has no place for it.",
    }),
    **_kinds("reject", "missing_field", {
        "document_empty": "There is nothing in the document to write.",
        "lines_missing": "The document has no lines, and only lines are written.",
    }),
    **_kinds("quarantine", "missing_field", {
        "value_missing": "The value is missing.",
        "group_key_missing": "The row does not say which document it belongs to.",
    }),
    **_kinds("quarantine", "wrong_type", {
        "not_a_number": "“{value}” is not a number in the agreed form.",
        "not_whole": "“{value}” is not a whole number.",
        "not_yes_or_no": "“{value}” is neither of the words agreed for yes and no.",
        "not_a_value": "There is a group or a list where a value was agreed.",
        "formula": "“{value}” is a formula or an error, and is not computed.",
        "date_for_excel": "Excel took the code for a date: {value}.",
    }),
    **_kinds("quarantine", "wrong_format", {
        "not_a_date": "“{value}” is not a date in the agreed form.",
        "not_a_time": "“{value}” is not a time in the agreed form.",
        "group_differs": "“{value}” is not what other rows of the document say.",
        "digits_lost": "Excel keeps 15 digits of a number; {value} may have had more.",
    }),
    **_kinds("warn", "encoding_error", {
        "replacement_character": "A character was lost before the file came: “{value}”.",
    }),
    **_kinds("warn", "schema_drift", {
        "column_moved": "The column has moved to place {value}.",
        "more_sheets": "Only the first sheet was read of {value}.",
    }),
}  # fmt: skip

# What a partner may be allowed all the same: read as well as can be, and remarked on.
TOLERABLE: Final = frozenset(
    {"wrong_charset", "mixed_line_ends", "row_too_short", "column_missing", "column_new", "column_renamed"}
)  # fmt: skip

# What a document does not show: another value that it had, too, or what a workbook made of it.
UNSEEN: Final = frozenset(
    {"group_differs", "group_key_missing", "formula", "digits_lost", "date_for_excel"}
)


def worst(severities: Iterable[str]) -> str:
    """The worst of the severities; “accept” of none."""
    return max(severities, key=SEVERITIES.index, default="accept")


def as_problems(issues: Iterable[Issue], *, remarks: bool = False) -> list[Problem]:
    """The issues as the hub's problems: those that hold documents, or with `remarks` the others.

    The path is the column without its row, so that one cause in many rows makes one case.
    """
    return [
        Problem(CATALOGUE[issue.code].code, issue.column, issue.value, issue.text)
        for issue in issues
        if (issue.severity == "warn") is remarks
    ]
