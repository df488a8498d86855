"""What a partner said of the files we sent: the list, and one file with what it refused marked in it."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from integrations.connectors import registry
from integrations.domain.overdue import hours_of
from integrations.models import Endpoint, Interchange, Message, Problem
from integrations.queries import acknowledgements as queries
from integrations.queries import case_links, documents, keyset
from integrations.queries.acknowledgements import STATES, State
from integrations.queries.panes import hidden_pane, pane
from integrations.views import addresses, hidden, spoken
from portal.accounts.rules import requires

SHAPES: Final[dict[State | None, str]] = {
    "expected": "waiting",
    "overdue": "bad",
    "refused": "bad",
    "accepted": "good",
    None: "due",
}
_LABELS: Final[dict[State, str]] = {
    "expected": "Expected",
    "overdue": "Overdue",
    "refused": "Refused",
    "accepted": "Accepted",
}
_NUMBERS: Final = 3  # that a row names of the documents in its file


def can_have(endpoint: Endpoint) -> bool:
    """Whether files go to it that a partner may acknowledge."""
    return any(s.name == "ack_hours" for s in registry.get(endpoint.connector).settings)


@requires("endpoints.view")
def acknowledgements(request: HttpRequest, slug: str) -> HttpResponse:
    """The files sent to one endpoint, newest first, by what was said of them."""
    endpoint = _endpoint(slug)
    asked = request.GET.get("state", "")
    state: State | None = next((one for one in STATES if one == asked), None)
    page = addresses.page(request, keyset.stored(queries.files(endpoint, state)))
    inside = queries.contents(page.rows)
    hours = hours_of(endpoint)
    context = {
        "crumbs": _crumbs(endpoint),
        "note": _promise(endpoint, hours),
        "tabs": _tabs(request, endpoint, state),
        "files": [_row(one, inside.get(one.pk, []), hours, slug) for one in page.rows],
        "empty": None if page.rows else {"text": _nothing(state), "action": None},
        "pager": addresses.pager(request, page, noun="files"),
    }
    return render(request, "integrations/acknowledgements.html", context)


def _endpoint(slug: str) -> Endpoint:
    found = get_object_or_404(Endpoint.objects.select_related("customer"), slug=slug)
    if not can_have(found):
        raise Http404
    return found


def _crumbs(endpoint: Endpoint, *more: dict[str, str]) -> list[dict[str, str]]:
    own = {"label": endpoint.label, "url": f"/endpoints/{endpoint.slug}/"}
    return [{"label": "Endpoints", "url": "/endpoints/"}, own, *more]


def _promise(endpoint: Endpoint, hours: float) -> str:
    if hours <= 0:
        return f"{endpoint.label} is not expected to acknowledge"
    span = spoken.span(timedelta(hours=hours)).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{endpoint.label} is to acknowledge within {span}"


def _tabs(request: HttpRequest, endpoint: Endpoint, chosen: State | None) -> list[dict[str, Any]]:
    counts = queries.counts(endpoint)
    tabs = [{"label": "All", "url": request.path, "count": None, "current": chosen is None}]
    for state in STATES:
        count = counts.get(state)
        tabs.append(
            {
                "label": _LABELS[state],
                "url": f"{request.path}?state={state}",
                "count": None if count is None else str(count),
                "current": state == chosen,
            }
        )
    return tabs


def _nothing(state: State | None) -> str:
    return {
        None: "Nothing was sent yet.",
        "expected": "No answer is waited for.",
        "overdue": "No answer is overdue.",
        "refused": "Nothing was refused.",
        "accepted": "Nothing was accepted yet.",
    }[state]


def _row(file: Any, inside: list[Message], hours: float, slug: str) -> dict[str, Any]:
    state = queries.state_of(file)
    return {
        "url": f"/endpoints/{slug}/acknowledgements/{file.pk}/",
        "name": file.file_name,
        "control": " ".join(filter(None, ("Group", file.functional_id, file.group_control))),
        "contents": _numbers(inside),
        "sent": spoken.moment(file.at, seconds=True),
        "shape": SHAPES[state],
        "word": _word(file, state, hours),
        "answered": spoken.moment(file.acknowledged_at) if file.acknowledged_at else "",
    }


def _numbers(inside: list[Message]) -> str:
    first = ", ".join(_number(message) for message in inside[:_NUMBERS])
    rest = len(inside) - _NUMBERS
    return f"{first} and {rest} more" if rest > 0 else first


def _number(message: Message) -> str:
    record = message.record
    return record.number if record and record.number else message.business_key


def _word(file: Any, state: State | None, hours: float) -> str:
    if state == "expected" and hours > 0:
        return f"expected by {spoken.moment(file.at + timedelta(hours=hours))}"
    words = {
        "expected": "sent, no answer expected",
        "overdue": "overdue",
        "refused": "partly refused" if file.acknowledgement == "P" else "refused",
        "accepted": "accepted with errors" if file.acknowledgement == "E" else "accepted",
    }
    return words[state] if state else "taken back unanswered"


@requires("endpoints.view")
def acknowledgement(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One file: its documents with what the partner said, and the file itself with the places marked."""
    endpoint = _endpoint(slug)
    file = queries.files(endpoint).filter(pk=pk).first()
    if file is None:
        raise Http404
    inside = queries.contents([file]).get(file.pk, [])
    said = queries.said(inside)
    state = queries.state_of(file)
    cases = case_links.of_causes({p.fingerprint for found in said.values() for p in found})
    reason = hidden.reason(request.user, endpoint.customer.name)  # type: ignore[arg-type]
    here = {"label": "Acknowledgements", "url": f"/endpoints/{slug}/acknowledgements/"}
    context = {
        "crumbs": _crumbs(endpoint, here),
        "file": {
            "name": file.file_name,
            "shape": SHAPES[state],
            "word": _word(file, state, hours_of(endpoint)),
        },
        "facts": _facts(file),
        "documents": [_document(m, said.get(m.pk, []), cases) for m in inside],
        "pane": _pane(file, inside, said, reason),
    }
    return render(request, "integrations/acknowledgement.html", context)


def _facts(file: Interchange) -> list[dict[str, str]]:
    answered = spoken.moment(file.acknowledged_at, seconds=True) if file.acknowledged_at else "no"
    return [
        {"label": "From", "value": file.sender},
        {"label": "To", "value": file.receiver},
        {"label": "Interchange", "value": file.control},
        {"label": "Group", "value": f"{file.functional_id} {file.group_control}".strip()},
        {"label": "Sent", "value": spoken.moment(file.at, seconds=True)},
        {"label": "Answered", "value": answered},
    ]


def _document(message: Message, said: list[Problem], cases: dict[UUID, Any]) -> dict[str, Any]:
    open_ones = [problem for problem in said if problem.closed_at is None]
    return {
        "part": message.part,
        "number": _number(message),
        "url": f"/orders/{message.order_id}/" if message.order_id else "",
        "noun": message.object_type.replace("_", " "),
        "state": message.get_state_display(),
        "said": [problem.text for problem in said],
        "case": next((cases[p.fingerprint] for p in open_ones if p.fingerprint in cases), None),
    }


def _pane(
    file: Interchange, inside: list[Message], said: dict[UUID, list[Problem]], reason: str
) -> dict[str, Any]:
    if reason or not inside:
        return hidden_pane("The file as it was sent", reason)
    document = documents.payload_of(inside[0])
    if document is None:
        return hidden_pane("The file as it was sent", "It is kept no longer.")
    marks = {
        f"sets[{(message.part or 1) - 1}].{problem.path}"
        for message in inside
        for problem in said.get(message.pk, [])
        if problem.path
    }
    shown = pane(
        "The file as it was sent", document.body, content_type=document.content_type, marks=marks
    )
    return {**shown, "links": [{"label": "raw", "url": f"/messages/{inside[0].pk}/raw/"}]}
