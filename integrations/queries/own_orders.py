"""A customer's own orders. Reads only what the customer's database role may read."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from integrations.models import Record, RecordEvent


def shipments(order_ids: Collection[UUID]) -> dict[UUID, list[Record]]:
    """The shipments of these orders, oldest first; cancelled ones left out."""
    found: dict[UUID, list[Record]] = defaultdict(list)
    parts = Record.objects.filter(order_id__in=order_ids, object_type="shipment")
    for part in parts.exclude(state="cancelled").order_by("pk"):
        found[part.order_id].append(part)  # type: ignore[index]
    return dict(found)


def milestones(order: Record) -> list[RecordEvent]:
    """The steps of an order, oldest first, without notes."""
    return list(RecordEvent.objects.filter(record=order).exclude(to_state="").order_by("pk"))
