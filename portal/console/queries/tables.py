"""Which tables an export reads, and their rows in bounded pieces."""

from collections.abc import Generator, Iterator
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from psycopg import sql

from portal.console.archive import left_out

# The platform's own rows about a partner: table → the column that names it.
PUBLIC: Final = {
    "tenants_partner": "id",
    "tenants_partnerevent": "partner_id",
    "tenants_domain": "tenant_id",
    "tenants_domainclaim": "partner_id",
    "tenants_mailserver": "partner_id",
    "tenants_sentmail": "partner_id",
    "tenants_brandversion": "partner_id",
    "tenants_brandimage": "partner_id",
}
_OWN: Final = """
    SELECT t.relname, k.attname, format_type(k.atttypid, k.atttypmod),
        (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
            WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped)
    FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = %s
    LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary AND i.indnkeyatts = 1
    LEFT JOIN pg_attribute k ON k.attrelid = t.oid AND k.attnum = i.indkey[0]
    WHERE t.relkind = 'r' ORDER BY t.relname
"""
_FETCHED: Final = 20  # rows at a time: some are megabytes


class Table(NamedTuple):
    """A table to export. `key` orders it; a table without a key of one column is ordered by place."""

    schema: str
    name: str
    key: str
    key_type: str
    columns: tuple[str, ...]
    of_partner: str = ""

    @property
    def label(self) -> str:
        return f"public.{self.name}" if self.of_partner else self.name


def tables(schema: str) -> list[Table]:
    """The platform's rows about the partner first, then all tables of its schema, in a fixed order."""
    public = {table.name: table for table in _of_schema("public")}
    about = [public[name]._replace(of_partner=column) for name, column in PUBLIC.items()]
    own = [table for table in _of_schema(schema) if table.name not in left_out.TABLES]
    return [*about, *own]


def _of_schema(schema: str) -> Iterator[Table]:
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [schema])
        for name, key, key_type, columns in cursor.fetchall():
            hidden = left_out.of_table(name)
            shown = tuple(column for column in columns or () if column not in hidden)
            yield Table(schema, name, key or "ctid", key_type or "tid", shown)


def rows(
    table: Table, *, after: str | None, partner_id: int, most: int
) -> Generator[tuple[str, str, bytes | None], None, None]:
    """(key, row as JSON, bytes of a document or None), at most `most` of them after a key. They are fetched a
    few at a time, so that no table has to fit into memory."""
    has_file = table.name == left_out.AS_FILES[0]
    shown = [c for c in table.columns if not (has_file and c == left_out.AS_FILES[1])]
    file = sql.Identifier(left_out.AS_FILES[1]) if has_file else sql.SQL("NULL::bytea")
    query = sql.SQL(
        "SELECT key::text, to_json(kept)::text, file FROM (SELECT {key} AS key, {file} AS file,"
        " (SELECT one FROM (SELECT {columns}) AS one) AS kept FROM {table} AS source WHERE {where}"
        " ORDER BY {key} LIMIT {most}) AS page"
    ).format(
        key=sql.Identifier(table.key), file=file, most=sql.Literal(most),
        columns=sql.SQL(", ").join(sql.SQL("source.{}").format(sql.Identifier(c)) for c in shown),
        table=sql.Identifier(table.schema, table.name), where=_where(table, after, partner_id),
    )  # fmt: skip
    with transaction.atomic():
        bare: Any = connection.connection
        with bare.cursor(name="export") as cursor:
            cursor.itersize = _FETCHED
            cursor.execute(query)
            yield from cursor


def _where(table: Table, after: str | None, partner_id: int) -> sql.Composable:
    parts: list[sql.Composable] = []
    if table.of_partner:
        named = sql.Identifier(table.of_partner)
        parts.append(sql.SQL("{} = {}").format(named, sql.Literal(partner_id)))
    if after is not None:
        parts.append(
            sql.SQL("{} > {}::{}").format(
                sql.Identifier(table.key),
                sql.Literal(after),
                sql.SQL(table.key_type),  # type: ignore[arg-type]
            )
        )
    return sql.SQL(" AND ").join(parts) if parts else sql.SQL("true")
