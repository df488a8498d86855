"""What follows an order waits for it: no system is told of a shipment of an order it does not have.

An order is held or waits at an endpoint; its shipment and invoice are ready for the same endpoint. They
wait until the endpoint has taken a version of the order, or the order will not go there any more.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from integrations.domain import configuration
from integrations.domain.outbox import Posting
from portal.core import clock
from portal.core.cursors import binary_cursor
from portal.jobs import lanes

# Then it goes all the same: what the endpoint says to it makes a case, and nothing waits unseen.
AT_MOST = timedelta(days=7)

_ORDER_IS_OPEN = """EXISTS (
        SELECT 1 FROM integrations_message o WHERE o.order_id = m.order_id AND o.record_id = m.order_id
        AND o.direction = 'out' AND o.endpoint_id = m.endpoint_id
        AND o.state IN ('waiting', 'sending', 'held'))
    AND NOT EXISTS (
        SELECT 1 FROM integrations_message o WHERE o.order_id = m.order_id AND o.record_id = m.order_id
        AND o.direction = 'out' AND o.endpoint_id = m.endpoint_id
        AND o.state IN ('delivered', 'confirmed'))"""


def park(postings: Sequence[Posting]) -> None:
    """Let those of the posted messages wait whose order is on its way to the same endpoint or held."""
    found = [p for p in postings if p.order_id and p.order_id != p.record_id]
    if not found:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            WITH parked AS (
                UPDATE integrations_message m SET due_at = %s
                FROM unnest(%b::bigint[], %b::uuid[], %b::int[]) AS p(flow_id, record_id, version)
                WHERE m.flow_id = p.flow_id AND m.record_id = p.record_id
                AND m.record_version = p.version AND m.direction = 'out' AND m.state = 'waiting'
                AND {_ORDER_IS_OPEN}
                RETURNING m.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, 'waiting', 'waiting', '', 'Waits for its order, which is not there yet' FROM parked
            """,
            [
                clock.now() + AT_MOST,
                [p.flow_id for p in found],
                [p.record_id for p in found],
                [p.record_version for p in found],
            ],
        )


def parked(message_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the messages that wait for their order."""
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT m.id FROM integrations_message m
            WHERE m.id = ANY(%b) AND m.record_id <> m.order_id AND m.attempts = 0 AND m.due_at > %s
            AND {_ORDER_IS_OPEN}
            """,
            [list(message_ids), clock.now()],
        )
        return {row[0] for row in cursor.fetchall()}


def park_again(order_ids: Collection[UUID]) -> None:
    """Let wait once more what follows these orders, where they are open again."""
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT flow_id, endpoint_id, object_type, record_id, record_version, order_id,"
            " business_key, due_at FROM integrations_message WHERE order_id = ANY(%b)"
            " AND record_id <> order_id AND direction = 'out' AND state = 'waiting' AND attempts = 0",
            [list(order_ids)],
        )
        found = [Posting(*row) for row in cursor.fetchall()]
    park(found)


def release(customer_id: int, order_ids: Collection[UUID]) -> None:
    """Let go what waited for these orders, where they have arrived or will not go any more."""
    if not order_ids:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT m.id, m.flow_id FROM integrations_message m
            WHERE m.order_id = ANY(%b) AND m.record_id <> m.order_id AND m.direction = 'out'
            AND m.state = 'waiting' AND m.attempts = 0 AND m.due_at > %s AND NOT ({_ORDER_IS_OPEN})
            """,
            [list(order_ids), clock.now()],
        )
        found = cursor.fetchall()
    if found:
        _let_go(customer_id, found)


def _let_go(customer_id: int, found: Sequence[tuple[UUID, int]]) -> None:
    """Each goes when its flow goes next."""
    now = clock.now()
    flows = {flow.id: flow for flow in configuration.of(customer_id).flows}
    due = [flows[flow_id].next_due(now) if flow_id in flows else None for _, flow_id in found]
    with binary_cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_message m SET due_at = p.due_at"
            " FROM unnest(%b::uuid[], %b::timestamptz[]) AS p(id, due_at)"
            " WHERE m.id = p.id AND m.state = 'waiting' RETURNING m.endpoint_id",
            [[message_id for message_id, _ in found], due],
        )
        endpoints = {row[0] for row in cursor.fetchall()}
    for endpoint_id in endpoints:
        lanes.wake("deliver", str(endpoint_id))
