"""What is urgent on the whole desk: open cases by severity, and promises that are being used up."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, Q, Sum

from monitoring.models import ExceptionCase
from monitoring.queries.choice import IS_OF_DOCUMENTS

SOON = timedelta(hours=1)
MOST = 20
_RUNNING = Q(resolve_due__isnull=False)


class Severity(NamedTuple):
    """Open cases of one severity. `late` and `soon` are of the resolve clock: past it, within the hour."""

    severity: int
    cases: int
    documents: int
    late: int
    soon: int
    paused: int
    next_due: datetime | None
    oldest: datetime


def by_severity(now: datetime) -> list[Severity]:
    """Every severity that has open cases, the worst first, in one query."""
    found = (
        ExceptionCase.objects.filter(closed_at=None)
        .values("severity")
        .annotate(
            cases=Count("pk"),
            held=Sum("documents", filter=IS_OF_DOCUMENTS, default=0),
            late=Count("pk", filter=Q(resolve_due__lt=now)),
            soon=Count("pk", filter=Q(resolve_due__gte=now, resolve_due__lt=now + SOON)),
            paused=Count("pk", filter=~_RUNNING),
            next_due=Min("resolve_due", filter=Q(resolve_due__gte=now)),
            oldest=Min("opened_at"),
        )
        .order_by("severity")
    )
    return [
        Severity(
            row["severity"], row["cases"], row["held"], row["late"], row["soon"],
            row["paused"], row["next_due"], row["oldest"],
        )
        for row in found
    ]  # fmt: skip


def budgets() -> list[ExceptionCase]:
    """Open cases about a promise whose allowed misses are being used up, the worst first."""
    found = ExceptionCase.objects.filter(closed_at=None, origin=ExceptionCase.Origin.BUDGET)
    return list(found.select_related("customer").order_by("severity", "opened_at")[:MOST])
