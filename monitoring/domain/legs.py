"""Making legs of what moved: the newest events lead to orders, and of these every leg is made anew."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from monitoring.models import LegMark
from monitoring.queries.leg_sql import OF_MESSAGES, OF_ORDERS

BITE: Final = 20_000  # events
_SET: Final = 2_000  # orders a statement
_MOVED: Final = """
    SELECT array_agg(DISTINCT m.order_id) FILTER (WHERE m.order_id IS NOT NULL),
        array_agg(DISTINCT m.id) FILTER (WHERE m.direction = 'in' AND m.object_type = 'order'
            OR m.direction = 'out' AND m.object_type = 'acknowledgement'),
        max(e.id)
    FROM (SELECT id, message_id FROM integrations_messageevent WHERE id > %s ORDER BY id LIMIT %s) AS e
    JOIN integrations_message m ON m.id = e.message_id
"""
_RUNNING: Final = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


class Moved(NamedTuple):
    """The orders and the other documents that the next events are of; `last` is the newest event."""

    orders: Sequence[UUID]
    messages: Sequence[UUID]
    last: int | None


@transaction.atomic
def advance() -> bool:
    """Bring the legs up to the newest events, one bite. Returns whether there is more to do."""
    LegMark.objects.get_or_create(pk=1)
    mark = LegMark.objects.select_for_update().get(pk=1)
    oldest, next_one = _transactions()
    if mark.behind <= oldest:
        mark.passed = mark.marked
    moved = _after(mark.passed)
    if moved.last is None:
        mark.save()
        return False
    make(moved)
    more = moved.last > mark.marked
    if mark.behind <= oldest:
        mark.marked, mark.behind = moved.last, next_one
    mark.save()
    return more


def make(moved: Moved) -> None:
    """The legs of these orders and documents, as they are now. Safe to repeat."""
    with connection.cursor() as cursor:
        for start in range(0, len(moved.orders), _SET):
            cursor.execute(OF_ORDERS, {"orders": list(moved.orders[start : start + _SET])})
        if moved.messages:
            cursor.execute(OF_MESSAGES, {"messages": list(moved.messages)})


def rebuild() -> int:
    """Look at all events from the first on, bite by bite. Returns the number of bites."""
    LegMark.objects.update_or_create(pk=1, defaults={"passed": 0, "marked": 0, "behind": 0})
    bites = 0
    while advance():
        bites += 1
    return bites


def _transactions() -> tuple[int, int]:
    """The oldest transaction that runs, and the next one to begin."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING)
        oldest, next_one = cursor.fetchone()
        return oldest, next_one


def _after(event_id: int) -> Moved:
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [event_id, BITE])
        orders, messages, last = cursor.fetchone()
        return Moved(orders or [], messages or [], last)
