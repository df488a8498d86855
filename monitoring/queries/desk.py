"""The queue of cases: what waits, in the order of work, a page at a time."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from integrations.models import Problem
from monitoring.models import CaseCause, ExceptionCase
from monitoring.queries import risk
from portal.core import clock

SIZE = 100
ORDER = ("-open_now", "severity", "-at_risk", "opened_at", "number")
_FLIPPED = ("open_now", "-severity", "at_risk", "-opened_at", "-number")
_CASE_NUMBER = "C-"


class Place(NamedTuple):
    """Where a case stands in the order of work."""

    open_now: bool
    severity: int
    at_risk: Decimal
    opened_at: datetime
    number: int


class Page(NamedTuple):
    """Cases in the order of work; `older` and `newer` are the numbers where the next pages begin."""

    rows: list[ExceptionCase]
    older: int | None
    newer: int | None


class Totals(NamedTuple):
    """What is open. `at_risk`: one sum for each currency, each order once."""

    cases: int
    severe: int
    waiting: int
    closed_today: int
    documents: int
    oldest: datetime | None
    at_risk: list[tuple[str, Decimal]]


def waiting_count() -> int:
    """How many cases are open."""
    return ExceptionCase.objects.filter(state__in=ExceptionCase.OPEN_STATES).count()


def in_view(view: str) -> QuerySet[ExceptionCase]:
    """The cases of a saved view: all open, s1, waiting, closed (today)."""
    cases = ExceptionCase.objects.select_related("customer", "endpoint").annotate(
        open_now=Q(state__in=ExceptionCase.TO_WORK)
    )
    if view == "closed":
        return cases.filter(_closed_today())
    wanted = {"s1": Q(severity=1), "waiting": Q(state=ExceptionCase.State.WAITING)}
    return cases.filter(wanted.get(view, Q()), state__in=ExceptionCase.OPEN_STATES)


def _closed_today() -> Q:
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    closed = (ExceptionCase.State.RESOLVED, ExceptionCase.State.SKIPPED)
    return Q(state__in=closed, closed_at__gte=midnight, closed_at__lt=midnight + timedelta(days=1))


def matching(cases: QuerySet[ExceptionCase], text: str) -> QuerySet[ExceptionCase]:
    """Cases with this number or value, or that hold a document of this order."""
    wanted = text.strip()
    digits = wanted.upper().removeprefix(_CASE_NUMBER)
    number = (
        Q(number=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 19 else Q()
    )
    held = Problem.objects.filter(closed_at=None).filter(
        Q(message__business_key__icontains=wanted)
        | Q(message__order__numbers__contains=[wanted.upper()])
    )
    holding = CaseCause.objects.filter(fingerprint__in=held.values("fingerprint"), is_open=True)
    said = Q(value__icontains=wanted) | Q(pk__in=holding.values("case_id"))
    return cases.filter(number | said if number else said)


def page(
    cases: QuerySet[ExceptionCase], *, before: int | None = None, after: int | None = None
) -> Page:
    """The page after one case or before another; else the first."""
    if after is not None and (start := _place(after)):
        found = list(cases.filter(_beyond(start)).order_by(*ORDER)[: SIZE + 1])
        shown = found[:SIZE]
        return Page(shown, _last(shown, more=len(found) > SIZE), shown[0].pk if shown else None)
    if before is not None and (start := _place(before)):
        found = list(cases.filter(_beyond(start, flipped=True)).order_by(*_FLIPPED)[: SIZE + 1])
        shown = found[:SIZE][::-1]
        return Page(shown, _last(shown, more=True), shown[0].pk if len(found) > SIZE else None)
    found = list(cases.order_by(*ORDER)[: SIZE + 1])
    return Page(found[:SIZE], _last(found[:SIZE], more=len(found) > SIZE), None)


def _last(shown: list[ExceptionCase], *, more: bool) -> int | None:
    return shown[-1].pk if shown and more else None


def _place(number: int) -> Place | None:
    case = ExceptionCase.objects.filter(pk=number).first()
    if case is None:
        return None
    open_now = case.state in ExceptionCase.TO_WORK
    return Place(open_now, case.severity, case.at_risk, case.opened_at, case.number)


def _beyond(place: Place, *, flipped: bool = False) -> Q:
    """The rows behind `place` in the order of work, or before it when flipped."""
    found, same = Q(), Q()
    for name in _FLIPPED if flipped else ORDER:
        field = name.removeprefix("-")
        value = getattr(place, field)
        found |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    return found


def totals() -> Totals:
    """The figures of the head and the tabs, in two queries."""
    is_open = Q(state__in=ExceptionCase.OPEN_STATES)
    counts = ExceptionCase.objects.filter(is_open | _closed_today()).aggregate(
        cases=Count("pk", filter=is_open),
        severe=Count("pk", filter=is_open & Q(severity=1)),
        waiting=Count("pk", filter=Q(state=ExceptionCase.State.WAITING)),
        closed_today=Count("pk", filter=_closed_today()),
        documents=Sum("documents", filter=is_open, default=0),
        oldest=Min("opened_at", filter=is_open),
    )
    return Totals(**counts, at_risk=risk.total())


def filter_choices() -> list[ExceptionCase]:
    """One open case for each pair of customer, cause and endpoint: what the filters can choose."""
    return list(
        ExceptionCase.objects.filter(state__in=ExceptionCase.OPEN_STATES)
        .select_related("customer", "endpoint")
        .order_by("customer__name", "code", "endpoint__label")
        .distinct("customer__name", "code", "endpoint__label")
    )


def last_closed() -> ExceptionCase | None:
    """The case that was closed last."""
    return ExceptionCase.objects.filter(closed_at__isnull=False).order_by("-closed_at").first()
