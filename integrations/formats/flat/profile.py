"""What was agreed with one sender or receiver of files: how they are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

ValueKind = Literal["text", "integer", "decimal", "date", "time", "datetime", "boolean"]
VALUE_KINDS: Final = ("text", "integer", "decimal", "date", "time", "datetime", "boolean")
NEGATIVES: Final = ("leading", "trailing", "brackets")
YES: Final = ("true", "yes", "y", "1")
NO: Final = ("false", "no", "n", "0")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One value of each row. `name` is what documents call it, `title` what a file's header does.

    `formats` are tried in order (as `strftime`, without names of days and months) and the first one is
    written; none: the profile's. `places`: digits behind a decimal mark that is not written (00123 with
    2 is 1.23). `decimals`: digits that are written at least. `nothing`: texts that mean no value.
    """

    name: str
    kind: ValueKind = "text"
    title: str = ""
    required: bool = False
    formats: tuple[str, ...] = ()
    places: int = 0
    decimals: int = 0
    nothing: tuple[str, ...] = ()
    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO

    @property
    def heading(self) -> str:
        return self.title or self.name


@dataclass(frozen=True, kw_only=True)
class FixedColumn(Column):
    """A column by its place, in characters counted from 1. Numbers may be filled with zeros."""

    start: int
    length: int
    align: Literal["left", "right"] = "left"
    fill: str = " "

    @property
    def end(self) -> int:
        return self.start - 1 + self.length


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """Rows with the same `by` are one document: `by` and `head` stand once, the rest in `lines`."""

    by: tuple[str, ...]
    head: tuple[str, ...] = ()
    lines: str = "lines"


@dataclass(frozen=True, kw_only=True)
class Trailer:
    """The last row, known by `tag` in its first cell. Cells are counted from 1.

    `count`: the cell with the number of rows (`counts` “rows”), of rows with header and trailer (“all”)
    or of documents (“documents”); 0: none. `sums`: column → cell with its sum.
    """

    tag: str
    count: int = 0
    counts: Literal["rows", "all", "documents"] = "rows"
    sums: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One kind of line of a fixed-width file, known by its tag.

    `role`: “document” begins a document, “part” belongs to the last record called `within` (empty: to
    the document) as a group, or with `many` as an entry of a list; “header” and “trailer” stand around
    all documents. `counts`: column → record whose number it says, “records” for all or “documents”;
    `sums`: column → “record.column” it sums up. They are of the file for a trailer, of the document
    for a part.
    """

    name: str
    columns: tuple[FixedColumn, ...]
    tag: str = ""
    role: Literal["header", "document", "part", "trailer"] = "document"
    within: str = ""
    many: bool = False
    counts: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)

    @property
    def checks(self) -> bool:
        return bool(self.counts or self.sums)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What all formats share. `tolerate`: codes of `issues.TOLERABLE` that are only remarked on.

    `timezone`: of times that say none, as the tz database names it; empty: they stay without.
    """

    charset: str = "utf-8"
    decimal_mark: str = "."
    thousands_mark: str = ""
    negative: Literal["leading", "trailing", "brackets"] = "leading"
    date_formats: tuple[str, ...] = ("%Y-%m-%d",)
    time_formats: tuple[str, ...] = ("%H:%M:%S", "%H:%M")
    datetime_formats: tuple[str, ...] = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
    timezone: str = ""
    trim: bool = True
    tolerate: frozenset[str] = frozenset()
    max_bytes: int = 100_000_000
    max_rows: int = 1_000_000
    max_columns: int = 1_000
    max_line: int = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Tabular(Profile):
    """Rows of cells. Without `columns` every column is taken as text, under the name it has."""

    columns: tuple[Column, ...] = ()
    header: bool = True
    trailer: Trailer | None = None
    group_by: Grouping | None = None


@dataclass(frozen=True, kw_only=True)
class Delimited(Tabular):
    """Separated text. `skip`: lines before the header. `comment`: how lines to leave out begin.
    `quote` may be empty: then no cell can hold the delimiter."""

    delimiter: str = ","
    quote: str = '"'
    comment: str = ""
    skip: int = 0
    line_end: str = "\r\n"
    byte_order_mark: bool = False


@dataclass(frozen=True, kw_only=True)
class Xlsx(Tabular):
    """One sheet of a workbook. `sheet` empty: the first one. `header_row` as Excel counts."""

    sheet: str = ""
    header_row: int = 1


@dataclass(frozen=True, kw_only=True)
class FixedWidth(Profile):
    """Lines of columns at fixed places. `tag_start` 0: there is one kind of record without a tag.
    `record_length`: records of so many characters without line ends; 0: one in each line."""

    records: tuple[Record, ...]
    tag_start: int = 0
    tag_length: int = 0
    record_length: int = 0
    skip: int = 0
    line_end: str = "\r\n"
    group_by: Grouping | None = None


@dataclass(frozen=True, kw_only=True)
class Xml(Profile):
    """Elements below `record` (“Orders/Order”, from the root) are the documents.

    A document has elements by their names without namespace, attributes as `@name`, the text beside
    either as `#text`. `columns` are named by path below the record (“Line/Qty”, “@id”); with any, other
    paths are new columns. `lists`: paths that are a list even with one entry. `beside`: names of elements
    around the documents to leave out. `count`: path from the root of how many documents there are.
    `charset` empty: the file's own.
    """

    charset: str = ""
    record: str
    columns: tuple[Column, ...] = ()
    lists: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    count: str = ""
    namespace: str = ""
    max_depth: int = 64
    max_values: int = 5_000_000


AnyProfile = Delimited | FixedWidth | Xml | Xlsx
