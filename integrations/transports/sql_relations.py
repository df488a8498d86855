"""What a database has: its tables, views and procedures, as far as the login may see them."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Inspector, text, types
from sqlalchemy.exc import DBAPIError, NoSuchTableError
from sqlalchemy.types import TypeEngine

from integrations.resources.relations import Column, ColumnKind, Procedure, Relation
from integrations.transports.sql import Transaction
from integrations.transports.sql_errors import judge

MOST: Final = 2_000
_VIEW: Final = "it is a view: rows are created by a procedure, or in a table."
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OWN_SCHEMAS: Final = frozenset(
    {"information_schema", "mysql", "performance_schema", "sys", "pg_catalog", "pg_toast"}
)
# The first that fits decides: a time is a date to some drivers, yes or no a number.
_KINDS: Final[tuple[tuple[type[TypeEngine[Any]], ColumnKind], ...]] = (
    (types.Boolean, "boolean"),
    (types.Integer, "integer"),
    (types.Numeric, "decimal"),
    (types.DateTime, "datetime"),
    (types.Date, "date"),
    (types.Uuid, "string"),
    (types.String, "string"),
)
_POSTGRESQL_KINDS: Final[dict[str, ColumnKind]] = {
    "boolean": "boolean", "smallint": "integer", "integer": "integer", "bigint": "integer",
    "numeric": "decimal", "real": "decimal", "double precision": "decimal", "date": "date",
    "timestamp without time zone": "datetime", "timestamp with time zone": "datetime",
    "text": "string", "character varying": "string", "character": "string", "uuid": "string",
}  # fmt: skip
_MYSQL_KINDS: Final[dict[str, ColumnKind]] = {
    "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer",
    "bigint": "integer", "decimal": "decimal", "float": "decimal", "double": "decimal",
    "date": "date", "datetime": "datetime", "timestamp": "datetime", "char": "string",
    "varchar": "string", "text": "string", "mediumtext": "string", "longtext": "string",
}  # fmt: skip
# One row for each parameter that goes in. Several procedures of one name are none: a call could mean any.
_PROCEDURES: Final = {
    "postgresql": """
SELECT CASE WHEN n.nspname = current_schema() THEN p.proname ELSE n.nspname || '.' || p.proname END AS name,
    a.name AS parameter, CASE WHEN a.name IS NULL THEN NULL ELSE format_type(a.type, NULL) END AS type,
    coalesce(a.place > p.pronargs - p.pronargdefaults, false) AS has_default
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN LATERAL (
    SELECT t.name, t.type, row_number() OVER (ORDER BY t.at) AS place
    FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes::text[])
        WITH ORDINALITY AS t(type, name, mode, at)
    WHERE coalesce(t.mode, 'i') IN ('i', 'b') AND t.type IS NOT NULL
) a ON true
WHERE p.prokind IN ('p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND p.provariadic = 0 AND NOT (p.prokind = 'p' AND 'o' = ANY(coalesce(p.proargmodes::text[], '{}')))
    AND p.prorettype <> 'trigger'::regtype AND has_function_privilege(p.oid, 'EXECUTE')
    AND NOT EXISTS (SELECT FROM pg_proc o WHERE o.oid <> p.oid AND o.proname = p.proname
        AND o.pronamespace = p.pronamespace)
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1, a.place
""",
    "mysql": """
SELECT r.routine_name AS name, p.parameter_name AS parameter, p.data_type AS type, 0 AS has_default
FROM information_schema.routines r LEFT JOIN information_schema.parameters p
    ON p.specific_schema = r.routine_schema AND p.specific_name = r.specific_name
WHERE r.routine_schema = database() AND r.routine_type = 'PROCEDURE' AND NOT EXISTS (
    SELECT 1 FROM information_schema.parameters o WHERE o.specific_schema = r.routine_schema
        AND o.specific_name = r.specific_name AND o.parameter_mode <> 'IN')
ORDER BY r.routine_name, p.ordinal_position
""",
}


def relations(transaction: Transaction) -> list[Relation]:
    """Tables and views by name, without their columns."""
    try:
        return list(_relations(transaction.inspector()))[:MOST]
    except DBAPIError as error:
        raise judge(error) from error


def _relations(inspector: Inspector) -> Iterator[Relation]:
    usual = inspector.default_schema_name
    schemas: list[str | None] = [None]
    if inspector.dialect.name == "postgresql":
        others = (one for one in inspector.get_schema_names() if one != usual)
        schemas += [one for one in others if one not in _OWN_SCHEMAS and _sane(one)]
    for schema in schemas:
        before = f"{schema}." if schema else ""
        views = {*inspector.get_view_names(schema=schema)}
        if inspector.dialect.name == "postgresql":
            views |= {*inspector.get_materialized_view_names(schema=schema)}
        tables = {*inspector.get_table_names(schema=schema)} - views
        found = sorted((name, name in views) for name in tables | views if _sane(name))
        yield from (
            Relation(f"{before}{name}", is_view, read_only=_VIEW if is_view else "")
            for name, is_view in found
        )


def _sane(name: str) -> bool:
    return bool(name) and "." not in name and name.isprintable()


def relation(transaction: Transaction, name: str) -> Relation | None:
    """One table or view with its columns; None where the login sees none of this name."""
    there = next((one for one in relations(transaction) if one.name == name), None)
    if there is None:
        return None
    inspector = transaction.inspector()
    schema, _, table = name.rpartition(".")
    try:
        found = inspector.get_columns(table, schema=schema or None)
        key = inspector.get_pk_constraint(table, schema=schema or None)
    except NoSuchTableError:
        return None
    except DBAPIError as error:
        raise judge(error) from error
    dialect = inspector.dialect.name
    columns = tuple(_column(one, dialect) for one in found)
    return there._replace(columns=columns, key=tuple(key.get("constrained_columns") or ()))


def _column(found: Any, dialect: str) -> Column:
    generated = found.get("autoincrement") is True or found.get("identity") or found.get("computed")
    is_row_id = dialect == "sqlite" and found.get("primary_key") and isinstance(
        found["type"], types.Integer
    )  # fmt: skip
    has_default = bool(found.get("default") is not None or generated or is_row_id)
    type_ = found["type"]
    offset = isinstance(type_, types.DateTime) and type_.timezone
    return Column(found["name"], _kind(type_, dialect), found["nullable"], has_default, offset)


def _kind(type_: Any, dialect: str) -> ColumnKind:
    if isinstance(type_, types.LargeBinary | types.ARRAY | types.JSON):
        return "unfit"
    for known, kind in _KINDS:
        if isinstance(type_, known):
            return kind
    # SQLite's views have columns without a type, and hold what was put there.
    return "string" if dialect == "sqlite" and isinstance(type_, types.NullType) else "unfit"


def procedures(transaction: Transaction) -> list[Procedure]:
    """Those that the login may call and that take every value by a name."""
    family = "mysql" if transaction.dialect == "mariadb" else transaction.dialect
    statement = _PROCEDURES.get(family)
    if statement is None:
        return []
    kinds = _POSTGRESQL_KINDS if family == "postgresql" else _MYSQL_KINDS
    found: dict[str, list[Column]] = {}
    for row in transaction.fetch(text(statement)):
        takes = found.setdefault(row["name"], [])
        if row["type"] is not None:
            kind = kinds.get(row["type"], "unfit")
            offset = row["type"] == "timestamp with time zone"
            has_default = bool(row["has_default"])
            takes.append(Column(row["parameter"] or "", kind, True, has_default, offset))
    named = (Procedure(name, tuple(takes)) for name, takes in found.items())
    return [one for one in named if _can_be_called(one)][:MOST]


def _can_be_called(one: Procedure) -> bool:
    """Its names stand in the text of a statement: quoted, and plain as well."""
    names = [*one.name.split("."), *(column.name for column in one.takes)]
    return one.name.count(".") < 2 and all(map(_PLAIN.fullmatch, names))
