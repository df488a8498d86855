"""What a delivery that took effect means: bindings, milestones, stock claims."""

import json
from collections.abc import Sequence

from django.db import connection

from integrations.connectors.base import Outcome
from integrations.domain import progress, stock
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.outbox import Claimed


def note(
    config: Configuration, target: EndpointConfig, done: Sequence[tuple[Claimed, Outcome]]
) -> None:
    """Note deliveries that took effect. Runs in the transaction that ends their messages."""
    _bind(target.id, [(m, o) for m, o in done if o.remote_id and m.record_id])
    orders = [m.order_id for m, _ in done if m.object_type == "order" and m.order_id]
    if orders and target.site:
        progress.reached(
            config.customer_id, orders, "sent_to_warehouse", cause=f"sent to {target.label}"
        )
        if any(o.confirmed for _, o in done):
            progress.reached(
                config.customer_id, orders, "acknowledged", cause=f"{target.label} accepted the order"
            )
            stock.move(orders, to="sent", of=["hard"])
    elif orders:
        progress.note(config.customer_id, orders, f"{target.label} has the order")
    told = [m.order_id for m, _ in done if m.object_type == "shipment" and m.order_id]
    progress.note(config.customer_id, told, f"{target.label} has the shipment")


def _bind(endpoint_id: int, done: Sequence[tuple[Claimed, Outcome]]) -> None:
    if not done:
        return
    rows = sorted({(m.record_id, m.object_type, str(o.remote_id)[:120]) for m, o in done})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO integrations_binding (endpoint_id, record_id, object_type, remote_id, detail)
            SELECT %s, record_id, object_type, remote_id, %s::jsonb
            FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS b(record_id, object_type, remote_id)
            ON CONFLICT DO NOTHING
            """,
            [endpoint_id, json.dumps({}), *[list(column) for column in zip(*rows, strict=True)]],
        )
