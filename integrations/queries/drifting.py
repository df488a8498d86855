"""How an endpoint's documents drift from their contract, by kind."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from integrations.domain.translate import DRIFT


class Drifting(NamedTuple):
    """One way to drift nobody has answered, in how many documents. `kind` is a contracts.Drift's."""

    kind: str
    path: str
    text: str
    documents: int
    first: datetime
    last: datetime


def of(endpoint_id: int, object_type: str, *, most: int = 100) -> list[Drifting]:
    """The open drift of one contract, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.value, p.path, max(p.text), count(DISTINCT p.message_id), min(p.opened_at),
                max(p.opened_at)
            FROM integrations_problem p JOIN integrations_message m ON m.id = p.message_id
            WHERE p.endpoint_id = %s AND p.code = %s AND p.closed_at IS NULL AND m.object_type = %s
            GROUP BY p.value, p.path ORDER BY 4 DESC, 2 LIMIT %s
            """,
            [endpoint_id, DRIFT, object_type, most],
        )
        return [Drifting(*row) for row in cursor.fetchall()]


def counts(endpoint_id: int) -> dict[str, int]:
    """Documents with open drift by object type."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.object_type, count(DISTINCT m.id)
            FROM integrations_problem p JOIN integrations_message m ON m.id = p.message_id
            WHERE p.endpoint_id = %s AND p.code = %s AND p.closed_at IS NULL GROUP BY 1
            """,
            [endpoint_id, DRIFT],
        )
        return dict(cursor.fetchall())
