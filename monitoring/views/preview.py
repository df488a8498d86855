"""The chosen case beside the queue: facts, evidence, what fixed it before, what it holds."""

from typing import Any

from django.http import HttpRequest

from integrations.queries import documents
from integrations.queries.panes import pane
from integrations.views import hidden, spoken
from monitoring import remedies
from monitoring.models import ExceptionCase
from monitoring.queries import held, memory
from monitoring.queries.held import Document
from monitoring.remedies import Situation
from monitoring.views import addresses, words

_SHOWN = 5
_AROUND = 1


def preview(request: HttpRequest, case: ExceptionCase) -> dict[str, Any]:
    """The context of the preview."""
    person: Any = request.user
    found = held.page(case).rows
    situation = Situation(case, person, found[0] if found else None)
    return {
        "chosen": "case" in request.GET,
        "close_url": addresses.with_values(request, here=True, case=""),
        "severity": words.severity(case),
        "id": case.label,
        "kind": case.code.replace("_", " "),
        "title": case.title,
        "facts": _facts(case, situation),
        **_evidence(case, situation),
        "remedies": words.memory(memory.of(case)),
        "documents_title": _documents_title(case),
        "documents": [_document(document) for document in found[:_SHOWN]],
        "more": _more(case, situation, shown=min(len(found), _SHOWN)),
        "activity": words.activity(list(case.events.all()[:6]), person),
        "primary": _primary(situation),
        "open_url": f"/cases/{case.pk}/",
    }


def _documents_title(case: ExceptionCase) -> str:
    if case.is_of_endpoint:
        return "Waiting documents"
    return "Held documents" if case.is_open else "Documents"


def _facts(case: ExceptionCase, situation: Situation) -> list[dict[str, str]]:
    rows = [("Where", words.where(case))]
    if case.is_of_endpoint:
        rows.append(("Since", spoken.moment(case.opened_at)))
        rows.append(("Last try", case.endpoint.last_error or "none"))
    elif case.is_open:
        risk = f", {words.money(case.at_risk, case.currency)}" if case.at_risk else ""
        first = spoken.moment(situation.summary.first)
        held_now = words.objects(case.documents, case.object_type)
        rows.append(
            ("Held" if situation.summary.held else "Noted", f"{held_now}{risk}, first at {first}")
        )
    else:
        rows.append(("Closed", f"{spoken.moment(case.closed_at)}: {case.resolution}"))
        risk = f", {words.money(case.at_risk, case.currency)}" if case.at_risk else ""
        if case.documents:
            rows.append(("Held", f"{words.objects(case.documents, case.object_type)}{risk}"))
    if case.path:
        rows.append(("Place", words.place_and_path(case.path)))
    return [{"label": label, "value": value} for label, value in rows]


def _evidence(case: ExceptionCase, situation: Situation) -> dict[str, Any]:
    """The lines around the bad value in the first document."""
    if situation.document is None or case.is_of_endpoint:
        return {"evidence": None}
    problems = held.problems(situation.document.message)
    own = next((p for p in problems if p.code == case.code), None)
    payload = situation.payload
    lines = _around(payload, case) if payload else []
    refused = hidden.reason(situation.person, case.customer.name)
    return {
        "evidence": lines or ([[{"text": refused, "bad": False}]] if refused else None),
        "evidence_note": _one_of(situation.document.number, case.documents),
        "explanation": own.text if own else "",
    }


def _one_of(number: str, documents: int) -> str:
    return f"{number}, one of {documents:,}" if documents > 1 else number


def _around(payload: documents.Document, case: ExceptionCase) -> list[list[dict[str, Any]]]:
    shown = pane(
        "", payload.body, content_type=payload.content_type, marks=[case.path], values=[case.value]
    )["lines"]
    bad = next((n for n, line in enumerate(shown) if line["mark"]), 0)
    lines = shown[max(bad - _AROUND, 0) : bad + _AROUND + 1]
    return [
        [{"text": part["text"][:400], "bad": part["kind"] == "bad"} for part in line["parts"]]
        for line in lines
    ]


def _document(document: Document) -> dict[str, str]:
    order_id = document.message.order_id
    return {
        "number": document.number,
        "url": f"/orders/{order_id}/" if order_id else "",
        "what": document.message.object_type.replace("_", " "),
        "amount": words.amount(document.amount, document.currency),
        "cutoff": spoken.moment(document.message.created_at),
    }


def _more(case: ExceptionCase, situation: Situation, *, shown: int) -> dict[str, Any] | None:
    rest = case.documents - shown if case.is_open else 0
    return {"count": f"{rest:,}", "url": f"/cases/{case.pk}/"} if rest > 0 else None


def _primary(situation: Situation) -> dict[str, str] | None:
    """The likeliest remedy, opened and not done: the page shows what will happen."""
    found = remedies.offered(situation)
    if not found:
        return None
    url = f"/cases/{situation.case.pk}/?remedy={found[0].slug}"
    return {"label": f"{found[0].label} …", "url": url}
