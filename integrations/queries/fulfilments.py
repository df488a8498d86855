"""How far orders are: their states, and what their shipments say has left."""

import json
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from integrations.canonical.fulfilment import Fulfilment, fulfilment


class Underway(NamedTuple):
    """An order with what has left of it."""

    number: str
    state: str
    done: Fulfilment


def of_orders(order_ids: Iterable[UUID]) -> dict[UUID, Underway]:
    """The orders, locked for the transaction: two shipments of one must not pass each other by."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id, o.number, o.state, (o.body->'lines')::text, (
                SELECT jsonb_agg(jsonb_build_object(
                    'site', s.body->'site', 'status', s.body->'status', 'lines', s.body->'lines')
                    ORDER BY s.id)::text
                FROM integrations_record s WHERE s.order_id = o.id AND s.object_type = 'shipment')
            FROM integrations_record o WHERE o.id = ANY(%s) ORDER BY o.id FOR UPDATE OF o
            """,
            [list(order_ids)],
        )
        return {
            order_id: Underway(
                number, state, fulfilment(json.loads(lines), json.loads(shipments or "[]"))
            )
            for order_id, number, state, lines, shipments in cursor.fetchall()
        }
