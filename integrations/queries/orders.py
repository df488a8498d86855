"""Orders as lists show them: found by any number, a page at a time, with what holds them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform as Text

from integrations.models import Endpoint, Message, Problem, Record
from integrations.queries import case_links
from integrations.queries.case_links import CaseLink

OPEN_STATES = (
    "received",
    "validated",
    "released",
    "sent_to_warehouse",
    "acknowledged",
    "partially_shipped",
    "cancel_requested",
)
VIEWS = {
    "open": Q(state__in=OPEN_STATES),
    "on_hold": Q(state="on_hold"),
    "shipped": Q(state__in=("shipped", "invoiced", "closed")),
    "cancelled": Q(state="cancelled"),
}


class Waiting(NamedTuple):
    """What of an order is held or on its way out: the worst of it. `direction` "in": a later
    document of it is held before the hub."""

    direction: str
    state: str
    endpoint: str
    since: datetime
    case: CaseLink | None


def orders() -> QuerySet[Record]:
    """Every order, with what a list shows of the body and not the body."""
    return (
        Record.objects.filter(object_type="order")
        .defer("body", "content_hash", "numbers")
        .annotate(
            channel=Text("channel", "body"),
            po=Text("po_number", "body"),
            reference=Text(
                "value", Text("0", Text("external_refs", "body")), output_field=TextField()
            ),
            lines=Func(
                F("body__lines"), function="jsonb_array_length", output_field=IntegerField()
            ),
        )
    )


def in_view(found: QuerySet[Record], view: str) -> QuerySet[Record]:
    """The orders of a saved view; an unknown one is all of them."""
    if view == "held":
        held = Message.objects.filter(state="held")
        later = held.filter(
            direction="in",
            object_type="order",
            customer_id=OuterRef("customer_id"),
            business_key=OuterRef("business_key"),
        )
        own = held.filter(order__isnull=False).values("order_id")
        return found.filter(Q(pk__in=own) | Exists(later))
    return found.filter(VIEWS[view]) if view in VIEWS else found


def numbered(found: QuerySet[Record], text: str) -> QuerySet[Record]:
    """Orders known by this number, or whose shipments are."""
    named = Record.objects.filter(numbers__contains=[text.strip().upper()])
    own = named.filter(object_type="order").values("pk")
    parts = named.filter(order__isnull=False).values("order_id")
    return found.filter(pk__in=own.union(parts))


def beginning(found: QuerySet[Record], text: str) -> QuerySet[Record]:
    """Orders whose number begins so."""
    return found.filter(number__istartswith=text.strip())


def channel_labels(channels: Collection[str]) -> dict[str, str]:
    """What the endpoints that name a channel are called. Another channel's name is its own."""
    return dict(Endpoint.objects.filter(slug__in=channels).values_list("slug", "label"))


def tracking(order_ids: Collection[UUID]) -> dict[UUID, str]:
    """The first tracking number of each order of which something left."""
    found = (
        Record.objects.filter(order_id__in=order_ids, object_type="shipment")
        .exclude(state="cancelled")
        .annotate(first=Text("0", Text("tracking", "body")))
        .order_by("-pk")
        .values_list("order_id", "first")
    )
    return {order_id: first for order_id, first in found if first}


def waiting(records: Collection[Record]) -> dict[UUID, Waiting]:
    """What is held or waiting of each order: of several the worst, of those the oldest."""
    by_key = {(record.customer_id, record.business_key): record.pk for record in records}
    sent = _sent([record.pk for record in records])
    found = {row.order_id: row for row in sent if row.order_id}
    for message in _knocking(records):
        order_id = by_key.get((message.customer_id, message.business_key))
        if order_id and (order_id not in found or found[order_id].state != "held"):
            found[order_id] = message
    causes = dict(
        Problem.objects.filter(message_id__in=[m.pk for m in found.values()], closed_at=None)
        .order_by("-pk")
        .values_list("message_id", "fingerprint")
    )
    links = case_links.of_causes(set(causes.values()))
    return {
        order_id: Waiting(
            message.direction,
            message.state,
            message.endpoint.label,
            message.created_at,
            links.get(causes[message.pk]) if message.pk in causes else None,
        )
        for order_id, message in found.items()
    }


def _sent(order_ids: Collection[UUID]) -> QuerySet[Message]:
    return (
        Message.objects.filter(order_id__in=order_ids, state__in=("held", "waiting", "sending"))
        .order_by("order_id", "state", "pk")  # held sorts before sending and waiting
        .distinct("order_id")
        .select_related("endpoint")
    )


def _knocking(records: Collection[Record]) -> QuerySet[Message]:
    """Later documents of these orders that are held before the hub, newest first."""
    return (
        Message.objects.filter(
            state="held",
            direction="in",
            object_type="order",
            customer_id__in={record.customer_id for record in records},
            business_key__in={record.business_key for record in records},
        )
        .order_by("-pk")
        .select_related("endpoint")
    )
