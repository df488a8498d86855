"""What waits for an endpoint that cannot be reached."""

from decimal import Decimal
from typing import NamedTuple

from django.db import connection


class Waiting(NamedTuple):
    """How many documents wait, and what the orders among them are worth: one sum for each currency."""

    documents: int
    worth: list[tuple[str, Decimal]]


def of(endpoint_id: int) -> Waiting:
    """In one query; each order counts once, however many documents of it wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH waiting AS (
                SELECT id, order_id FROM integrations_message WHERE endpoint_id = %s
                AND direction = 'out' AND state IN ('waiting', 'sending')
            ), worth AS (
                SELECT r.currency, sum(r.amount) AS amount FROM integrations_record r
                WHERE r.id IN (SELECT order_id FROM waiting) AND r.amount > 0 GROUP BY 1
            )
            SELECT (SELECT count(*) FROM waiting), currency, amount
            FROM (SELECT 1) AS one LEFT JOIN worth ON true ORDER BY amount DESC NULLS LAST, currency
            """,
            [endpoint_id],
        )
        rows = cursor.fetchall()
    return Waiting(rows[0][0], [(currency, amount) for _, currency, amount in rows if currency])
