"""One order's journey across systems."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.models import Record
from integrations.queries import journey as journeys
from integrations.queries import steps as step_queries
from integrations.queries.journey import Journey
from integrations.queries.steps import Step
from integrations.views import hidden, journey_facts, own_orders, spoken, told_payments
from integrations.views.addresses import with_values
from integrations.views.journey_panes import of_same_version, panes
from integrations.views.lanes import lanes
from portal.accounts.rules import requires


@requires("orders.view", "own.orders")
def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The partner's people see the journey, the customer's their order in their words."""
    if request.user.is_customer:  # type: ignore[union-attr]
        return own_orders.order(request, pk)
    record = Record.objects.filter(pk=pk, object_type="order").select_related("customer").first()
    if record is None:
        raise Http404
    journey = journeys.of(record)
    steps = step_queries.of(journey)
    chosen = _chosen(steps, request.GET.get("step", ""))
    context = {
        "order": _head(record),
        "orders_url": "/orders/",
        "customer": {
            "name": record.customer.name,
            "url": f"/orders/?customer={record.customer.slug}",
        },
        "customer_view_url": f"/orders/{pk}/as-customer/",
        "trace_url": f"/orders/{pk}/trace/",
        "facts": journey_facts.facts(journey),
        "milestones": journey_facts.milestones(journey),
        "lanes": lanes(request, steps, source_id=record.source_id, chosen=chosen),
        "search": {"name": "q", "value": "", "placeholder": "Order, PO, SKU, tracking"},
        "route": journey_facts.route(journey),
        "payments": _payments(journey),
        **(_step(request, journey, steps, chosen) if chosen else {}),
    }
    return render(request, "integrations/order.html", context)


def _head(record: Record) -> dict[str, Any]:
    """All its numbers to copy; beside the title only those the title does not say."""
    refs = record.body.get("external_refs") or []
    found = [record.number, record.body.get("po_number"), *[ref.get("value") for ref in refs]]
    ids = list(dict.fromkeys(number for number in found if number))[:6]
    others = [number for number in ids if number != record.number]
    return {"title": f"Order {record.number}", "ids": ids, "others": others}


def _payments(journey: Journey) -> list[dict[str, Any]]:
    """What partners told of each of its invoices; without those of which they told nothing."""
    told = [told_payments.shown(one, journey.payments.get(one.pk, [])) for one in journey.parts]
    return [one for one in told if one]


def _chosen(steps: list[Step], key: str) -> Step | None:
    """The step in the address; else the newest held one, else the newest."""
    chosen = next((step for step in steps if key and step.key == key), None)
    if chosen:
        return chosen
    done = [step for step in steps if step.at is not None]
    held = [step for step in done if step.state == "held"]
    return next(reversed(held or done), None)


def _step(request: HttpRequest, journey: Journey, steps: list[Step], step: Step) -> dict[str, Any]:
    message = step.message
    person: Any = request.user
    reason = hidden.reason(person, journey.order.customer.name)
    problems = journey.problems.get(message.pk, []) if message else []
    choosable = [one for one in steps if one.key]
    at = choosable.index(step)
    shown = {
        "title": _title(step),
        "at": spoken.moment(step.at, seconds=True),
        "effect": _effect(journey, step),
        "mapping": f"mapping {message.mapping}" if message and message.mapping else "",
        "download_url": f"/messages/{message.pk}/raw/"
        if message and message.payload_id and not reason
        else "",
        "problems": [p for p in problems if p.closed_at is None],
        "case": journey.case_of(message) if message else None,
    }
    return {
        "step": shown,
        "panes": panes(request, journey, step, hidden=reason),
        "earlier_url": with_values(request, step=choosable[at - 1].key) if at else "",
        "later_url": with_values(request, step=choosable[at + 1].key)
        if at + 1 < len(choosable)
        else "",
    }


def _title(step: Step) -> str:
    word = step.word[:1].upper() + step.word[1:]
    if step.source:
        return f"{word} from {step.source.label}"
    return f"{word} to {step.target.label}" if step.target else word


def _effect(journey: Journey, step: Step) -> str:
    """What the step led to: "1 received, 2 sent, each took effect once"."""
    if step.message is None:
        return ""
    if step.message.state == "held":
        return "held: nothing of it took effect"
    same = of_same_version(journey, step.message)
    received = sum(m.direction == "in" for m in same)
    sent = sum(m.direction == "out" and m.state in ("delivered", "confirmed") for m in same)
    waiting = sum(m.direction == "out" and m.state in ("waiting", "sending") for m in same)
    told = [f"{received} received", f"{sent} sent"] + ([f"{waiting} waiting"] if waiting else [])
    return ", ".join(told) + (", each took effect once" if sent and not waiting else "")
