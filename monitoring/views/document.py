"""The chosen document of a case: its problems, and its bytes with the bad value marked."""

from typing import Any

from integrations.models import Message, MessageEvent, Problem
from integrations.queries import documents
from integrations.queries.panes import hidden_pane, pane
from integrations.views import hidden, spoken
from monitoring.queries import held
from monitoring.queries.held import Document
from monitoring.remedies import Situation
from monitoring.views import words


def document_context(situation: Situation, document: Document) -> dict[str, Any]:
    """The context of the chosen document."""
    case = situation.case
    problems = held.problems(document.message) if case.is_of_documents else []
    return {
        "number": document.number,
        "note": _note(document.message, problems),
        "problems": [
            {
                "place": words.place(p.path) or "whole",
                "path": p.path if p.path != words.place(p.path) else "",
                "code": p.code,
                "value": p.value,
                "text": p.text,
            }
            for p in problems
        ],
        "panes": panes(situation, document.message, problems),
        "order_url": _order_url(situation, document.message),
    }


def _note(message: Message, problems: list[Problem]) -> str:
    place = next((p.path for p in problems if p.path and p.closed_at is None), "")
    kind = words.OBJECTS.get(message.object_type, (message.object_type.replace("_", " "),))[0]
    state = words.state(message)["word"]
    return f"{kind}, {state} at {words.place(place)}" if place else f"{kind}, {state}"


def _order_url(situation: Situation, message: Message) -> str:
    may = situation.person.may("orders.view")
    return f"/orders/{message.order_id}/" if may and message.order_id else ""


def panes(situation: Situation, message: Message, problems: list[Problem]) -> list[dict[str, Any]]:
    """The document as it came or went and in the hub, with these problems marked."""
    title = "Received" if message.direction == "in" else f"To {message.endpoint.label}"
    reason = hidden.reason(situation.person, situation.case.customer.name)
    if reason:
        return [hidden_pane(title, reason)]
    own, hub = _bytes(title, situation, message, problems), _in_hub(message, problems)
    found = [own, _edited(message), hub] if message.direction == "in" else [hub, own]
    return [one for one in found if one]


def _bytes(
    title: str, situation: Situation, message: Message, problems: list[Problem]
) -> dict[str, Any] | None:
    payload = situation.payload
    if payload is None:
        return None
    shown = pane(
        title,
        payload.body,
        content_type=payload.content_type,
        marks=[p.path for p in problems],
        values=[p.value for p in problems],
    )
    return {**shown, "links": [_download(message)]}


def _edited(message: Message) -> dict[str, Any] | None:
    """The document as it came, when somebody edited it since."""
    events = MessageEvent.objects.filter(message=message, to_state="edited").order_by("pk")
    first = events.first()
    if first is None or first.payload_id is None:
        return None
    digest = bytes(first.payload_id).hex()
    came = documents.payload_of(message, sha256=digest)
    if came is None:
        return None
    shown = pane("As it came", came.body, content_type=came.content_type)
    note = f"edited {spoken.moment(first.at)} by {first.actor}"
    return {**shown, "note": note, "links": [_download(message, digest)]}


def _in_hub(message: Message, problems: list[Problem]) -> dict[str, Any] | None:
    found = documents.record_of(message)
    if found is None:
        return None
    record, version, document = found
    marks = [p.path for p in problems]
    shown = pane("In the hub", document.body, content_type=document.content_type, marks=marks)
    return {**shown, "note": f"{record.object_type.replace('_', ' ')} v{version}"}


def _download(message: Message, digest: str = "") -> dict[str, str]:
    return {"label": "download", "url": f"/messages/{message.pk}/raw/{digest}"}
