"""Rows of a table or view as statements that SQLAlchemy writes: names quoted, values bound, nothing typed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    TableClause,
    and_,
    bindparam,
    case,
    column,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.sql import quoted_name
from sqlalchemy.types import NullType, String

from integrations.resources.relations import DELETED, Condition, Order, Procedure, Reading
from integrations.transports.sql import Transaction

Predicate = ColumnElement[bool]


def read(transaction: Transaction, reading: Reading) -> list[dict[str, Any]]:
    """The rows, each by the names of its columns."""
    names = {f"c{at}": name for at, name in enumerate(reading.columns)}
    if reading.deleted:
        names["gone"] = DELETED
    rows = transaction.fetch(_select(reading))
    return [{names[label]: value for label, value in row.items()} for row in rows]


def add(transaction: Transaction, relation: str, values: Mapping[str, Any]) -> None:
    """Insert one row; columns that are not named get their defaults."""
    into = _table(relation, values)
    statement = insert(into).values({name: _bound(value) for name, value in values.items()})
    transaction.fetch(statement)


def call(transaction: Transaction, procedure: Procedure, values: Mapping[str, Any]) -> None:
    """Call a procedure; what it takes and is not given gets its default, or NULL."""
    quote = transaction.quote
    taken = [
        one.name
        for one in procedure.takes
        if values.get(one.name) is not None or not one.has_default
    ]
    bound = {f"p{at}": values.get(name) for at, name in enumerate(taken)}
    is_named = transaction.dialect == "postgresql"
    given = ", ".join(
        f"{quote(name)} => :p{at}" if is_named else f":p{at}" for at, name in enumerate(taken)
    )
    name = ".".join(map(quote, procedure.name.split(".")))
    is_function = is_named and _is_function(transaction, procedure.name)
    statement = text(f"{'SELECT * FROM' if is_function else 'CALL'} {name}({given})")
    transaction.fetch(statement.bindparams(*_plain(bound)))


def _plain(values: Mapping[str, Any]) -> list[BindParameter[Any]]:
    return [bindparam(name, value, type_=NullType()) for name, value in values.items()]


def _is_function(transaction: Transaction, name: str) -> bool:
    schema, _, own = name.rpartition(".")
    found = transaction.run(
        "SELECT p.prokind = 'f' AS is_function FROM pg_proc p JOIN pg_namespace n"
        " ON n.oid = p.pronamespace WHERE p.proname = :name"
        " AND n.nspname = coalesce(nullif(:schema, ''), current_schema())",
        {"name": own, "schema": schema},
    )
    return bool(found.rows and found.rows[0]["is_function"])


def _select(reading: Reading) -> Select[Any]:
    of = _table(reading.relation, _named(reading))
    wanted: list[Any] = [of.c[name].label(f"c{at}") for at, name in enumerate(reading.columns)]
    if reading.deleted:
        deleted = _condition(of, reading.deleted)
        wanted.append(case((deleted, literal_column("1")), else_=literal_column("0")).label("gone"))
    found = select(*wanted).where(*(_condition(of, one) for one in reading.conditions))
    if reading.after is not None:
        found = found.where(_behind(of, reading.order, reading.after))
    return found.order_by(*_ordered(of, reading.order)).limit(reading.limit)


def _named(reading: Reading) -> list[str]:
    """Every column that the reading names, each once. They stand in statements with their table's name:
    alone, SQLite takes a quoted name that it does not know for a text."""
    names = [
        *reading.columns,
        *(one.column for one in reading.conditions),
        *(one.column for one in reading.order),
        *([reading.deleted.column] if reading.deleted else []),
    ]
    return list(dict.fromkeys(names))


def _table(name: str, columns: Iterable[str]) -> TableClause:
    schema, _, own = name.rpartition(".")
    of = quoted_name(schema, quote=True) if schema else None
    names = (quoted_name(one, quote=True) for one in columns)
    return table(quoted_name(own, quote=True), *map(column, names), schema=of)


def _condition(of: TableClause, one: Condition) -> Predicate:
    left = of.c[one.column]
    if one.compare == "in":
        return left.in_([_bound(value) for value in one.value])
    if one.compare == "not in":
        return or_(left.is_(None), left.not_in([_bound(value) for value in one.value]))
    if one.compare == "prefix":
        escaped = one.value.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        return left.like(bindparam(None, f"{escaped}%", type_=String()), escape="!")
    return _compared(left, one.compare, one.value)


def _compared(left: Any, compare: str, value: Any) -> Predicate:
    return left.bool_op(compare)(_bound(value))  # type: ignore[no-any-return]  # a few words of ours


def _behind(of: TableClause, order: Sequence[Order], after: Sequence[Any]) -> Predicate:
    """Rows behind these values: in the first column, or equal there and behind in the next. NULL is last."""
    behind: list[Predicate] = []
    equal: list[Predicate] = []
    for one, value in zip(order, after, strict=True):
        left = of.c[one.column]
        if value is None:
            equal.append(left.is_(None))
            continue
        further = _compared(left, "<" if one.descending else ">", value)
        behind.append(and_(*equal, or_(further, left.is_(None))))
        equal.append(_compared(left, "=", value))
    return or_(*behind)


def _ordered(of: TableClause, order: Sequence[Order]) -> list[Any]:
    found: list[Any] = []
    for one in order:
        left = of.c[one.column]
        found.append(case((left.is_(None), literal_column("1")), else_=literal_column("0")))
        found.append(left.desc() if one.descending else left.asc())
    return found


def _bound(value: Any) -> BindParameter[Any]:
    """Without a type of ours the database reads it as its column wants it."""
    return bindparam(None, value, type_=NullType(), unique=True)
