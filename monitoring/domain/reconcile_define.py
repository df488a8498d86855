"""Making a reconciliation, and changing what it compares: each change is a version of its own."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from integrations.connectors import registry
from integrations.models import Endpoint
from monitoring.domain import reconcile_schedule
from monitoring.models import Reconciliation, ReconVersion
from monitoring.reconcile import Definition, DefinitionError, Side
from monitoring.reconcile.definition_json import read, write
from portal.customers.models import Customer

NIGHT: Final = time(2, 0)
INVOICE_DAYS: Final = timedelta(days=5)
LABELS: Final[Mapping[str, str]] = {
    "inventory": "Stock of {warehouse} and {erp}",
    "orders": "Orders from {channel} to {warehouse}",
    "shipments": "Shipments of {warehouse}",
    "financial": "Invoices of {erp}",
}


@transaction.atomic
def create(
    customer: Customer, *, label: str, content: Mapping[str, Any], actor: str,
    hourly: bool = True, nightly_at: time | None = NIGHT,
) -> Reconciliation:  # fmt: skip
    """A new one, due as its schedule says. DefinitionError for what cannot be compared."""
    definition = read(content, version=1)
    _check(customer, definition)
    made = Reconciliation.objects.create(
        customer=customer,
        label=label[:80],
        kind=definition.kind,
        hourly=hourly,
        nightly_at=nightly_at,
    )
    ReconVersion.objects.create(
        reconciliation=made, version=1, content=write(definition), actor=actor[:80]
    )
    reconcile_schedule.plan(made)
    return made


@transaction.atomic
def change(reconciliation_id: int, content: Mapping[str, Any], *, actor: str) -> Reconciliation:
    """From the next run on. The kind stays: what was found of one kind says nothing of another."""
    one = Reconciliation.objects.select_for_update(of=("self",)).get(pk=reconciliation_id)
    definition = read({**content, "kind": one.kind}, version=one.version + 1)
    _check(one.customer, definition)
    one.version += 1
    one.save(update_fields=["version"])
    ReconVersion.objects.create(
        reconciliation=one, version=one.version, content=write(definition), actor=actor[:80]
    )
    return one


@transaction.atomic
def reschedule(
    reconciliation_id: int, *, hourly: bool, nightly_at: time | None, enabled: bool
) -> Reconciliation:
    """When it runs from now on."""
    one = Reconciliation.objects.select_for_update(of=("self",)).get(pk=reconciliation_id)
    one.hourly, one.nightly_at, one.enabled = hourly, nightly_at, enabled
    one.save(update_fields=["hourly", "nightly_at", "enabled"])
    reconcile_schedule.plan(one)
    return one


def _check(customer: Customer, definition: Definition) -> None:
    """Every side is an endpoint of the customer that can say what is asked of it."""
    known = {one.slug: one for one in Endpoint.objects.filter(customer=customer)}
    for side in definition.sides:
        endpoint = known.get(side.endpoint)
        if endpoint is None:
            raise DefinitionError(f"{customer.name} has no endpoint {side.endpoint!r}.")
        capabilities = registry.get(endpoint.connector).manifest.capabilities
        if side.source == "live" and "snapshot" not in capabilities:
            text = f"{endpoint.label} cannot be asked for all it has. Choose its last report or the hub."
            raise DefinitionError(text)
        if side.role == "warehouse" and definition.kind == "inventory" and not endpoint.site:
            raise DefinitionError(
                f"{endpoint.label} has no site code. Enter it at the endpoint first."
            )


def usual(customer: Customer, kind: str) -> dict[str, Any] | None:
    """What is most probably wanted of a kind, from the customer's endpoints. None where two sides lack."""
    sides = [side for side in _usual_sides(customer, kind) if side is not None]
    if len(sides) < 2:
        return None
    definition = Definition(1, kind, tuple(sides))  # type: ignore[arg-type]
    content = write(definition)
    if kind == "financial":
        content["settle_minutes"] = INVOICE_DAYS // timedelta(minutes=1)
    return content


def _usual_sides(customer: Customer, kind: str) -> list[Side | None]:
    found = Endpoint.objects.filter(customer=customer).order_by("pk")
    erp = next((_side("erp", one) for one in found if _category(one) == "erp"), None)
    warehouses: list[Side | None] = [
        Side("warehouse", _stock_way(one), one.slug) for one in found if one.site
    ]
    channels: list[Side | None] = [
        _side("channel", one)
        for one in found
        if one.channel is not None or _category(one) == "storefront"
    ]
    if kind == "inventory":
        return [erp, *warehouses, *(side for side in channels if side and side.source == "live")]
    if kind == "financial":
        return [*channels, erp]
    by_hub = [side and side._replace(source="hub") for side in warehouses]
    return [*channels, erp, *by_hub]


def _side(role: Any, endpoint: Endpoint) -> Side:
    can = "snapshot" in registry.get(endpoint.connector).manifest.capabilities
    return Side(role, "live" if can else "hub", endpoint.slug)


def _stock_way(endpoint: Endpoint) -> str:
    """Its last report where its reports are known to be complete, else what all of them add up to."""
    return "document" if endpoint.settings.get("full_846") else "hub"


def _category(endpoint: Endpoint) -> str:
    return registry.get(endpoint.connector).manifest.category


def next_of(one: Reconciliation) -> datetime | None:
    """When it runs next; None while it is switched off or nobody has it run."""
    due = [at for at in (one.light_due_at, one.full_due_at) if at is not None]
    return min(due, default=None) if one.enabled else None
