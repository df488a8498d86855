"""Where texts stand in a schema: every table with every column that can hold words, read from the database.

Nothing has to be added here for a new table: an erasure finds it by itself.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from django.db import connection
from psycopg import sql

from portal.privacy import fixed, forms_of
from portal.privacy import terms as wholes
from portal.tenants.current import current_schema

# What holds the erasure itself while it runs, and what is no row of the partner's business.
NOT_LOOKED_AT: Final = ("privacy_erasure", "django_migrations", "django_content_type")
PAYLOADS: Final = "integrations_payload"
# The platform's tables with rows of a partner in which a person may stand: table → the partner's column.
PUBLIC: Final = {
    "tenants_sentmail": "partner_id",
    "tenants_domainclaim": "partner_id",
    "tenants_mailserver": "partner_id",
}
# Rows that are never changed: whoever works here. They leave first.
_BUT: Final = {"accounts_person": "NOT (customer_id IS NULL AND is_active)"}
_PLAIN, _JSON, _LIST = "plain", "json", "list"
_KINDS: Final = {
    "text": _PLAIN, "varchar": _PLAIN, "citext": _PLAIN, "jsonb": _JSON, "_text": _LIST,
    "_varchar": _LIST,
}  # fmt: skip
_COLUMNS: Final = """
    SELECT c.relname, a.attname, t.typname,
        CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 END,
        EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'customer_id')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = %s
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relkind = 'r' AND a.attgenerated = '' ORDER BY c.relname, a.attnum
"""


class Column(NamedTuple):
    name: str
    kind: str
    most: int | None  # letters


class Place(NamedTuple):
    """A table with its columns that hold words, or with those that are never changed: `fixed` says what
    they are. `of_partner`: in public, the column that names the partner."""

    schema: str
    table: str
    columns: tuple[Column, ...]
    has_customer: bool
    of_partner: str = ""
    fixed: str = ""

    @property
    def label(self) -> str:
        return f"{self.table} {self.fixed}" if self.fixed else self.table


def places() -> list[Place]:
    """Every table of this schema in a fixed order, then the platform's rows about the partner."""
    own = [p for p in _of_schema(current_schema()) if p.table not in NOT_LOOKED_AT]
    public = [p for p in _of_schema("public") if p.table in PUBLIC]
    return own + [p._replace(of_partner=PUBLIC[p.table], has_customer=False) for p in public]


def _of_schema(schema: str) -> Iterator[Place]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [schema])
        rows = cursor.fetchall()
    found: dict[tuple[str, str], list[Column]] = {}
    customers: dict[str, bool] = {}
    for table, name, type_name, most, has_customer in rows:
        if kind := _KINDS.get(type_name):
            found.setdefault((table, fixed.fixed(table, name)), []).append(Column(name, kind, most))
            customers[table] = has_customer
    for (table, what), columns in found.items():
        yield Place(schema, table, tuple(columns), customers[table], fixed=what)


def find(place: Place, terms: Sequence[str], *, partner_id: int) -> tuple[int, list[int]]:
    """How many rows hold one of the terms, and whose they are where the table names a customer."""
    whose = sql.SQL("array_agg(DISTINCT customer_id)" if place.has_customer else "NULL")
    query = sql.SQL("SELECT count(*), {} FROM {} WHERE {}").format(
        whose, sql.Identifier(place.schema, place.table), _where(place, terms, partner_id)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        number, customers = cursor.fetchone()
    return number, [pk for pk in customers or () if pk is not None]


def replace(place: Place, terms: Sequence[str], instead: dict[str, str], *, partner_id: int) -> int:
    """Put what stands in `instead` in place of each term, in every row that holds one; how many rows."""
    if place.fixed:
        raise ValueError(f"{place.label} is never changed")
    changes = [
        sql.SQL("{} = {}").format(sql.Identifier(column.name), _replaced(column, terms, instead))
        for column in place.columns
    ]
    query = sql.SQL("UPDATE {} SET {} WHERE {}").format(
        sql.Identifier(place.schema, place.table), sql.SQL(", ").join(changes),
        _where(place, terms, partner_id),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.rowcount)


def _where(place: Place, terms: Sequence[str], partner_id: int) -> sql.Composable:
    holds = [
        _holds(column, form, term)
        for column in place.columns
        for form, term in _spelled(terms).items()
    ]
    found = sql.SQL("({})").format(sql.SQL(" OR ").join(holds))
    if place.table in _BUT:
        found = sql.SQL("{} AND {}").format(sql.SQL(_BUT[place.table]), found)
    if place.of_partner:
        own = sql.SQL("{} = {} AND ").format(
            sql.Identifier(place.of_partner), sql.Literal(partner_id)
        )
        return own + found
    return found


def _holds(column: Column, form: str, term: str) -> sql.Composable:
    """Whether it stands in a column as a whole. Where its letters are not at all, nothing more is asked."""
    stands = sql.SQL("{} ~* {}").format(
        sql.SQL("piece[1]") if column.kind == _JSON else _text(column),
        sql.Literal(wholes.whole(form, term)),
    )
    if column.kind == _JSON:
        stands = sql.SQL("EXISTS (SELECT FROM {} WHERE starts_with(piece[1], '\"') AND {})").format(
            _pieces(column), stands
        )
    return sql.SQL("CASE WHEN position(lower({}) in lower({})) > 0 THEN {} ELSE false END").format(
        sql.Literal(form), _text(column), stands
    )


def _pieces(column: Column) -> sql.Composable:
    """A JSON in order, in texts with their quotes and in what is between: a number is never a phone's."""
    return sql.SQL(
        """regexp_matches({}, '"(?:[^"\\\\]|\\\\.)*"|[^"]+', 'g') WITH ORDINALITY AS cut (piece, nth)"""
    ).format(_text(column))


def _spelled(terms: Sequence[str]) -> dict[str, str]:
    """spelling → term. A database whose locale is C knows no capitals beyond ASCII."""
    return {
        form: term
        for term in terms
        for form in ([term] if term.isascii() else forms_of.written(term))
    }


def _text(column: Column) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.kind == _LIST:
        return sql.SQL("to_jsonb({})::text").format(name)
    return sql.SQL("{}::text").format(name)


def _replaced(column: Column, terms: Sequence[str], instead: dict[str, str]) -> sql.Composable:
    """The column with every term replaced: as a whole, in any case, cut to what fits."""
    if column.kind == _JSON:
        return sql.SQL(
            "(SELECT string_agg(CASE WHEN starts_with(piece[1], '\"') THEN {} ELSE piece[1] END, ''"
            " ORDER BY nth)"
            " FROM {})::jsonb"
        ).format(_without(sql.SQL("piece[1]"), terms, instead), _pieces(column))
    made = _without(_text(column), terms, instead)
    if column.kind == _LIST:
        return sql.SQL(
            "CASE WHEN {name} IS NULL THEN NULL ELSE"
            " ARRAY(SELECT left(one, {most}) FROM jsonb_array_elements_text(({made})::jsonb) AS one) END"
        ).format(
            name=sql.Identifier(column.name), made=made, most=sql.Literal(column.most or 10**9)
        )
    if column.most:
        return sql.SQL("left({}, {})").format(made, sql.Literal(column.most))
    return made


def _without(text: sql.Composable, terms: Sequence[str], instead: dict[str, str]) -> sql.Composable:
    for form, term in _spelled(terms).items():
        text = sql.SQL("regexp_replace({}, {}, {}, 'gi')").format(
            text, sql.Literal(wholes.whole(form, term)), sql.Literal(instead[term])
        )
    return text


def payloads(
    terms: Sequence[str], *, after: bytes | None, most: int
) -> tuple[list[bytes], bytes | None]:
    """Of the next `most` stored documents those that hold a term as a whole in any spelling, and the last
    that was looked at; None when there are no more."""
    forms = sorted({form for term in terms for form in forms_of.in_bytes(term)})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH bite AS (SELECT sha256, body FROM integrations_payload
                WHERE sha256 > %s ORDER BY sha256 LIMIT %s)
            SELECT sha256, EXISTS (SELECT FROM unnest(%s::bytea[]) AS form
                WHERE position(lower(encode(form, 'escape')) in lower(encode(body, 'escape'))) > 0)
            FROM bite ORDER BY sha256
            """,
            [after or b"", most, forms],
        )
        rows = cursor.fetchall()
    holding = _with_a_whole(terms, [bytes(digest) for digest, holds in rows if holds])
    return holding, bytes(rows[-1][0]) if len(rows) == most else None


def _with_a_whole(terms: Sequence[str], digests: Sequence[bytes]) -> list[bytes]:
    """Those in which a term is no part of something longer, read one after the other."""
    wanted = [
        wholes.whole_in_bytes(form, term) for term in terms for form in forms_of.in_bytes(term)
    ]
    found = []
    with connection.cursor() as cursor:
        for digest in digests:
            cursor.execute("SELECT body FROM integrations_payload WHERE sha256 = %s", [digest])
            row = cursor.fetchone()
            if row and any(one.search(row[0]) for one in wanted):
                found.append(digest)
    return found
