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


CATALOGUE: Final[dict[str, Kind]] = {
    # bytes
    "empty_file": Kind("reject", "malformed_document", "The file is empty."),
    "too_large": Kind("reject", "too_large", "The file is larger than agreed ({value} bytes)."),
    "encoding_error": Kind("reject", "encoding_error", "The bytes {value} are no text in the agreed charset."),
    "wrong_charset": Kind("reject", "encoding_error", "The file is written in {value} and not in the agreed charset."),
    "nul_bytes": Kind("reject", "encoding_error", "The file holds zero bytes, which are no text."),
    "replacement_character": Kind("warn", "encoding_error", "A character was lost before the file came: “{value}”."),
    # form
    "mixed_line_ends": Kind("reject", "malformed_document", "The line ends with {value}, others do not: it may be cut."),
    "line_too_long": Kind("reject", "too_large", "The row is longer than {value} characters."),
    "field_too_long": Kind("reject", "too_large", "A cell is longer than {value} characters."),
    "too_many_rows": Kind("reject", "too_large", "The file has more than {value} rows."),
    "too_many_columns": Kind("reject", "too_large", "The row has more than {value} columns."),
    "too_many_values": Kind("reject", "too_large", "The file has more than {value} values."),
    "open_quote": Kind("reject", "malformed_document", "A quotation mark is open or stands in the wrong place."),
    "row_too_wide": Kind("reject", "malformed_document", "The row is longer than the columns agreed: “{value}”."),
    "row_too_short": Kind("reject", "malformed_document", "The row is shorter than the columns agreed ({value})."),
    "torn_record": Kind("reject", "malformed_document", "The file ends within a record, after {value} characters of it."),
    "too_many_problems": Kind("reject", "malformed_document", "More than {value} values are wrong: file and profile do not fit."),
    # columns
    "header_missing": Kind("reject", "malformed_document", "The row that names the columns is missing."),
    "column_unnamed": Kind("reject", "schema_drift", "Column {value} has no name."),
    "column_twice": Kind("reject", "schema_drift", "Two columns have the name “{value}”."),
    "column_missing": Kind("reject", "schema_drift", "The column is missing."),
    "column_new": Kind("reject", "schema_drift", "The column “{value}” is new."),
    "column_renamed": Kind("reject", "schema_drift", "The column seems to be called “{value}” now."),
    "column_moved": Kind("warn", "schema_drift", "The column has moved to place {value}."),
    # records and totals
    "unknown_record": Kind("reject", "schema_drift", "No record with the tag “{value}” was agreed."),
    "record_out_of_place": Kind("reject", "malformed_document", "The record “{value}” stands where it cannot."),
    "record_repeated": Kind("reject", "malformed_document", "The record “{value}” stands twice and may once."),
    "trailer_missing": Kind("reject", "envelope_error", "The trailer “{value}” is missing: the file may be cut off."),
    "trailer_not_last": Kind("reject", "envelope_error", "Rows follow behind the trailer “{value}”."),
    "trailer_count": Kind("reject", "envelope_error", "The trailer counts otherwise: {value}."),
    "trailer_sum": Kind("reject", "envelope_error", "The trailer sums up otherwise: {value}."),
    # values
    "value_missing": Kind("quarantine", "missing_field", "The value is missing."),
    "not_a_number": Kind("quarantine", "wrong_type", "“{value}” is not a number in the agreed form."),
    "not_whole": Kind("quarantine", "wrong_type", "“{value}” is not a whole number."),
    "not_a_date": Kind("quarantine", "wrong_format", "“{value}” is not a date in the agreed form."),
    "not_a_time": Kind("quarantine", "wrong_format", "“{value}” is not a time in the agreed form."),
    "not_yes_or_no": Kind("quarantine", "wrong_type", "“{value}” is neither of the words agreed for yes and no."),
    "not_a_value": Kind("quarantine", "wrong_type", "There is a group or a list where a value was agreed."),
    "group_differs": Kind("quarantine", "conflict", "“{value}” is not what other rows of the document say."),
    "group_key_missing": Kind("quarantine", "missing_field", "The row does not say which document it belongs to."),
    # workbooks
    "not_a_workbook": Kind("reject", "malformed_document", "The file is no Excel workbook, or it is damaged."),
    "old_workbook": Kind("reject", "malformed_document", "The file is an old Excel file or has a password."),
    "zip_bomb": Kind("reject", "too_large", "The workbook unpacks to more than {value} MB."),
    "workbook_entities": Kind("reject", "malformed_document", "The workbook declares XML entities, and is not read."),
    "sheet_missing": Kind("reject", "schema_drift", "There is no such sheet, only {value}."),
    "more_sheets": Kind("warn", "schema_drift", "Only the first sheet was read of {value}."),
    "formula": Kind("quarantine", "wrong_type", "“{value}” is a formula or an error, and is not computed."),
    "digits_lost": Kind("quarantine", "wrong_format", "Excel keeps 15 digits of a number; {value} may have had more."),
    "date_for_excel": Kind("quarantine", "wrong_type", "Excel took the code for a date: {value}."),
    # XML
    "not_xml": Kind("reject", "malformed_document", "The file is not XML: {value}."),
    "xml_doctype": Kind("reject", "malformed_document", "The file declares a document type, which could name entities and outside files."),
    "xml_too_deep": Kind("reject", "too_large", "Elements nest deeper than {value} levels."),
    "xml_root": Kind("reject", "schema_drift", "The file begins with “{value}”, which was not agreed."),
    # writing
    "value_too_long": Kind("reject", "wrong_format", "“{value}” is longer than its column."),
    "value_unwritable": Kind("reject", "wrong_type", "“{value}” cannot be written in this column."),
    "character_unwritable": Kind("reject", "wrong_format", "“{value}” holds a character that the file cannot."),
    "field_unknown": Kind("reject", "unknown_field", "The profile has no place for it."),
    "document_empty": Kind("reject", "missing_field", "There is nothing in the document to write."),
    "lines_missing": Kind("reject", "missing_field", "The document has no lines, and only lines are written."),
}  # fmt: skip

# What a partner may be allowed all the same: read as well as can be, and remarked on.
TOLERABLE: Final = frozenset(
    {"wrong_charset", "mixed_line_ends", "row_too_short", "column_missing", "column_new", "column_renamed"}
)  # fmt: skip


def worst(severities: Iterable[str]) -> str:
    """The worst of the severities; “accept” of none."""
    return max(severities, key=SEVERITIES.index, default="accept")


def as_problems(issues: Iterable[Issue], *, remarks: bool = False) -> list[Problem]:
    """The issues as the hub's problems: those that hold a document, or with `remarks` the others.

    The path names the place: `lines of the file` have no other name than their row.
    """
    return [
        Problem(CATALOGUE[issue.code].code, _path(issue), issue.value, issue.text)
        for issue in issues
        if (issue.severity == "warn") is remarks
    ]


def _path(issue: Issue) -> str:
    return issue.column
