"""A table that is in memory, read as a database would: narrowed, ordered, and a page behind a row. Pure.

Values are Python's own: int, Decimal, bool, date, str, and times in the endpoint's zone without an offset.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from operator import eq, ge, gt, le, lt
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from integrations.resources.relations import (
    DELETED,
    Column,
    Condition,
    Order,
    Reading,
    RowRefusedError,
)

Row = tuple[Any, ...]
_COMPARES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": eq, ">": gt, "<": lt, ">=": ge, "<=": le, "prefix": lambda left, right: left.startswith(right),
    "in": lambda left, right: left in right,
}  # fmt: skip


class Table(NamedTuple):
    """Rows with the values of `columns` in their order; times are in `zone`."""

    columns: tuple[Column, ...]
    rows: Sequence[Row]
    zone: ZoneInfo

    def place(self, name: str) -> tuple[int, str]:
        """Where a column's values stand, and what they are. RowRefusedError for one that there is not."""
        for at, one in enumerate(self.columns):
            if one.name == name:
                return at, one.kind
        raise RowRefusedError(f"There is no column {name} any more.")


def value_of(value: Any, kind: str, zone: ZoneInfo) -> Any:
    """JSON, or what a cursor kept, as a value of `kind`. ValueError for what is none."""
    if value is None:
        return None
    if isinstance(value, dict | list):
        raise ValueError("It holds several values.")
    try:
        return _VALUES[kind](value, zone)
    except (ValueError, InvalidOperation, OverflowError, KeyError):
        raise ValueError(f"{str(value)[:40]!r} is no {kind}.") from None


def _moment(value: Any, zone: ZoneInfo) -> datetime:
    found = datetime.fromisoformat(str(value))
    return found.astimezone(zone).replace(tzinfo=None) if found.tzinfo else found


def _number(value: Any, zone: ZoneInfo) -> Decimal:
    """What is no number, such as NaN, cannot be compared with one."""
    found = Decimal(str(value))
    if not found.is_finite():
        raise ValueError
    return found


def _boolean(value: Any, zone: ZoneInfo) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[str(value).lower()]


def _text(value: Any, zone: ZoneInfo) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


_VALUES: Final[Mapping[str, Callable[[Any, ZoneInfo], Any]]] = {
    "string": _text,
    "integer": lambda value, zone: int(str(value)),
    "decimal": _number,
    "boolean": _boolean,
    "date": lambda value, zone: date.fromisoformat(str(value)),
    "datetime": _moment,
}


def read(table: Table, reading: Reading) -> list[dict[str, Any]]:
    """What `reading` asks for. RowRefusedError for a value that cannot be compared."""
    meets = [_predicate(table, one) for one in reading.conditions]
    found = [row for row in table.rows if all(one(row) for one in meets)]
    if reading.after is not None:
        behind = _behind(table, reading.order, reading.after)
        found = [row for row in found if behind(row)]
    for one in reversed(reading.order):
        at, _ = table.place(one.column)
        found.sort(key=_rank(at, last=not one.descending), reverse=one.descending)
    is_deleted = _predicate(table, reading.deleted) if reading.deleted else None
    places = [(name, table.place(name)[0]) for name in reading.columns]
    return [
        {name: row[at] for name, at in places}
        | ({DELETED: int(is_deleted(row))} if is_deleted else {})
        for row in found[: reading.limit]
    ]


def _rank(at: int, *, last: bool) -> Callable[[Row], tuple[bool, Any]]:
    """What a column is sorted by: nothing comes last either way."""
    return lambda row: ((row[at] is None) == last, row[at])


def _predicate(table: Table, one: Condition) -> Callable[[Row], bool]:
    at, kind = table.place(one.column)
    if one.compare in ("in", "not in"):
        wanted = {_wanted(value, kind, table.zone) for value in one.value}
        if one.compare == "not in":
            return lambda row: row[at] not in wanted
        return lambda row: row[at] in wanted
    value = _wanted(one.value, "string" if one.compare == "prefix" else kind, table.zone)
    compare = _COMPARES[one.compare]
    if one.compare == "prefix" and kind != "string":
        raise RowRefusedError(f"Only a text has a beginning, and {one.column} holds {kind}.")
    return lambda row: row[at] is not None and compare(row[at], value)


def _wanted(value: Any, kind: str, zone: ZoneInfo) -> Any:
    try:
        return value_of(value, kind, zone)
    except ValueError as error:
        raise RowRefusedError(str(error)) from None


def _behind(table: Table, order: Sequence[Order], after: Sequence[Any]) -> Callable[[Row], bool]:
    """Whether a row comes behind these values: in the first column, or equal there and behind in the next."""
    steps = []
    for one, value in zip(order, after, strict=True):
        at, kind = table.place(one.column)
        steps.append((at, _wanted(value, kind, table.zone), one.descending))

    def behind(row: Row) -> bool:
        for at, value, descending in steps:
            mine = row[at]
            if mine == value:
                continue
            if mine is None or value is None:
                return mine is None
            return bool(mine < value if descending else mine > value)
        return False

    return behind
