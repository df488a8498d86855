"""Cases as rows of the desk."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from integrations.views import spoken
from monitoring.domain import clocks, leases
from monitoring.domain.clocks import Clocks
from monitoring.models import ExceptionCase, Lease
from monitoring.queries import pulse
from monitoring.views import choosing, ranking, ticking, words
from portal.core import clock, manner

Row = dict[str, Any]
_PARTIES = {"customer": "customer", "third_party": "third party"}


def rows(request: HttpRequest, cases: Sequence[Any], *, chosen: int | None = None) -> list[Row]:
    """The context of each case's row, in a bounded number of queries."""
    held = leases.of([case.pk for case in cases])
    measured = clocks.of(cases)
    return [
        _row(request, case, lease=held.get(case.pk), measured=found, chosen=case.pk == chosen)
        for case, found in zip(cases, measured, strict=True)
    ]


def _documents(case: Any) -> str:
    if case.is_of_endpoint or (case.is_finding and not case.documents):
        return str(case.get_origin_display())
    return manner.number(case.documents)


def _row(
    request: HttpRequest, case: Any, *, lease: Lease | None, measured: Clocks, chosen: bool
) -> Row:
    return {
        "pk": case.pk,
        "id": case.label,
        "mark": pulse.mark(case, lease),
        "url": f"/cases/{case.pk}/",
        "select_url": choosing.address(request.GET, case=case.pk),
        "to_work": case.to_work,
        "severity": words.severity(case),
        "cause": words.cause(case),
        "where": where(case),
        "documents": _documents(case),
        "at_risk": words.amount(case.at_risk, case.currency),
        "currency": case.currency,
        "cutoff": ticking.cutoff_context(case),
        "clock": _clock(case, measured),
        "holder": holder(case, lease, request.user),
        "ranked": ranking.figures(case) if case.is_open else "",
        "chosen": chosen,
        "gone": "" if case.is_open else case.resolution or case.get_state_display(),
    }


def where(case: ExceptionCase) -> str:
    """Harbor Outfitters · order · Harbor web; of a case that waits, what for."""
    if case.state == ExceptionCase.State.WAITING and case.waiting_reason:
        return f"{case.customer.name} · {case.waiting_reason}"
    return words.where(case)


def _clock(case: ExceptionCase, measured: Clocks) -> dict[str, Any] | None:
    """How long it may still take; of a closed case nothing runs."""
    if not case.is_open:
        return None
    return ticking.clock_context(
        measured.resolve, customer=case.customer.name, reason=case.waiting_reason
    )


def holder(case: ExceptionCase, lease: Lease | None, person: Any) -> dict[str, str]:
    """Who has the case: who works on it, whom it waits for, whose it is; else it is free."""
    if lease and lease.person_id == person.pk:
        left = spoken.span(lease.until - clock.now())
        return {"shape": "work", "word": "you", "left": left, "until": lease.until.isoformat()}
    if lease:
        return {"shape": "work", "word": lease.person_name}
    if not case.is_open:
        return {"shape": "", "word": f"closed {spoken.moment(case.closed_at)}"}
    return _at_rest(case) or _assigned(case, person)


def _at_rest(case: ExceptionCase) -> dict[str, str] | None:
    if case.state == ExceptionCase.State.WAITING:
        return {"shape": "waiting", "word": _PARTIES.get(case.waiting_on, "others")}
    if case.state == ExceptionCase.State.SNOOZED and case.snoozed_until:
        return {"shape": "snoozed", "word": f"until {words.coming(case.snoozed_until)}"}
    return None


def _assigned(case: ExceptionCase, person: Any) -> dict[str, str]:
    if case.assignee_id == person.pk:
        return {"shape": "open", "word": "yours"}
    if case.assignee:
        return {"shape": "open", "word": case.assignee.name}
    if case.team:
        return {"shape": "open", "word": case.team.name}
    return {"shape": "", "word": "free"}
