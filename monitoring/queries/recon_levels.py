"""What the hub has of stock: levels by site, what channels were told, what items are."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection


class HubLevel(NamedTuple):
    """A level as its source reported it last. Quantities as decimal text."""

    site: str
    sku: str
    lot: str
    uom: str
    on_hand: str
    available: str
    as_of: str


def levels(customer_id: int, source_id: int) -> Iterator[HubLevel]:
    """Every level that the endpoint was the first to report, in the order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT body->>'site', body->>'sku', coalesce(body->>'lot', '*'), coalesce(body->>'uom', ''),
                body->>'on_hand', coalesce(body->>'available', ((body->>'on_hand')::numeric
                    - coalesce((body->>'committed')::numeric, 0))::text), body->>'as_of'
            FROM integrations_record
            WHERE customer_id = %s AND object_type = 'inventory' AND source_id = %s ORDER BY business_key
            """,
            [customer_id, source_id],
        )
        for row in cursor.fetchall():
            yield HubLevel(*row)


class Published(NamedTuple):
    """What a channel was told last of an item, and when."""

    sku: str
    quantity: str
    at: datetime


def published(customer_id: int, endpoint_id: int) -> list[Published]:
    """The last availability of each item that reached the channel; not what still waits to."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.number, coalesce(v.body, r.body)->>'quantity', told.at
            FROM integrations_record r CROSS JOIN LATERAL (
                SELECT m.record_version, m.updated_at AS at FROM integrations_message m
                WHERE m.record_id = r.id AND m.endpoint_id = %s AND m.direction = 'out'
                AND m.state IN ('delivered', 'confirmed') ORDER BY m.record_version DESC LIMIT 1
            ) AS told
            LEFT JOIN integrations_recordversion v
                ON v.record_id = r.id AND v.version = told.record_version
            WHERE r.customer_id = %s AND r.object_type = 'availability' ORDER BY r.number
            """,
            [endpoint_id, customer_id],
        )
        return [Published(*row) for row in cursor.fetchall()]


class HubItem(NamedTuple):
    """A product. `units` and `components` as in its body."""

    sku: str
    base_uom: str
    units: list[dict[str, Any]]
    components: list[dict[str, Any]]
    price: str


def items(customer_id: int, sku: str | None = None) -> Iterator[HubItem]:
    """Every product, by SKU; or the one of `sku`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT body->>'sku', coalesce(body->>'base_uom', ''), body->'units', body->'components',
                coalesce(body->>'price', '0')
            FROM integrations_record WHERE customer_id = %(customer)s AND object_type = 'product'
            AND (%(sku)s::text IS NULL OR business_key = %(sku)s)
            ORDER BY business_key
            """,
            {"customer": customer_id, "sku": sku},
        )
        for code, base_uom, units, components, price in cursor.fetchall():
            yield HubItem(code, base_uom, _json(units), _json(components), price)


def _json(value: Any) -> list[dict[str, Any]]:
    return json.loads(value) if isinstance(value, str) else value or []


class Report(NamedTuple):
    """A stored document of an endpoint."""

    message_id: UUID
    topic: str
    body: bytes
    received_at: datetime


def stock_reports(endpoint_id: int, *, most: int) -> Iterable[Report]:
    """The last stock reports an endpoint sent, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.topic, p.body, m.created_at
            FROM integrations_message m JOIN integrations_payload p ON p.sha256 = m.payload_id
            WHERE m.endpoint_id = %s AND m.direction = 'in' AND m.object_type = 'inventory'
            AND m.state IN ('applied', 'unchanged', 'superseded', 'held', 'skipped')
            ORDER BY m.id DESC LIMIT %s
            """,
            [endpoint_id, most],
        )
        return [Report(row[0], row[1], bytes(row[2]), row[3]) for row in cursor.fetchall()]
