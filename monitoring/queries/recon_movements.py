"""What moved: shipments, receipts and adjustments of sites, with when each was booked in the ERP."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from portal.core.ids import first_id_at

KINDS: Final = ("shipment", "receipt", "adjustment")


class HubMovement(NamedTuple):
    """One document that moved stock. `said_at`: when its source says it happened, a date or a time, empty
    where it does not. `booked_at`: when the ERP took it. `reports`: how often it came in."""

    kind: str
    number: str
    order: str
    site: str
    said_at: str
    lines: list[dict[str, Any]]
    told_at: datetime
    booked_at: datetime | None
    bookings: int
    reports: int


def movements(
    customer_id: int, *, sites: Iterable[str], since: datetime, erp_id: int | None,
    skus: Sequence[str] | None = None, kinds: Sequence[str] = KINDS,
) -> Iterator[HubMovement]:  # fmt: skip
    """Of the sites, told since then, oldest first; `skus`: only those that name one of them.

    What a correction booked in the ERP alone did not move anything and is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.object_type, r.number, coalesce(r.body->>'order_number', ''), r.body->>'site',
                coalesce(r.body->>'shipped_at', ''), r.body->'lines', r.created_at, booked.at,
                booked.n, reports.n
            FROM integrations_record r
            CROSS JOIN LATERAL (
                SELECT min(m.updated_at) AS at, count(*) AS n FROM integrations_message m
                WHERE m.record_id = r.id AND m.direction = 'out' AND m.endpoint_id = %(erp)s
                AND m.state IN ('delivered', 'confirmed')
            ) AS booked
            CROSS JOIN LATERAL (
                SELECT count(*) AS n FROM integrations_message m
                WHERE m.record_id = r.id AND m.direction = 'in'
            ) AS reports
            WHERE r.customer_id = %(customer)s AND r.object_type = ANY(%(kinds)s) AND r.id >= %(since)s
            AND r.body->>'site' = ANY(%(sites)s)
            AND (%(skus)s::text[] IS NULL OR r.numbers && %(skus)s)
            AND r.body->>'status' IS DISTINCT FROM 'cancelled'
            AND NOT EXISTS (SELECT 1 FROM monitoring_correction c WHERE c.record_id = r.id)
            ORDER BY r.id
            """,
            {
                "erp": erp_id,
                "customer": customer_id,
                "kinds": list(kinds),
                "since": first_id_at(since),
                "sites": sorted(sites),
                "skus": None if skus is None else [sku.upper() for sku in skus],
            },
        )
        for kind, number, order, site, said_at, lines, *rest in cursor.fetchall():
            yield HubMovement(kind, number, order, site, said_at, _lines(lines), *rest)


class Open(NamedTuple):
    """What the warehouse was told to send of an order and has not reported."""

    site: str
    sku: str
    order: str
    quantity: str
    at: datetime


def sent_and_not_reported(customer_id: int, skus: Sequence[str]) -> list[Open]:
    """Claims of orders that their site knows of and has not reported as shipped, by order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.site, c.sku, r.number, sum(c.quantity)::text, min(c.changed_at)
            FROM integrations_reservation c JOIN integrations_record r ON r.id = c.order_id
            WHERE c.customer_id = %s AND c.sku = ANY(%s) AND c.state = 'sent'
            GROUP BY c.site, c.sku, r.number ORDER BY r.number
            """,
            [customer_id, list(skus)],
        )
        return [Open(*row) for row in cursor.fetchall()]


class Sale(NamedTuple):
    """One line sold at a channel: when it was placed, and when we had it."""

    sku: str
    quantity: str
    number: str
    placed_at: datetime
    known_at: datetime


def sales(customer_id: int, source_id: int, *, since: datetime) -> list[Sale]:
    """The lines of orders of a channel that came since then."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT line->>'sku', line->>'quantity', r.number, r.happened_at, r.created_at
            FROM integrations_record r, jsonb_array_elements(r.body->'lines') AS line
            WHERE r.customer_id = %s AND r.object_type = 'order' AND r.source_id = %s AND r.id >= %s
            AND r.happened_at IS NOT NULL AND r.body->>'status' <> 'cancelled' ORDER BY r.id
            """,
            [customer_id, source_id, first_id_at(since)],
        )
        return [Sale(*row) for row in cursor.fetchall()]


def _lines(value: Any) -> list[dict[str, Any]]:
    return json.loads(value) if isinstance(value, str) else value or []
