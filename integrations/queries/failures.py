"""What goes wrong, by what we could mend: mapping versions, and kinds of system."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection

DAY: Final = timedelta(hours=24)
MOST_PROBLEMS: Final = 2_000
_MOST_ROWS: Final = 12
_NEWEST: Final = """
    WITH newest AS (
        SELECT message_id, endpoint_id, customer_id, code, opened_at FROM integrations_problem
        WHERE opened_at >= %(since)s {mine} ORDER BY opened_at DESC LIMIT %(most)s)"""
_BY_MAPPING: Final = (
    _NEWEST
    + """
    SELECT m.mapping, n.code, count(DISTINCT n.message_id), max(n.opened_at)
    FROM newest n JOIN integrations_message m ON m.id = n.message_id
    WHERE m.mapping <> '' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT %(rows)s"""
)
_BY_CONNECTOR: Final = (
    _NEWEST
    + """
    SELECT e.connector, n.code, count(DISTINCT n.message_id), max(n.opened_at)
    FROM newest n JOIN integrations_endpoint e ON e.id = n.endpoint_id
    GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT %(rows)s"""
)


class Failures(NamedTuple):
    """Documents with problems of one code. `name`: a mapping with its version, or a connector's slug."""

    name: str
    code: str
    documents: int
    last: datetime


def by_mapping(now: datetime, *, customer_id: int | None = None) -> list[Failures]:
    """Of the newest 2,000 problems of 24 hours, those of documents a mapping had made."""
    return _ask(_BY_MAPPING, now, customer_id)


def by_connector(now: datetime, *, customer_id: int | None = None) -> list[Failures]:
    """The newest 2,000 problems of 24 hours by the kind of system."""
    return _ask(_BY_CONNECTOR, now, customer_id)


def _ask(text: str, now: datetime, customer_id: int | None) -> list[Failures]:
    mine = "AND customer_id = %(customer)s" if customer_id else ""
    values: dict[str, datetime | int | None] = {
        "since": now - DAY,
        "most": MOST_PROBLEMS,
        "rows": _MOST_ROWS,
        "customer": customer_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(text.format(mine=mine), values)
        return [Failures(*row) for row in cursor.fetchall()]
