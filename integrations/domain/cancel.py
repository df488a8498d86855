"""Cancels that were asked for: when they are known to have taken effect.

An order that nobody has is cancelled at once. A system that has it is told, and has to say yes: by a
2xx, by accepting the document, or as a warehouse by reporting that nothing was shipped.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from integrations.domain import claims, hub, messages, problems
from integrations.domain.hub import Change, Milestone
from integrations.queries import fulfilments

WAITING_STATES = ("cancel_requested", "partially_shipped")
UNANSWERED = ("sending", "delivered", "held")


def settle(customer_id: int, order_ids: Iterable[UUID]) -> set[str]:
    """End the orders whose cancel every system that has them confirmed. Returns the SKUs let go.

    Of an order that was shipped in part, the rest is cancelled: it counts as shipped.
    """
    settled = _confirmed_everywhere(order_ids)
    if not settled:
        return set()
    milestones = []
    for order_id, order in fulfilments.of_orders(settled).items():
        target = "shipped" if order.done.has_shipped else "cancelled"
        cause = "Everybody who had the order confirmed the cancel"
        milestones.append(Milestone(order_id, target, cause, None, order.state))
    hub.mark(customer_id, milestones)
    return claims.move(settled, to="released", of=claims.OPEN)


def confirm_by_report(changes: Sequence[Change]) -> None:
    """Warehouses that reported these orders as ended, without a 997 or against one, did cancel."""
    pairs = [(c.record.order_id, c.offer.endpoint_id) for c in changes if c.record.order_id]
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id FROM unnest(%s::uuid[], %s::bigint[]) AS p(order_id, endpoint_id)
            JOIN integrations_record r ON r.id = p.order_id AND r.body->>'status' = 'cancelled'
            JOIN integrations_message m ON m.record_id = r.id AND m.endpoint_id = p.endpoint_id
                AND m.direction = 'out' AND m.record_version = r.version
            """,
            [list(column) for column in zip(*pairs, strict=True)],
        )
        told = [row[0] for row in cursor.fetchall()]
    cause = "The warehouse reported that nothing was shipped"
    ended = messages.end(told, "confirmed", cause, of=UNANSWERED)
    problems.close_problems(list(ended), actor="", cause=cause)


def _confirmed_everywhere(order_ids: Iterable[UUID]) -> list[UUID]:
    """Of these orders the cancelled ones of which nobody has a version without its cancel."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.id FROM integrations_record r
            WHERE r.id = ANY(%s) AND r.state = ANY(%s) AND r.body->>'status' = 'cancelled'
            AND NOT EXISTS (
                SELECT 1 FROM integrations_message had WHERE had.record_id = r.id
                AND had.direction = 'out' AND had.state IN ('sending', 'delivered', 'confirmed')
                AND NOT EXISTS (
                    SELECT 1 FROM integrations_message told WHERE told.record_id = r.id
                    AND told.flow_id = had.flow_id AND told.direction = 'out'
                    AND told.record_version = r.version AND told.state = 'confirmed'))
            ORDER BY r.id
            """,
            [list(order_ids), list(WAITING_STATES)],
        )
        return [row[0] for row in cursor.fetchall()]
