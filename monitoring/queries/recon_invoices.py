"""Invoices, credit notes and refunds as the hub has them, each with the order it belongs to."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from portal.core.ids import first_id_at


class HubInvoice(NamedTuple):
    """One invoice or credit note. `order`: of the order that the hub knows it belongs to; empty: of none.

    `names`, `shipment`: the numbers it names itself.
    """

    number: str
    kind: str
    order: str
    names: str
    shipment: str
    issued_on: str
    currency: str
    totals: dict[str, str]
    lines: list[dict[str, Any]]


def invoices(customer_id: int, *, since: datetime) -> Iterator[HubInvoice]:
    """Those of the customer that came since then; void ones and drafts left out, and what suppliers bill."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.number, r.body->>'type', coalesce(o.number, ''),
                coalesce(r.body->>'order_number', ''), coalesce(r.body->>'shipment_number', ''),
                r.body->>'issued_on', r.body->>'currency', r.body->'totals', coalesce(r.body->'lines', '[]')
            FROM integrations_record r LEFT JOIN integrations_record o ON o.id = r.order_id
            WHERE r.customer_id = %s AND r.object_type = 'invoice' AND r.id >= %s
            AND r.body->>'status' NOT IN ('draft', 'void') AND r.body->'supplier' IS NULL ORDER BY r.id
            """,
            [customer_id, first_id_at(since)],
        )
        for *head, totals, lines in cursor.fetchall():
            yield HubInvoice._make([*head, _json(totals) or {}, _json(lines) or []])


class HubRefund(NamedTuple):
    """Money that a channel gave back with a return. `amount`: as the channel said it; None: it did not,
    and what came back is in `lines`."""

    order: str
    on: date
    amount: str | None
    lines: list[dict[str, Any]]


def refunds(customer_id: int, *, since: datetime, zone: str) -> Iterator[HubRefund]:
    """Of returns that came since then, are known to belong to an order, and were refunded. Days in `zone`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.number, (coalesce(r.source_updated_at, r.created_at) AT TIME ZONE %s)::date,
                r.body->>'refunded', coalesce(r.body->'lines', '[]')
            FROM integrations_record r JOIN integrations_record o ON o.id = r.order_id
            WHERE r.customer_id = %s AND r.object_type = 'return' AND r.id >= %s
            AND (r.body->>'status' = 'refunded' OR r.body->>'refunded' IS NOT NULL) ORDER BY r.id
            """,
            [zone, customer_id, first_id_at(since)],
        )
        for *head, lines in cursor.fetchall():
            yield HubRefund._make([*head, _json(lines)])


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
