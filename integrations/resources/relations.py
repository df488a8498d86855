"""Tables, views and procedures of a system, and what can be asked of them. Pure: no text of SQL anywhere."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

# What a column holds. `unfit` is what no JSON says in one way: bytes, arrays, intervals.
ColumnKind = Literal["string", "integer", "decimal", "boolean", "date", "datetime", "unfit"]
Compare = Literal["=", ">", "<", ">=", "<=", "prefix", "in", "not in"]
DELETED: Final = "deleted"  # of a row read with `Reading.deleted`: 1 or 0


class Column(NamedTuple):
    """One column. `has_default`: whoever writes may leave it out. `with_offset`: its times keep theirs."""

    name: str
    kind: ColumnKind
    nullable: bool = True
    has_default: bool = False
    with_offset: bool = False


class Relation(NamedTuple):
    """A table, a view or a kind of file. `name` is `table`, or `schema.table` outside of the usual one.

    `key`: the columns of the primary key; views and files have none. `read_only`: why no row is made."""

    name: str
    is_view: bool
    columns: tuple[Column, ...] = ()
    key: tuple[str, ...] = ()
    is_file: bool = False
    read_only: str = ""

    def column(self, name: str) -> Column | None:
        return next((one for one in self.columns if one.name == name), None)


class Procedure(NamedTuple):
    """A stored procedure or function, and what it takes."""

    name: str
    takes: tuple[Column, ...] = ()


class Condition(NamedTuple):
    """A column compared with a value; with a list after `in` and `not in`. NULL is `not in` any list."""

    column: str
    compare: Compare
    value: Any


class Order(NamedTuple):
    """A column to sort by. NULL comes last either way."""

    column: str
    descending: bool = False


class Reading(NamedTuple):
    """Rows of a relation: `columns` of those that meet all `conditions`, in `order`, behind the row whose
    values in the columns of `order` are `after`. `deleted` marks a row as deleted, and is told with it."""

    relation: str
    columns: Sequence[str]
    conditions: Sequence[Condition] = ()
    order: Sequence[Order] = ()
    after: Sequence[Any] | None = None
    limit: int = 100
    deleted: Condition | None = None


class Writing(NamedTuple):
    """A row to be made: by a procedure that takes `values`, or, without one, by an insert of them.

    `look_up` finds what is there already; it is asked first, and again afterwards, in one transaction.
    """

    relation: str
    values: Mapping[str, Any]
    look_up: Reading
    procedure: str = ""


class Written(NamedTuple):
    """The row as it stands there now. `is_new`: it was not there before."""

    row: Mapping[str, Any]
    is_new: bool


class RowRefusedError(Exception):
    """The system said no to the row or the question, in its own words."""


class RowDiffersError(Exception):
    """A row of that key was made already and said something else."""


class FileUnfitError(Exception):
    """A file is not what was agreed, or cannot be a table; the text says where."""
