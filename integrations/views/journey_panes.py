"""The three panes of a step: what was received, what the hub made of it, what was sent."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from integrations.formats import edifact, x12
from integrations.models import Message, MessageEvent
from integrations.queries import documents
from integrations.queries.documents import Document
from integrations.queries.journey import Journey
from integrations.queries.panes import hidden_pane, pane
from integrations.queries.steps import Step, document_word
from integrations.views import spoken
from integrations.views.addresses import with_values

SLICES: dict[str, Callable[[bytes], Sequence[Any]]] = {
    "application/edi-x12": x12.split_sets,
    "application/edifact": lambda body: edifact.slices_of(edifact.read(body)),
}
# What a partner says is wrong stands at places of the one document it was sent.
REFUSED, OWN_SET = "ack_rejected", "sets[0]."
ANSWER_LINES = 40
TOLD = 120
SHORT = ("Received", "In the hub", "Sent")
ORDINALS = {1: "first", 2: "second", 3: "third"}


def panes(request: Any, journey: Journey, step: Step, *, hidden: str) -> list[dict[str, Any]]:
    """The panes of `step`, or instead of their lines the sentence that says who may see them."""
    received, sent, others = _around(journey, step)
    found = [
        _received(journey, received, hidden=hidden),
        _in_hub(journey, step, hidden=hidden),
        _sent(request, journey, sent, others, hidden=hidden),
    ]
    seen = 2 if sent is not None and step.message is sent else 0
    return [
        {**one, "key": str(n + 1), "short": SHORT[n], "first_seen": n == seen}
        for n, one in enumerate(found)
    ]


def _around(journey: Journey, step: Step) -> tuple[Message | None, Message | None, list[Message]]:
    """The message that brought this version in, the one sent for it, and the others sent."""
    if step.message is None:
        return None, None, []
    chosen = step.message
    same = of_same_version(journey, chosen)
    incoming = [m for m in same if m.direction == "in"]
    outgoing = [m for m in same if m.direction == "out" and m.state != "superseded"]
    received = chosen if chosen.direction == "in" else next(iter(incoming), None)
    sent = chosen if chosen.direction == "out" else next(iter(outgoing), None)
    return received, sent, [m for m in outgoing if m is not sent]


def of_same_version(journey: Journey, message: Message) -> list[Message]:
    """The journey's messages of the record and version that `message` is about."""
    version = (message.record_id, message.record_version)
    return [
        m for m in journey.messages if m.record_id and (m.record_id, m.record_version) == version
    ]


def _received(journey: Journey, message: Message | None, *, hidden: str) -> dict[str, Any]:
    if message is None:
        return _blank("Received", "nothing was received for this step")
    note = f"{document_word(message)} from {message.endpoint.label}"
    if hidden:
        return _blank("Received", note, hidden=hidden)
    document = documents.payload_of(message)
    if document is None:
        return _blank("Received", note, hidden=_gone(message))
    problems = journey.problems.get(message.pk, [])
    links = [{"label": "raw", "url": f"/messages/{message.pk}/raw/"}]
    if message.parent_id:
        links.append({"label": "whole file", "url": f"/messages/{message.parent_id}/raw/"})
    shown = pane(
        "Received",
        document.body,
        content_type=document.content_type,
        marks={p.path for p in problems if p.path},
        values={p.value for p in problems if p.value},
    )
    return {**shown, "note": f"{note} · {shown['note']}", "links": links}


def _gone(message: Message) -> str:
    """That the bytes were removed on purpose; blank where there never were any."""
    gone = documents.why_gone(message)
    return f"Removed {spoken.moment(gone[1])}: {gone[0]}. Its hash is kept." if gone else ""


def _in_hub(journey: Journey, step: Step, *, hidden: str) -> dict[str, Any]:
    if step.message is None:
        record, version = journey.order, journey.order.version
        if step.decision:
            version = step.decision.record_version
        body = documents.body_at(record, version)
    else:
        found = documents.record_of(step.message)
        if found is None:
            why = "held before it" if step.message.state == "held" else "not one object"
            return _blank("In the hub", why)
        record, version, document = found
        body = document.body
    note = f"{record.object_type.replace('_', ' ')} v{version}"
    if hidden:
        return _blank("In the hub", note, hidden=hidden)
    return {**pane("In the hub", body, content_type="application/json"), "note": note}


def _sent(
    request: Any, journey: Journey, message: Message | None, others: list[Message], *, hidden: str
) -> dict[str, Any]:
    if message is None:
        return _blank("Sent", "nothing was sent for this step")
    title = f"Sent to {message.endpoint.label}"
    tries = [e for e in journey.events.get(message.pk, []) if e.from_state == "sending"]
    note = _tries(tries, message)
    links = [
        {"label": other.endpoint.label, "url": with_values(request, step=str(other.pk))}
        for other in others[:3]
    ]
    document = None if hidden else documents.payload_of(message)
    if hidden or document is None:
        shown = _blank(title, note, hidden=hidden or _gone(message))
    else:
        links.append({"label": "raw", "url": f"/messages/{message.pk}/raw/"})
        body = _own_set(document, message)
        refused = journey.problems.get(message.pk, [])
        marks = {f"{OWN_SET}{p.path}" for p in refused if p.code == REFUSED and p.path}
        shown = pane(title, body, content_type=document.content_type, marks=marks)
    answers = [] if hidden else [line for event in tries for line in _answer(event)]
    told = [] if hidden else [_told(event) for event in tries]
    return {
        **shown,
        "note": note,
        "links": links,
        "told": told,
        "lines": [*shown["lines"], *answers],
    }


def _tries(tries: list[MessageEvent], message: Message) -> str:
    if not tries:
        return message.get_state_display()
    ordinal = ORDINALS.get(len(tries), f"{len(tries)}th")
    return f"{ordinal} try, {spoken.moment(tries[-1].at, seconds=True)}"


def _own_set(document: Document, message: Message) -> bytes:
    """Of a file with many documents, this message's own."""
    if document.content_type not in SLICES or not message.part:
        return document.body
    found = SLICES[document.content_type](document.body)
    return found[message.part - 1].raw if len(found) >= message.part else document.body


def _told(event: MessageEvent) -> str:
    """What became of one try, in a line that stands above the payload."""
    answer = event.answer or {}
    took = f" after {answer['ms']} ms" if answer.get("ms") is not None else ""
    said = f"answered {answer.get('status', '')}{took}" if answer else "no answer was kept"
    body = " ".join(_text_of(answer).split())
    parts = [said, event.cause, body[:TOLD] + ("…" if len(body) > TOLD else "")]
    return f"{spoken.moment(event.at, seconds=True)} {': '.join(part for part in parts if part)}"


def _text_of(answer: dict[str, Any]) -> str:
    body = answer.get("body", "")
    return body if isinstance(body, str) else json.dumps(body, indent=1, ensure_ascii=False)


def _answer(event: MessageEvent) -> list[dict[str, Any]]:
    """The whole of what the system answered to one try, below the payload."""
    text = _text_of(event.answer or {})
    if len(text) <= TOLD:
        return []
    lines = [
        f"answer of {spoken.moment(event.at, seconds=True)}",
        *text.splitlines()[:ANSWER_LINES],
    ]
    return [{"mark": "", "parts": [{"text": line, "kind": "aside", "path": ""}]} for line in lines]


def _blank(title: str, note: str, *, hidden: str = "") -> dict[str, Any]:
    return {**hidden_pane(title, hidden), "note": note}
