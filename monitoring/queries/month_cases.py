"""The cases of a customer's month as they stood at an instant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from integrations.models import Problem
from monitoring.models import CaseCause, CaseEvent, CaseSpan, ExceptionCase
from monitoring.statements.causes import CaseFacts
from monitoring.statements.content import Party, Period

_NOTHING = timedelta(0)


def of_month(customer_id: int, period: Period, *, as_of: datetime) -> tuple[CaseFacts, ...]:
    """Those that were open in the month, in the order of their numbers. Merged ones are told by what they
    were merged into."""
    over = Q(closed_at=None) | Q(closed_at__gte=period.begins)
    cases = ExceptionCase.objects.filter(over, customer_id=customer_id, merged_into=None)
    cases = cases.exclude(origin__in=ExceptionCase.INTERNAL)
    cases = cases.filter(opened_at__lt=min(period.ends, as_of)).select_related("endpoint")
    found = {case.number: case for case in cases.order_by("number")}
    documents = _documents(found, customer_id, period, as_of)
    parties = _parties(found, period, as_of)
    notes = _notes(found, as_of)
    return tuple(
        _facts(case, documents[number], parties.get(number, "us"), notes.get(number, ""), as_of)
        for number, case in found.items()
    )


def _facts(
    case: ExceptionCase, documents: set[UUID], party: Party, note: str, as_of: datetime
) -> CaseFacts:
    is_closed = case.closed_at is not None and case.closed_at <= as_of
    return CaseFacts(
        key=case.label,
        title=case.customer_title,
        party=party,
        party_name=case.endpoint.label if party == "third_party" else "",
        opened_at=case.opened_at,
        closed_at=case.closed_at if is_closed else None,
        documents=len(documents),
        note=note,
    )


def _documents(
    cases: Iterable[int], customer_id: int, period: Period, as_of: datetime
) -> Mapping[int, set[UUID]]:
    """The documents that a problem was found with in the month, by the case that answers for it."""
    causes = CaseCause.objects.filter(case__in=list(cases)).order_by("id")
    case_of = dict(causes.values_list("fingerprint", "case_id"))
    problems = Problem.objects.filter(
        customer_id=customer_id,
        opened_at__gte=period.begins,
        opened_at__lt=min(period.ends, as_of),
        fingerprint__in=list(case_of),
    )
    found: defaultdict[int, set[UUID]] = defaultdict(set)
    for fingerprint, message in problems.values_list("fingerprint", "message_id"):
        found[case_of[fingerprint]].add(message)
    return found


def _parties(cases: Iterable[int], period: Period, as_of: datetime) -> dict[int, Party]:
    """Who had the ball longest in the month; of two alike, us."""
    spent: defaultdict[int, dict[Any, timedelta]] = defaultdict(dict)
    spans = CaseSpan.objects.filter(case__in=list(cases), began_at__lt=as_of)
    for case, party, began, ended in spans.values_list("case_id", "party", "began_at", "ended_at"):
        until = min(ended or as_of, as_of, period.ends)
        length = max(_NOTHING, until - max(began, period.begins))
        spent[case][party] = spent[case].get(party, _NOTHING) + length
    return {
        case: max(times, key=lambda party: (times[party], party == "us"))
        for case, times in spent.items()
    }


def _notes(cases: Iterable[int], as_of: datetime) -> dict[int, str]:
    """The last thing the customer was told of each."""
    told = CaseEvent.objects.filter(case__in=list(cases), for_customer=True, at__lte=as_of)
    return dict(told.order_by("id").values_list("case_id", "text"))
