"""The head of a journey: its facts, its milestones, why it went where it went."""

from datetime import datetime, timedelta
from typing import Any

from integrations.models import Message
from integrations.queries.journey import Journey
from integrations.views import spoken
from integrations.views.order_words import words

TO_COME = ("acknowledged", "shipped")
MOST_MILESTONES = 14
SECOND = timedelta(seconds=1)


def facts(journey: Journey) -> list[dict[str, Any]]:
    """Value, lines, ship to, placed, route, time to the warehouse, time held."""
    order, body = journey.order, journey.order.body
    found = [
        ("Value", spoken.money(order.amount, order.currency)),
        ("Lines", _lines(journey)),
        ("Ship to", place(body.get("ship_to") or {})),
        ("Placed", spoken.moment(order.happened_at or order.created_at)),
        ("Store to warehouse", _to_warehouse(journey)),
        ("Held", _held(journey)),
    ]
    shown: list[dict[str, Any]] = [{"label": name, "value": text} for name, text in found if text]
    if journey.decisions:
        chosen = journey.decisions[0].chosen or "no site"
        shown.insert(-1, {"label": "Route", "value": chosen, "url": "#route", "link": "why"})
    return shown


def _lines(journey: Journey) -> str:
    lines = len(journey.order.body.get("lines", []))
    short = sum(
        line.get("status") in ("short", "backordered")
        for part in journey.parts
        if part.object_type == "shipment"
        for line in part.body.get("lines", [])
    )
    return f"{lines}, {short} short" if short else str(lines)


def place(address: dict[str, Any]) -> str:
    """Whom and where, in one line."""
    who = address.get("company") or address.get("name") or ""
    town = " ".join(str(address.get(k) or "") for k in ("city", "region", "postal_code")).strip()
    return ", ".join(part for part in (who, town) if part)


def _to_warehouse(journey: Journey) -> str:
    reached = next((e.at for e in journey.milestones if e.to_state == "sent_to_warehouse"), None)
    if reached is None or not journey.milestones:
        return ""
    return _took(reached - journey.milestones[0].at)


def _held(journey: Journey) -> str:
    """How long documents of the order were held, one after the other."""
    total = timedelta(0)
    for message in journey.messages:
        for event, later in _pairs(journey, message):
            if event.to_state == "held":
                total += later - event.at
    return _took(total) if total else ""


def _took(length: timedelta) -> str:
    """What took some time is not said to have taken none."""
    return spoken.span(length) if length >= SECOND else "under 1 s"


def _pairs(journey: Journey, message: Message) -> list[tuple[Any, Any]]:
    events = journey.events.get(message.pk, [])
    times = [event.at for event in events[1:]] + [spoken.clock.now()]
    return list(zip(events, times, strict=False))


def milestones(journey: Journey) -> list[dict[str, str]]:
    """What happened in the business in the order of time, and what is due."""
    done: dict[str, str] = {}
    for _, word, shape in sorted(_reached(journey), key=lambda one: one[0]):
        done.setdefault(word, shape)
    current = words(journey.order.state).staff
    reached = [
        {"word": word, "shape": reached_shape(shape) if word == current else "good"}
        for word, shape in done.items()
    ]
    return reached[-MOST_MILESTONES:] + _due(journey)


def reached_shape(shape: str) -> str:
    """What is reached is reached, though more must follow; unless somebody has to look at it."""
    return shape if shape in ("risk", "snoozed", "") else "good"


def _reached(journey: Journey) -> list[tuple[datetime, str, str]]:
    """When, what, and its shape: the order's states, who has what, and the first invoice."""
    found = []
    for event in journey.milestones:
        if event.to_state:
            said = words(event.to_state)
            found.append((event.at, said.staff, said.shape))
        elif event.cause.endswith((" has the order", " has the shipment")):
            found.append((event.at, event.cause, "good"))
    invoices = [part.created_at for part in journey.parts if part.object_type == "invoice"]
    return found + [(at, words("invoiced").staff, "good") for at in invoices[:1]]


def _due(journey: Journey) -> list[dict[str, str]]:
    state, due = journey.order.state, []
    if state in ("sent_to_warehouse", "acknowledged", "partially_shipped"):
        due = list(TO_COME if state == "sent_to_warehouse" else TO_COME[1:])
    billed = any(part.object_type == "invoice" for part in journey.parts)
    bills = any(
        flow.object_type == "invoice" and not flow.source.bills_us for flow in journey.flows
    )
    if (due or state == "shipped") and bills and not billed:
        due.append("invoiced")
    return [{"word": words(later).staff, "shape": "due"} for later in due]


def route(journey: Journey) -> list[dict[str, Any]]:
    """The explanation of the newest decision, a line for each site."""
    if not journey.decisions:
        return []
    decision = journey.decisions[0]
    told = decision.explanation
    lines = [
        {"text": f"{site['site']}: {site['why']}", "chosen": site["site"] == decision.chosen}
        for site in told.get("sites", [])
    ]
    if decision.actor:
        lines.insert(0, {"text": f"Chosen by {decision.actor}", "chosen": True})
    if told.get("problem"):
        lines.append({"text": told.get("text", told["problem"]), "chosen": False})
    return lines or [{"text": str(told.get("text", "")), "chosen": False}]
