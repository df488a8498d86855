"""What is open in the schemas of many partners at once, for whoever watches the installation.

One statement for every fifty schemas; each part of it reads one of the small indexes of what is open.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection
from psycopg import sql

_AT_ONCE: Final = 50
_OPEN: Final = """
    SELECT {schema}, e.slug::text, parts.state, sum(parts.n)::bigint, min(parts.oldest) FROM (
        SELECT endpoint_id, state, count(*) AS n, min(created_at) AS oldest FROM {message}
        WHERE direction = 'out' AND state IN ('waiting', 'sending') GROUP BY 1, 2
        UNION ALL
        SELECT endpoint_id, state, count(*), min(created_at) FROM {message}
        WHERE state = 'received' GROUP BY 1, 2
        UNION ALL
        SELECT endpoint_id, state, count(*), min(created_at) FROM {message}
        WHERE state = 'held' GROUP BY 1, 2) AS parts
    JOIN {endpoint} e ON e.id = parts.endpoint_id GROUP BY 1, 2, 3"""
_REFUSED: Final = """
    SELECT {schema}, reason::text, sum(count)::bigint FROM {refusal} WHERE hour >= %s GROUP BY 1, 2"""
_DOWN: Final = """
    SELECT {schema}, count(*) FROM {endpoint} WHERE breaker->'state'->>'state' = 'open'"""


class Open(NamedTuple):
    """Messages of one endpoint that are in an open state, and since when the oldest is there."""

    schema: str
    endpoint: str
    state: str
    number: int
    oldest: datetime


class Refused(NamedTuple):
    schema: str
    reason: str
    number: int


def open_messages(schemas: Sequence[str]) -> Iterator[Open]:
    """What waits, is being sent, has just been received or is held, by endpoint."""
    return (Open(*row) for row in _each(_OPEN, schemas))


def refusals(schemas: Sequence[str], *, since: datetime) -> Iterator[Refused]:
    """What the doors refused since the hour of `since`, by reason."""
    hour = since.replace(minute=0, second=0, microsecond=0)
    return (Refused(*row) for row in _each(_REFUSED, schemas, hour))


def endpoints_down(schemas: Sequence[str]) -> dict[str, int]:
    """Endpoints whose breaker is open, by schema."""
    return dict(_each(_DOWN, schemas))


def _each(text: str, schemas: Sequence[str], *values: datetime) -> Iterator[tuple]:  # type: ignore[type-arg]
    for at in range(0, len(schemas), _AT_ONCE):
        some = schemas[at : at + _AT_ONCE]
        parts = [sql.SQL(text).format(**_names(schema)) for schema in some]  # type: ignore[arg-type]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts), [*values] * len(some))
            yield from cursor.fetchall()


def _names(schema: str) -> dict[str, sql.Composable]:
    return {
        "schema": sql.Literal(schema),
        "message": sql.Identifier(schema, "integrations_message"),
        "endpoint": sql.Identifier(schema, "integrations_endpoint"),
        "refusal": sql.Identifier(schema, "integrations_doorrefusal"),
    }
