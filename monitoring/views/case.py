"""One case: what happened, what can be done about it, what it holds."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.addresses import place
from monitoring import remedies, taxonomy
from monitoring.models import CaseEvent, ExceptionCase, Fix
from monitoring.queries import held, suggest
from monitoring.queries.held import Page
from monitoring.remedies import LOOKUP, Remedy, Situation
from monitoring.views import addresses, words
from monitoring.views.case_documents import documents_context
from monitoring.views.case_side import side
from monitoring.views.hands import hands
from monitoring.views.holding import holder
from monitoring.views.loading import load
from monitoring.views.result import result_context
from monitoring.views.told import figures, happened, times
from portal.accounts.rules import requires

_FIXES = 5


@requires("desk.view")
def case(request: HttpRequest, number: int) -> HttpResponse:
    return page(request, load(number))


def situate(request: HttpRequest, found: ExceptionCase, shown: Page) -> Situation:
    """The case with the document in the address, else the first one it holds. What somebody does to a
    document is done to that one or to none."""
    wanted = place(request.GET, "document")
    document = held.document(found, wanted) if wanted else None
    named = wanted is not None and request.method == "POST"
    if document is None and shown.rows and not named:
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
    holding = holder(found, situation.person)
    fixes = list(found.fixes.all()[:_FIXES])
    context = {
        "case": {"id": found.label, "title": found.title, "where": words.where(found)},
        "holder": holding,
        "result": result_context(done or _done(request, found)),
        "happened": happened(found, situation.summary),
        "figures": figures(found, situation.summary),
        "evidence": found.evidence.get("lines", ()),
        "note": times(situation.summary),
        "cause_link": _cause_link(situation),
        "playbook": _playbook(found, unfolded=not any(fix.state in Fix.LIVE for fix in fixes)),
        "fixes": [_fix(fix) for fix in fixes],
        "remedies": [
            _tab(request, remedy, chosen, place=n, page=remedy.page(situation))
            for n, remedy in enumerate(offered, start=1)
        ],
        "remedy": _remedy(
            request, situation, chosen, tried[1] if tried else None, blocked=holding["blocked"]
        ),
        **documents_context(request, situation, shown),
        **side(request, found, blocked=holding["blocked"]),
        **hands(situation, blocked=holding["blocked"]),
    }
    return render(request, "monitoring/case.html", context, status=status)


def _playbook(found: ExceptionCase, *, unfolded: bool) -> dict[str, Any] | None:
    """What a person does about this kind of case, step by step."""
    if not found.is_open:
        return None
    kind = taxonomy.kind(found.code)
    evidence, _, _example = kind.evidence.partition(": ")
    return {
        "steps": kind.playbook,
        "evidence": f"{evidence.rstrip('.')}.",
        "unfolded": unfolded,
    }


def _fix(fix: Fix) -> dict[str, str]:
    """One remedy that was tried here."""
    return {
        "words": fix.words,
        "state": fix.get_state_display(),
        "shape": "work" if fix.state in Fix.LIVE else "",
        "at": f"{fix.person_name}, {spoken.moment(fix.created_at)}",
        "url": f"/cases/{fix.case_id}/fixes/{fix.pk}/",
    }


def _cause_link(situation: Situation) -> dict[str, str] | None:
    """Where the cause lies, when that is something written in this house; or the case it went into."""
    found, document = situation.case, situation.document
    if found.merged_into_id:
        return {
            "label": f"Go to C-{found.merged_into_id}",
            "url": f"/cases/{found.merged_into_id}/",
        }
    if found.evidence.get("url"):
        is_channel = found.is_of_channel and found.code != found.WEBHOOK_OFF
        label = "Go to the channel" if is_channel else "See all of it"
        return {"label": label, "url": found.evidence["url"]}
    if document is None:
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
    """The action in the address, if it is the last thing that happened in this case."""
    number = addresses.number(request.GET, "done")
    last = CaseEvent.objects.filter(case=found).order_by("-pk").first() if number else None
    return last if last and last.pk == number else None


def _chosen(request: HttpRequest, offered: list[Remedy]) -> Remedy | None:
    named = next((r for r in offered if r.slug == request.GET.get("remedy")), None)
    return named or (offered[0] if offered else None)


def _tab(
    request: HttpRequest, remedy: Remedy, chosen: Remedy | None, *, place: int, page: str
) -> dict[str, Any]:
    filled = dict.fromkeys(("done", *(chosen.proposes if chosen else ())), "")
    return {
        "label": remedy.label,
        "url": page or addresses.with_values(request, here=True, **filled, remedy=remedy.slug),
        "key": remedy.key or str(place),
        "current": remedy == chosen,
    }


def _remedy(
    request: HttpRequest,
    situation: Situation,
    remedy: Remedy | None,
    form: Form | None,
    *,
    blocked: str,
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
        "disabled": blocked or said.disabled,
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
