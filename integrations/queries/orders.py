"""Orders as lists show them: found by any number, a page at a time, with what holds them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Func, IntegerField, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform as Text

from integrations.models import Message, Problem, Record
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
    """What of an order is held or on its way out: the worst of it."""

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
        held = Message.objects.filter(state="held", order__isnull=False)
        return found.filter(pk__in=held.values("order_id"))
    return found.filter(VIEWS[view]) if view in VIEWS else found


def matching(found: QuerySet[Record], text: str) -> QuerySet[Record]:
    """Orders known by this number, or whose shipments are; else those whose number begins so."""
    wanted = text.strip().upper()
    named = Record.objects.filter(numbers__contains=[wanted])
    own = named.filter(object_type="order").values("pk")
    parts = named.filter(order__isnull=False).values("order_id")
    exact = found.filter(pk__in=own.union(parts))
    return exact if exact.exists() else found.filter(number__istartswith=wanted)


def tracking(order_ids: Collection[UUID]) -> dict[UUID, str]:
    """The first tracking number of each order that has one."""
    found = (
        Record.objects.filter(order_id__in=order_ids, object_type="shipment")
        .annotate(first=Text("0", Text("tracking", "body")))
        .order_by("-pk")
        .values_list("order_id", "first")
    )
    return {order_id: first for order_id, first in found if first}


def waiting(order_ids: Collection[UUID]) -> dict[UUID, Waiting]:
    """What is held or waiting of each order: of several the worst, of those the oldest."""
    found = list(
        Message.objects.filter(order_id__in=order_ids, state__in=("held", "waiting", "sending"))
        .order_by("order_id", "state", "pk")  # held sorts before sending and waiting
        .distinct("order_id")
        .values_list("order_id", "pk", "state", "endpoint__label", "created_at")
    )
    causes = dict(
        Problem.objects.filter(message_id__in=[row[1] for row in found], closed_at=None)
        .order_by("-pk")
        .values_list("message_id", "fingerprint")
    )
    links = case_links.of_causes(set(causes.values()))
    return {
        order_id: Waiting(state, label, since, links.get(causes[pk]) if pk in causes else None)
        for order_id, pk, state, label, since in found
    }
