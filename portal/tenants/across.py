"""One question to the schemas of many partners: for whoever watches the installation, never for a partner."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection
from psycopg import sql

_AT_ONCE: Final = 50


def ask(text: str, schemas: Sequence[str], *values: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of `text` of all schemas, one statement for every fifty. In it `{partner}` is the schema's
    name as a value, and `{within}.some_table` a table in it; `values` are given once for each schema."""
    for at in range(0, len(schemas), _AT_ONCE):
        some = schemas[at : at + _AT_ONCE]
        parts = [
            sql.SQL(text).format(partner=sql.Literal(one), within=sql.Identifier(one))  # type: ignore[arg-type]
            for one in some
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts), [*values] * len(some))  # type: ignore[arg-type]
            yield from cursor.fetchall()
