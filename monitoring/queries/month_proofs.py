"""What people call the things that promises were judged by: orders, cases, systems."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from integrations.models import Endpoint, Problem
from monitoring import slo
from monitoring.models import CaseCause, DayBooks, ExceptionCase, Leg, Outage
from monitoring.models.case import endpoint_fingerprint
from monitoring.statements.judged import Proof, Subject

_LEG, _CASE, _OUTAGE, _ENDPOINT, _STOCK = "leg-", "case-", "outage-", "endpoint-", "stock-"
_RUN, _BOOKS = "run-", "books-"


def subjects(
    evidence: Iterable[slo.Evidence], *, missed: set[str], end: datetime
) -> dict[str, Subject]:
    """By the ids of events: their numbers, and of those that were missed the case that held them."""
    ids = {one.id for one in evidence}
    legs = list(Leg.objects.filter(pk__in=_numbers(ids, _LEG)))
    held = _cases_of_orders(
        {leg.order_id for leg in legs if leg.order_id and f"{_LEG}{leg.pk}" in missed}, end
    )
    found = {
        f"{_LEG}{leg.pk}": Subject(leg.number, held.get(leg.order_id, "") if leg.order_id else "")
        for leg in legs
    }
    for one in ids:
        if one.startswith(_CASE):  # case-12-1: its first round
            label = f"C-{one.split('-')[1]}"
            found[one] = Subject(label, label)
        if one.startswith(_RUN):  # run-12-1: what differs for its first cause
            found[one] = Subject(f"Run {one.split('-')[1]}")
    return found | _books(ids)


def _books(ids: set[str]) -> dict[str, Subject]:
    days = DayBooks.objects.filter(pk__in=_numbers(ids, _BOOKS)).values_list("pk", "day")
    return {f"{_BOOKS}{pk}": Subject(f"Books of {day:%-d %b}") for pk, day in days}


def _cases_of_orders(orders: set[UUID], end: datetime) -> dict[UUID, str]:
    """The first case that held a document of each order before `end`."""
    held = Problem.objects.filter(message__order_id__in=orders, opened_at__lt=end).order_by("-id")
    by_order = dict(held.values_list("message__order_id", "fingerprint"))
    causes = CaseCause.objects.filter(fingerprint__in=set(by_order.values())).order_by("id")
    case_of = dict(causes.values_list("fingerprint", "case_id"))
    return {
        order: f"C-{case_of[cause]}"
        for order, cause in by_order.items()
        if order is not None and cause in case_of
    }


def proofs(evidence: Iterable[slo.Evidence]) -> dict[str, Proof]:
    """By the ids of holds: the case that stands for them, and whose system that was."""
    ids = {hold.id for one in evidence for hold in _holds(one)}
    ids |= {one.id for one in evidence if one.id.startswith(_STOCK)}
    return {**_of_cases(ids), **_of_outages(ids), **_of_endpoints(ids)}


def _holds(one: slo.Evidence) -> tuple[slo.Hold, ...]:
    if isinstance(one, slo.Track):
        return one.bad
    return one.holds if isinstance(one, slo.Event | slo.Feed) else ()


def _of_cases(ids: set[str]) -> dict[str, Proof]:
    cases = ExceptionCase.objects.filter(pk__in=_numbers(ids, _CASE)).select_related("endpoint")
    return {f"{_CASE}{case.pk}": Proof(case.label, case.endpoint.label) for case in cases}


def _of_outages(ids: set[str]) -> dict[str, Proof]:
    outages = list(Outage.objects.filter(pk__in=_numbers(ids, _OUTAGE)).select_related("endpoint"))
    causes = {endpoint_fingerprint(one.endpoint_id): one.endpoint_id for one in outages}
    cases = list(ExceptionCase.objects.filter(fingerprint__in=causes).order_by("number"))
    return {
        f"{_OUTAGE}{one.pk}": Proof(_case_of(one, cases), one.endpoint.label) for one in outages
    }


def _case_of(outage: Outage, cases: Iterable[ExceptionCase]) -> str:
    """The case of an endpoint's going away that was open at the time."""
    for case in cases:
        opened_late = outage.ended_at is not None and case.opened_at > outage.ended_at
        closed_early = case.closed_at is not None and case.closed_at < outage.began_at
        if case.endpoint_id == outage.endpoint_id and not opened_late and not closed_early:
            return case.label
    return ""


def _of_endpoints(ids: set[str]) -> dict[str, Proof]:
    found: dict[str, Proof] = {}
    for prefix in (_ENDPOINT, _STOCK):
        endpoints = Endpoint.objects.filter(pk__in=_numbers(ids, prefix))
        found |= {f"{prefix}{one.pk}": Proof("", one.label) for one in endpoints}
    return found


def _numbers(ids: Iterable[str], prefix: str) -> list[int]:
    tails = (one.removeprefix(prefix) for one in ids if one.startswith(prefix))
    return [int(tail) for tail in tails if tail.isdecimal()]
