"""The chosen case beside the queue: facts, evidence, what fixed it before, what it holds."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from integrations.views import spoken
from monitoring import remedies
from monitoring.domain import leases
from monitoring.models import ExceptionCase, Lease
from monitoring.queries import glance, held, memory
from monitoring.queries.glance import Glance, Held
from monitoring.queries.memory import Memory, Remembered
from monitoring.remedies import DocumentRemedy, Remedy, Situation
from monitoring.views import addresses, words
from monitoring.views.desk_rows import holder
from monitoring.views.preview_evidence import evidence_context, place
from monitoring.views.preview_facts import facts
from portal.core.manner import number

_LONGEST = 200


def preview(request: HttpRequest, case: Any, *, is_first: bool) -> dict[str, Any]:
    """The context of the preview. `is_first`: the case leads the list."""
    person: Any = request.user
    _, since = place(request.GET)
    seen = glance.look(case, since=since)
    situation = _situation(case, person, seen)
    known = memory.of(case)
    lease = leases.of([case.pk]).get(case.pk)
    return {
        "chosen": "case" in request.GET,
        "close_url": addresses.with_values(request, here=True, case="", evidence=""),
        "severity": words.severity(case),
        "id": case.label,
        "kind": words.kind(case.code),
        "holder": holder(case, lease, person),
        "title": case.title,
        "facts": facts(case, situation, is_first=is_first),
        **evidence_context(request, situation, seen),
        "remedies_title": _fixed(known),
        "remedies": words.memory(known),
        "documents_title": _documents_title(case),
        "documents": [_document(one) for one in seen.documents],
        "more": _more(case, shown=len(seen.documents)),
        "activity": words.activity(list(case.events.all()[:6]), person),
        "elsewhere": _elsewhere(case),
        "open_url": f"/cases/{case.pk}/",
        **_actions(situation, known, lease),
    }


def _situation(case: ExceptionCase, person: Any, seen: Glance) -> Situation:
    """The case as far as a glance tells: its documents are not counted anew."""
    first = seen.documents[0] if seen.documents else None
    situation = Situation(case, person, _worth(first) if first else None)
    situation.summary = glance.sketch(case, seen.documents)
    situation.value = first.problem.value if first and first.problem else case.value
    return situation


def _worth(one: Held) -> held.Document:
    order, problem = one.message.order, one.problem
    if problem is not None and problem.amount is not None:
        return held.Document(one.message, problem.amount, problem.currency)
    return held.Document(
        one.message, order.amount if order else None, order.currency if order else ""
    )


def _fixed(known: Memory) -> str:
    times = "once" if known.times == 1 else f"{number(known.times)} times"
    return f"Fixed {times} before" if known.same_cause else f"Others of its kind, fixed {times}"


def _documents_title(case: ExceptionCase) -> str:
    if case.is_of_endpoint:
        return "Waiting documents"
    return "Held documents" if case.is_open else "Documents"


def _document(one: Held) -> dict[str, str]:
    document = _worth(one)
    order_id, problem = one.message.order_id, one.problem
    cutoff = problem.cutoff_at if problem else None
    return {
        "number": document.number,
        "url": f"/orders/{order_id}/" if order_id else "",
        "what": words.place(problem.path) if problem and problem.path else "",
        "amount": words.amount(document.amount, document.currency),
        "cutoff": f"{problem.cutoff_site} {words.coming(cutoff)}".strip()
        if problem and cutoff
        else spoken.moment(one.message.created_at),
    }


def _more(case: ExceptionCase, *, shown: int) -> dict[str, Any] | None:
    rest = case.documents - shown if case.is_open and not case.is_finding else 0
    return {"count": number(rest), "url": f"/cases/{case.pk}/"} if rest > 0 else None


def _elsewhere(case: ExceptionCase) -> str:
    """Where else the same is open."""
    others = [
        f"{other.customer.name} ({other.label}, {words.objects(other.documents, other.object_type)})"
        for other in memory.elsewhere(case)
    ]
    return f"Also open at {', '.join(others)}." if others else ""


def _actions(situation: Situation, known: Memory, lease: Lease | None) -> dict[str, Any]:
    """What can be done from here, each by a page that asks first. Nothing while another has the case."""
    if lease and lease.person_id != situation.person.pk:
        return {"refused": f"{leases.held_by(lease)}."}
    may = situation.case.is_open and situation.person.may("desk.work")
    offered = remedies.offered(situation)
    base = f"/cases/{situation.case.pk}/?remedy="
    by_slug = {one.slug: one for one in offered if one.slug in _SHORT}
    links = [
        {"label": label, "key": by_slug[slug].key, "url": base + slug}
        for slug, label in _SHORT.items()
        if slug in by_slug
    ]
    return {
        "primary": _primary(situation, offered, known),
        "links": links,
        "assigns": situation.case.pk if may else None,
    }


_SHORT = {"wait": "Wait", "take-up": "Take up", "skip": "Skip"}


def _primary(situation: Situation, offered: list[Remedy], known: Memory) -> dict[str, str] | None:
    """What helped before, filled in; else the likeliest remedy. It opens the page that tries it."""
    by_slug = {one.slug: one for one in offered}
    mends = by_slug.keys() - _SHORT.keys()
    helped = next((one for one in known.remedies if one.remedy in mends), None)
    if offered and offered[0].suffices(situation):
        helped = None
    chosen = by_slug[helped.remedy] if helped else next(iter(offered), None)
    if chosen is None or chosen.slug in _SHORT:
        return None
    case = situation.case
    filled = _filled(case, helped, known) if helped else {}
    label = (
        f"Preview fix on {number(case.documents)}"
        if isinstance(chosen, DocumentRemedy)
        else f"{chosen.label} …"
    )
    query = urlencode({"remedy": chosen.slug, **filled})
    return {"label": label, "url": f"/cases/{case.pk}/?{query}"}


def _filled(case: ExceptionCase, helped: Remembered, known: Memory) -> dict[str, str]:
    """The terms that helped, where they speak of the same: another code means something else."""
    if not known.same_cause and helped.terms.get("code") != case.value:
        return {}
    return {
        name: value
        for name, value in helped.terms.items()
        if isinstance(value, str) and name != "payload" and 0 < len(value) <= _LONGEST
    }
