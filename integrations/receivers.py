"""What the pipeline hears: configuration rows that change, orders that were taken."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django_tenants.utils import get_public_schema_name

from integrations.domain import changes, history, order_answers, subjects
from integrations.domain.history import Origin
from integrations.domain.hub import RecordsChanged
from integrations.models import (
    Contract,
    Endpoint,
    Flow,
    LookupRow,
    LookupTable,
    MappingVersion,
    RoutingRules,
)
from portal.core.events import subscribe
from portal.customers.models import Customer
from portal.customers.promises import PromisesMade
from portal.jobs import lanes
from portal.tenants.life import PartnerTurned
from portal.tenants.opening import PartnerOpened

CONFIGURATION = (Contract, Endpoint, Flow, LookupRow, LookupTable, MappingVersion, RoutingRules)


@receiver([post_save, post_delete])
def note_change(sender: type[Model], instance: Any, **_: Any) -> None:
    if sender is Customer:
        changes.touch(instance.pk)
    elif sender in CONFIGURATION:
        changes.touch(_customer_of(instance))


def _customer_of(instance: Any) -> int | None:
    if isinstance(instance, LookupRow):
        return instance.table.customer_id
    if isinstance(instance, Contract | MappingVersion):
        return instance.endpoint.customer_id
    return instance.customer_id


@subscribe(PromisesMade)
def keep_promises(event: PromisesMade) -> None:
    """Policies are part of what decides over documents: the version says who changed them."""
    customer = Customer.objects.get(pk=event.customer_id)
    history.keep(customer.pk, subjects.live(customer), Origin(event.actor, "hours and promises"))


@subscribe(RecordsChanged)
def answer_orders(event: RecordsChanged) -> None:
    order_answers.answer(event.customer_id, event.changes)


@subscribe(PartnerTurned)
def open_or_shut_the_door(event: PartnerTurned) -> None:
    changes.tell_door(event.schema)


@subscribe(PartnerOpened)
def start_ticking(event: PartnerOpened) -> None:
    if event.schema != get_public_schema_name():
        for lane in ("sweep", "traffic"):
            lanes.begin(lane, schema=event.schema)
