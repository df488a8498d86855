"""Orders as the hub has them, with what was sent of them and what was reported as shipped."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from portal.core.ids import first_id_at


class HubOrder(NamedTuple):
    """One order. `sent_at`, `acknowledged_at`: of the newest version a warehouse has; `sent_payload`:
    the hash of the bytes it got. `references`: its PO number and what else it is called elsewhere.
    `shipments`: [{id, number, bol, status, lines, told_at}]."""

    id: UUID
    source_id: int
    number: str
    placed_at: datetime
    came_at: datetime
    state: str
    total: Decimal | None
    currency: str
    references: list[str]
    totals: dict[str, str]
    lines: list[dict[str, Any]]
    remote_id: str
    warehouse_id: int | None
    message_id: UUID | None
    sent_at: datetime | None
    acknowledged_at: datetime | None
    sent_payload: bytes | None
    shipments: list[dict[str, Any]]


def orders(
    customer_id: int, *, sources: Sequence[int], warehouses: Sequence[int], since: datetime
) -> Iterator[HubOrder]:
    """The orders of these channels placed since then, by the order in which they came."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id, o.source_id, o.number, o.happened_at, o.created_at, o.state, o.amount,
                o.currency,
                jsonb_path_query_array(o.body, '$.po_number')
                    || jsonb_path_query_array(o.body, '$.external_refs[*].value'),
                o.body->'totals', o.body->'lines',
                coalesce((SELECT b.remote_id FROM integrations_binding b
                    WHERE b.record_id = o.id AND b.endpoint_id = o.source_id), ''),
                sent.endpoint_id, sent.id, sent.delivered_at, sent.confirmed_at, sent.payload_id,
                (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'number', s.number, 'bol', s.body->>'bol',
                    'status', s.body->'status', 'lines', s.body->'lines', 'told_at', s.created_at)
                    ORDER BY s.id)
                    FROM integrations_record s WHERE s.order_id = o.id AND s.object_type = 'shipment')
            FROM integrations_record o
            LEFT JOIN LATERAL (
                SELECT m.id, m.endpoint_id, m.payload_id,
                    (SELECT min(e.at) FROM integrations_messageevent e WHERE e.message_id = m.id
                        AND e.to_state IN ('delivered', 'confirmed')) AS delivered_at,
                    (SELECT min(e.at) FROM integrations_messageevent e WHERE e.message_id = m.id
                        AND e.to_state = 'confirmed') AS confirmed_at
                FROM integrations_message m
                WHERE m.record_id = o.id AND m.direction = 'out' AND m.endpoint_id = ANY(%(warehouses)s)
                AND m.state IN ('delivered', 'confirmed') ORDER BY m.record_version DESC, m.id DESC LIMIT 1
            ) AS sent ON true
            WHERE o.customer_id = %(customer)s AND o.object_type = 'order' AND o.id >= %(since_id)s
            AND o.source_id = ANY(%(sources)s) AND o.happened_at >= %(since)s ORDER BY o.id
            """,
            {
                "warehouses": list(warehouses),
                "customer": customer_id,
                "since_id": first_id_at(since),
                "since": since,
                "sources": list(sources),
            },
        )
        for row in cursor.fetchall():
            *head, payload, shipments = row
            head[8] = _json(head[8])
            head[9], head[10] = _json(head[9]) or {}, _json(head[10]) or []
            body = bytes(payload) if payload is not None else None
            yield HubOrder._make([*head, body, _json(shipments) or []])


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def payloads(hashes: Sequence[bytes]) -> dict[bytes, bytes]:
    """Bytes by their hash."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sha256, body FROM integrations_payload WHERE sha256 = ANY(%s)", [list(hashes)]
        )
        return {bytes(sha): bytes(body) for sha, body in cursor.fetchall()}


class Told(NamedTuple):
    """When an endpoint took a record first."""

    record_id: UUID
    endpoint_id: int
    at: datetime


def told(record_ids: Sequence[UUID]) -> list[Told]:
    """Which endpoints have these records, and since when."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.record_id, m.endpoint_id, min(e.at) FROM integrations_message m
            JOIN integrations_messageevent e ON e.message_id = m.id
                AND e.to_state IN ('delivered', 'confirmed')
            WHERE m.record_id = ANY(%s) AND m.direction = 'out' GROUP BY 1, 2
            """,
            [list(record_ids)],
        )
        return [Told(*row) for row in cursor.fetchall()]


class HubReport(NamedTuple):
    """One 945 as it came in."""

    site: str
    shipment: str
    order: str
    content: bytes
    at: datetime
    tracking: list[str]


def reports(customer_id: int, *, since: datetime) -> list[HubReport]:
    """Every document that told of a shipment since then, repeats too, in the order in which they came."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.body->>'site', r.number, coalesce(r.body->>'order_number', ''), m.payload_id,
                m.created_at, coalesce(r.body->'tracking', '[]')
            FROM integrations_record r JOIN integrations_message m ON m.record_id = r.id
                AND m.direction = 'in' AND m.payload_id IS NOT NULL
            WHERE r.customer_id = %s AND r.object_type = 'shipment' AND r.id >= %s ORDER BY m.id
            """,
            [customer_id, first_id_at(since)],
        )
        return [
            HubReport._make([*row[:3], bytes(row[3]), row[4], _json(row[5])])
            for row in cursor.fetchall()
        ]
