"""The two clocks of a case, on the customer's business calendar: to acknowledge, and to resolve."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from django.db.models import Q

from monitoring.clocks import Clock, Party, Span, Split, measure, split, targets
from monitoring.models import CaseEvent, CaseSpan, ExceptionCase
from portal.core import clock
from portal.customers import calendars
from portal.customers.calendar import Calendar
from portal.customers.models import Customer

DUES = ("acknowledge_due", "acknowledge_warn_at", "resolve_due", "resolve_warn_at")
_WARNED = 500


class Clocks(NamedTuple):
    """Both clocks of a case as they stand, the calendar they run on, and whose the minutes were."""

    acknowledge: Clock
    resolve: Clock
    calendar: Calendar
    shares: Split


def start(cases: Sequence[ExceptionCase]) -> None:
    """Set when the clocks of these cases run out, from what has happened to them so far."""
    plan(cases)
    ExceptionCase.objects.bulk_update(cases, DUES)


def plan(cases: Sequence[ExceptionCase]) -> None:
    """The same for cases that somebody saves afterwards."""
    for case, found in zip(cases, of(cases), strict=True):
        seen = case.acknowledged_at is not None
        case.acknowledge_due = None if seen else found.acknowledge.due
        case.acknowledge_warn_at = None if seen else _to_come(found.acknowledge.warn_at)
        case.resolve_due = found.resolve.due
        case.resolve_warn_at = _to_come(found.resolve.warn_at)


def _to_come(at: datetime | None) -> datetime | None:
    """A warning is given once: what has passed was told, or is told by the clock being late."""
    return at if at and at > clock.now() else None


def of(cases: Sequence[ExceptionCase], *, now: datetime | None = None) -> list[Clocks]:
    """The clocks of each of the cases, in two queries."""
    customers = Customer.objects.in_bulk({case.customer_id for case in cases})
    known = {pk: calendars.of(customer) for pk, customer in customers.items()}
    spans = _spans(cases)
    at = now or clock.now()
    return [
        _measured(case, customers[case.customer_id], known[case.customer_id], spans[case.pk], at)
        for case in cases
    ]


def _spans(cases: Iterable[ExceptionCase]) -> dict[int, list[Span]]:
    began = {case.pk: case.began_at for case in cases}
    found: dict[int, list[Span]] = defaultdict(list)
    for span in CaseSpan.objects.filter(case__in=began):
        if span.ended_at is None or span.ended_at > began[span.case_id]:
            found[span.case_id].append(
                Span(cast(Party, span.party), span.reason, span.began_at, span.ended_at)
            )
    return found


def _measured(
    case: ExceptionCase, customer: Customer, calendar: Calendar, spans: list[Span], now: datetime
) -> Clocks:
    wanted = targets(customer.policies, case.severity)
    seen = case.acknowledged_at or case.closed_at
    until = case.closed_at or now
    return Clocks(
        measure(
            calendar, spans, target=wanted.acknowledge, start=case.began_at, stopped=seen, now=now
        ),
        measure(
            calendar, spans, target=wanted.resolve, start=case.began_at,
            stopped=case.closed_at, now=now,
        ),
        calendar,
        split(calendar, spans, start=case.began_at, end=until),
    )  # fmt: skip


def warn() -> int:
    """Say of each clock, once, that three quarters of its time are used. Returns how many."""
    now = clock.now()
    near = ExceptionCase.objects.filter(
        Q(acknowledge_warn_at__lte=now) | Q(resolve_warn_at__lte=now), closed_at=None
    )[:_WARNED]
    events = []
    for case in near:
        for name, word in (("acknowledge", "Acknowledge"), ("resolve", "Resolve")):
            at = getattr(case, f"{name}_warn_at")
            if at and at <= now:
                setattr(case, f"{name}_warn_at", None)
                events.append(
                    CaseEvent(case=case, action="warned", text=f"{word} clock passed 75 %", at=at)
                )
    ExceptionCase.objects.bulk_update(
        {event.case for event in events}, ["acknowledge_warn_at", "resolve_warn_at"]
    )
    CaseEvent.objects.bulk_create(events)
    return len(events)
