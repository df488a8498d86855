"""Limits of the business that a rule watches: what is past them now, at which customer or endpoint.

`customers`: the ids of those it is for; None for all.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from portal.core.ids import first_id_at

# Once told, it is over when it is clearly back within the limit, so that nobody hears of it by turns.
_BACK_WITHIN: Final = 0.8
_MISSED_FOR: Final = timedelta(hours=1)
_ON_ITS_WAY: Final = timedelta(minutes=1)
MOST_WAITING: Final = 2_000

_LATE_ORDERS = """
    SELECT p.customer_id, NULL::bigint, c.name, min(p.cutoff_at) AS worst,
        count(DISTINCT coalesce(m.order_id, m.id)), coalesce(sum(p.amount), 0), max(p.currency)
    FROM integrations_problem p JOIN integrations_message m ON m.id = p.message_id
    JOIN customers_customer c ON c.id = p.customer_id
    WHERE p.closed_at IS NULL AND p.cutoff_at > %(since)s AND p.cutoff_at <= %(until)s
        AND (%(customers)s::bigint[] IS NULL OR p.customer_id = ANY(%(customers)s))
    GROUP BY 1, 3
"""
_OLD_QUEUE = """
    SELECT e.customer_id, e.id, e.label, min(m.created_at) AS worst, count(*), 0, ''
    FROM integrations_message m JOIN integrations_endpoint e ON e.id = m.endpoint_id
    WHERE m.direction = 'out' AND m.state IN ('waiting', 'sending') AND m.created_at <= %(until)s
        AND (m.due_at IS NULL OR m.due_at <= %(now)s OR m.attempts > 0) AND e.state = 'active'
        AND (%(customers)s::bigint[] IS NULL OR e.customer_id = ANY(%(customers)s))
    GROUP BY 1, 2, 3
"""
_WAITING_ORDERS = """
    SELECT m.customer_id, c.name, m.id, r.amount, r.currency
    FROM integrations_message m JOIN integrations_endpoint e ON e.id = m.endpoint_id
    JOIN customers_customer c ON c.id = m.customer_id JOIN integrations_record r ON r.id = m.record_id
    WHERE m.direction = 'out' AND m.state IN ('waiting', 'sending') AND m.object_type = 'order'
        AND e.site <> '' AND m.created_at <= %(until)s
        AND (%(customers)s::bigint[] IS NULL OR m.customer_id = ANY(%(customers)s))
    ORDER BY m.id LIMIT %(most)s
"""
# Of a source of stock the last report, no further back than twice the limit.
_OLD_STOCK = """
    SELECT e.customer_id, e.id, e.label, last.at AS worst, 0, 0, ''
    FROM integrations_endpoint e LEFT JOIN LATERAL (
        SELECT m.created_at AS at FROM integrations_message m
        WHERE m.endpoint_id = e.id AND m.direction = 'in' AND m.object_type = 'inventory'
            AND m.id >= %(first)s ORDER BY m.id DESC LIMIT 1) AS last ON true
    WHERE e.state = 'active' AND e.created_at <= %(until)s
        AND (last.at IS NULL OR last.at <= %(until)s)
        AND EXISTS (SELECT 1 FROM integrations_flow f WHERE f.source_id = e.id AND f.enabled
            AND f.object_type = 'inventory')
        AND (%(customers)s::bigint[] IS NULL OR e.customer_id = ANY(%(customers)s))
"""


class Passed(NamedTuple):
    """`name`: of the customer or endpoint. `worst`: the first cut-off, the last report, the oldest
    document; None: longer ago than was looked. `is_past`: the limit itself, not only nearly."""

    customer_id: int
    endpoint_id: int | None
    name: str
    worst: datetime | None
    documents: int
    amount: Decimal
    currency: str
    is_past: bool


def held_orders(minutes: int, *, customers: list[int] | None, now: datetime) -> list[Passed]:
    """Customers with orders that are held and that near their cut-off by `minutes`, or missed it within
    the hour."""
    window = near(minutes, now)
    rows = _rows(_LATE_ORDERS, window._asdict(), customers)
    return [_passed(row, is_past=row[3] <= window.strict) for row in rows]


class Near(NamedTuple):
    """Cut-offs from `since` to `until` are near; those up to `strict` are past the limit."""

    since: datetime
    until: datetime
    strict: datetime


def near(minutes: int, now: datetime) -> Near:
    wide, strict = (now + timedelta(minutes=minutes / part) for part in (_BACK_WITHIN, 1))
    return Near(now - _MISSED_FOR, wide, strict)


class Waiting(NamedTuple):
    """An order that waits for its warehouse."""

    customer_id: int
    customer: str
    message_id: UUID
    amount: Decimal | None
    currency: str


def waiting_orders(*, customers: list[int] | None, now: datetime) -> list[Waiting]:
    """Orders that have waited for a warehouse for longer than sending takes, the oldest first."""
    values = {"until": now - _ON_ITS_WAY, "most": MOST_WAITING}
    return [Waiting(*row) for row in _rows(_WAITING_ORDERS, values, customers)]


def old_queues(minutes: int, *, customers: list[int] | None, now: datetime) -> list[Passed]:
    """Endpoints whose oldest document has waited for `minutes`; what waits for its time does not count."""
    wide, strict = _ago(minutes, now)
    rows = _rows(_OLD_QUEUE, {"until": wide, "now": now}, customers)
    return [_passed(row, is_past=row[3] <= strict) for row in rows]


def old_stock(minutes: int, *, customers: list[int] | None, now: datetime) -> list[Passed]:
    """Sources of stock whose last report is `minutes` old."""
    wide, strict = _ago(minutes, now)
    first = first_id_at(now - timedelta(minutes=2 * minutes))
    rows = _rows(_OLD_STOCK, {"until": wide, "first": first}, customers)
    return [_passed(row, is_past=row[3] is None or row[3] <= strict) for row in rows]


def _passed(row: tuple[Any, ...], *, is_past: bool) -> Passed:
    return Passed._make((*row, is_past))


def _ago(minutes: int, now: datetime) -> tuple[datetime, datetime]:
    return now - timedelta(minutes=minutes * _BACK_WITHIN), now - timedelta(minutes=minutes)


def _rows(query: str, values: dict[str, Any], customers: list[int] | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {**values, "customers": customers})
        return list(cursor.fetchall())
