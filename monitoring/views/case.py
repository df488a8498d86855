"""One case: what happened, what can be done about it, what it holds."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.addresses import place
from monitoring import remedies
from monitoring.models import CaseEvent, ExceptionCase
from monitoring.queries import held, memory, suggest
from monitoring.queries.held import Document, Page
from monitoring.remedies import LOOKUP, Remedy, Situation
from monitoring.views import addresses, words
from monitoring.views.document import document_context
from monitoring.views.result import result_context
from monitoring.views.told import figures, happened, times
from portal.accounts.rules import requires


@requires("desk.view")
def case(request: HttpRequest, number: int) -> HttpResponse:
    return page(request, load(number))


def load(number: int) -> ExceptionCase:
    """The case, or 404."""
    found = (
        ExceptionCase.objects.select_related("customer", "endpoint").filter(pk=number).first()
        if number < 2**63
        else None
    )
    if found is None:
        raise Http404
    return found


def situate(request: HttpRequest, found: ExceptionCase, shown: Page) -> Situation:
    """The case with the document in the address, else the first one it holds."""
    wanted = place(request.GET, "document")
    document = held.document(found, wanted) if wanted else None
    if document is None and shown.rows:
        document = held.document(found, shown.rows[0].message.pk)
    person: Any = request.user
    return Situation(found, person, document, wished=request.GET)


def documents_page(request: HttpRequest, found: ExceptionCase) -> Page:
    return held.page(found, before=place(request.GET, "before"), after=place(request.GET, "after"))


def page(
    request: HttpRequest,
    found: ExceptionCase,
    *,
    tried: tuple[Remedy, Form] | None = None,
    done: CaseEvent | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `tried` is a remedy whose form has errors, `done` what was just done."""
    shown = documents_page(request, found)
    situation = situate(request, found, shown)
    offered = remedies.offered(situation)
    chosen = tried[0] if tried else _chosen(request, offered)
    context = {
        "case": {"id": found.label, "title": found.title, "where": words.where(found)},
        "queue_url": "/desk/",
        "result": result_context(done or _done(request, found)),
        "happened": happened(found, situation.summary),
        "figures": figures(found, situation.summary, waiting=shown),
        "note": times(situation.summary),
        "cause_link": _cause_link(situation),
        "remedies": [
            _tab(request, remedy, chosen, place=n, page=remedy.page(situation))
            for n, remedy in enumerate(offered, start=1)
        ],
        "remedy": _remedy(request, situation, chosen, tried[1] if tried else None),
        **_documents(request, found, situation, shown),
        **_about(request, found, situation),
    }
    return render(request, "monitoring/case.html", context, status=status)


def _cause_link(situation: Situation) -> dict[str, str] | None:
    """Where the cause lies, when that is something written in this house."""
    found, document = situation.case, situation.document
    if found.endpoint is None or document is None:
        return None
    message = document.message
    if found.code == "contract_drift":
        url = f"/endpoints/{found.endpoint.slug}/contracts/{message.object_type}/"
        return {"label": "See the contract", "url": url}
    if found.code in ("mapping_error", "mapping_missing"):
        place = f"{found.endpoint.slug}/{message.object_type}/{message.direction}"
        return {"label": "See the mapping", "url": f"/mappings/{place}/"}
    return None


def _done(request: HttpRequest, found: ExceptionCase) -> CaseEvent | None:
    """The action in the address, if it belongs to this case."""
    number = addresses.number(request.GET, "done")
    return CaseEvent.objects.filter(pk=number, case=found).first() if number else None


def _chosen(request: HttpRequest, offered: list[Remedy]) -> Remedy | None:
    named = next((r for r in offered if r.slug == request.GET.get("remedy")), None)
    return named or (offered[0] if offered else None)


def _tab(
    request: HttpRequest, remedy: Remedy, chosen: Remedy | None, *, place: int, page: str
) -> dict[str, Any]:
    return {
        "label": remedy.label,
        "url": page or addresses.with_values(request, here=True, remedy=remedy.slug, done=""),
        "key": remedy.key or str(place),
        "current": remedy == chosen,
    }


def _remedy(
    request: HttpRequest, situation: Situation, remedy: Remedy | None, form: Form | None
) -> dict[str, Any] | None:
    if remedy is None:
        return None
    said = remedy.words(situation)
    document = situation.document.message.pk if situation.document else ""
    return {
        "title": said.title,
        "form": form or remedy.form(situation, None),
        "action": f"/cases/{situation.case.pk}/{remedy.slug}/?document={document}",
        "submit": said.submit,
        "wide": remedy.wide,
        "note": said.note,
        "disabled": said.disabled,
        "suggestions": _suggestions(request, situation) if remedy == LOOKUP else [],
    }


def _suggestions(request: HttpRequest, situation: Situation) -> list[dict[str, str]]:
    found = situation.case
    likely = suggest.suggestions(
        found.customer_id, table=remedies.table_name(situation), code=found.value
    )
    return [
        {
            "value": one.value,
            "reason": one.reason,
            "url": addresses.with_values(request, here=True, value=one.value, done=""),
        }
        for one in likely
    ]


def _documents(
    request: HttpRequest, found: ExceptionCase, situation: Situation, shown: Page
) -> dict[str, Any]:
    chosen = situation.document.message.pk if situation.document else None
    currencies = {d.currency for d in shown.rows if d.currency}
    return {
        "documents": [
            {
                **_document(request, document),
                "chosen": document.message.pk == chosen,
                "gone": not found.is_open and document.message.state == "skipped",
            }
            for document in shown.rows
        ],
        "documents_title": _title(found, situation),
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "pager": _pager(request, shown),
        "document": document_context(situation, situation.document) if situation.document else None,
    }


def _document(request: HttpRequest, document: Document) -> dict[str, Any]:
    key = str(document.message.pk)
    return {
        "number": document.number,
        "url": addresses.with_values(request, here=True, document=key, done=""),
        **words.state(document.message),
        "amount": words.amount(document.amount, document.currency),
    }


def _pager(request: HttpRequest, shown: Page) -> dict[str, str]:
    newer = addresses.with_values(request, before=str(shown.newer), document="")
    older = addresses.with_values(request, after=str(shown.older), document="")
    return {
        "shown": spoken.counted(len(shown.rows), "document"),
        "newer_url": newer if shown.newer else "",
        "older_url": older if shown.older else "",
    }


def _title(found: ExceptionCase, situation: Situation) -> str:
    if found.is_of_endpoint:
        return "Waiting for it"
    if not found.is_open:
        return "Documents"
    word = "held" if situation.summary.held else "noted"
    return f"{situation.summary.documents:,} {word}"


def _about(request: HttpRequest, found: ExceptionCase, situation: Situation) -> dict[str, Any]:
    """What stands at the side."""
    may_comment = situation.person.may("desk.work")
    return {
        "facts": [
            {"label": "Cause", "value": found.code.replace("_", " ")},
            {"label": "Severity", "value": words.severity(found)},
            {"label": "Opened", "value": spoken.moment(found.opened_at)},
            {"label": "Last seen", "value": spoken.moment(found.last_seen_at)},
            {"label": "Endpoint", "value": found.endpoint.label},
        ],
        "memory": words.memory(memory.of(found)),
        "elsewhere": [
            {"text": words.where(other), "label": other.label, "url": f"/cases/{other.pk}/"}
            for other in memory.elsewhere(found)
        ],
        "activity": words.activity(list(found.events.all()[:50]), situation.person),
        "comment_url": f"/cases/{found.pk}/comment/" if may_comment else "",
    }
