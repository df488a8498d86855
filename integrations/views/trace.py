"""A trace of one order: what took how long, and whose time it was."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.models import Message, MessageEvent, Record
from integrations.queries import journey as journeys
from integrations.queries import steps as words
from integrations.queries.journey import Journey
from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.charts import units
from portal.core.charts.proportions import Share, proportion
from portal.core.charts.waterfalls import Part, Step, waterfall

# By the state a document was in: what that was, and whose time.
_IN: dict[str, tuple[str, Part]] = {
    "received": ("taken into the hub", "us"),
    "held": ("held for a person", "bad"),
    "waiting": ("waited", "none"),
    "delivered": ("waited for its acknowledgement", "third"),
}
_NAMES: dict[Part, str] = {
    "us": "Us", "third": "Other systems", "bad": "Held", "none": "Waiting to be sent",
}  # fmt: skip
_LEGEND: dict[Part, str] = {
    "us": "in the hub", "none": "waiting to be sent", "third": "with the other system",
    "bad": "held for a person",
}  # fmt: skip
_OVER = frozenset({"applied", "unchanged", "split", "superseded", "skipped", "confirmed"})


@requires("orders.view")
def trace(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = Record.objects.filter(pk=pk, object_type="order").select_related("customer").first()
    if record is None:
        raise Http404
    found = steps(journeys.of(record), now=clock.now())
    context = {
        "order": {"title": f"Order {record.number}", "url": f"/orders/{pk}/"},
        "customer": record.customer.name,
        "waterfall": waterfall(found, say=_length) if found else None,
        "clock": "D H:i:s" if _whole(found) >= timedelta(days=1) else "H:i:s",
        "legend": _legend(found),
        "parts": _parts(found),
        "whole": _length(_whole(found)),
    }
    return render(request, "integrations/trace.html", context)


def steps(journey: Journey, *, now: datetime) -> list[Step]:
    """Every stretch of every document's way, and each try of sending it. What is open lasts until now."""
    return [
        step
        for message in journey.messages
        for step in _of_message(journey, message, journey.events.get(message.pk, []), now=now)
    ]


def _of_message(
    journey: Journey, message: Message, events: list[MessageEvent], *, now: datetime
) -> list[Step]:
    found: list[Step] = []
    url = f"/orders/{journey.order.pk}/?step={message.pk}"
    since, state = message.created_at, "received" if message.direction == "in" else "waiting"
    for event in events:
        ended = max(event.at, since)
        if event.from_state == "sending":
            began = max(ended - _took(event), since)
            found += _stretch(message, state, since, began, url=url)
            found.append(_try(message, event, began, ended, url=url))
        elif event.from_state:
            found += _stretch(message, state, since, ended, url=url)
        since, state = ended, event.to_state
    if state not in _OVER and not (state == "delivered" and message.interchange_id is None):
        found += _stretch(message, state, since, now, url=url)
    return found


def _took(event: MessageEvent) -> timedelta:
    """How long a try took, as far as its answer says."""
    spent = (event.answer or {}).get("ms")
    return timedelta(milliseconds=spent) if isinstance(spent, int | float) else timedelta()


def _stretch(
    message: Message, state: str, began: datetime, ended: datetime, *, url: str
) -> list[Step]:
    said = _IN.get(state)
    if said is None or ended - began < timedelta(milliseconds=1):
        return []
    what = f"{words.document_word(message)} {said[0]}"
    return [Step(message.endpoint.label, what, began, ended, _length(ended - began), said[1], url)]


def _try(
    message: Message, event: MessageEvent, began: datetime, ended: datetime, *, url: str
) -> Step:
    outcome = "sent" if event.to_state in ("delivered", "confirmed") else "tried, to be tried again"
    outcome = "refused" if event.to_state == "held" else outcome
    what = f"{words.document_word(message)} {outcome}"
    return Step(message.endpoint.label, what, began, ended, _length(ended - began), "third", url)


def _length(length: timedelta) -> str:
    seconds = length.total_seconds()
    return spoken.span(length) if seconds >= 3600 else units.SECONDS.say(round(seconds, 3))


def _whole(found: list[Step]) -> timedelta:
    if not found:
        return timedelta()
    return max(step.ended for step in found) - min(step.began for step in found)


def _legend(found: list[Step]) -> list[dict[str, str]]:
    """What the bars that are there are."""
    there = {step.part for step in found}
    return [{"part": part, "label": label} for part, label in _LEGEND.items() if part in there]


def _parts(found: list[Step]) -> list[dict[str, Any]]:
    """Whose time the steps were, all documents added up."""
    times: dict[Part, float] = {}
    for step in found:
        times[step.part] = times.get(step.part, 0.0) + (step.ended - step.began).total_seconds()
    return proportion([Share(name, times.get(part, 0), part) for part, name in _NAMES.items()])
