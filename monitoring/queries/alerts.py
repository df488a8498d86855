"""Alerts as pages show them: what fires, what was sent, who could not be told."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Max, Min, Q, QuerySet

from monitoring.models import Alert, AlertChannel, AlertCourse, AlertMessage


def firing() -> QuerySet[Alert]:
    """Alerts that nobody has yet, then those somebody has; the worst and the oldest first."""
    found = Alert.objects.filter(over_at=None).select_related(
        "customer", "endpoint", "case__customer"
    )
    return found.order_by(F("acknowledged_at").asc(nulls_first=True), "severity", "pk")


def free() -> QuerySet[Alert]:
    """Those that wait for somebody."""
    return Alert.objects.filter(over_at=None, acknowledged_at=None)


class Told(NamedTuple):
    """Of one alert: how many messages were sent, the last of them, and how many failed."""

    sent: int
    last: datetime | None
    failed: int


def told(alerts: list[Alert]) -> dict[int, Told]:
    """Of each alert what was sent about it, alone or in a digest."""
    sent = Q(state="sent") | Q(digest__state="sent")
    rows = (
        AlertMessage.objects.filter(alert__in=alerts)
        .order_by()
        .values_list("alert")
        .annotate(
            n=Count("pk", filter=sent),
            last=Max("sent_at"),
            failed=Count("pk", filter=Q(state="failed")),
        )
    )
    return {pk: Told(*rest) for pk, *rest in rows}


def next_steps(alerts: list[Alert]) -> dict[int, datetime]:
    """Of each alert when the next step comes."""
    rows = AlertCourse.objects.filter(alert__in=alerts, next_at__isnull=False, rule__is_on=True)
    first = rows.order_by().values("alert").annotate(at=Min("next_at"))
    return dict(first.values_list("alert", "at"))


def last_over() -> datetime | None:
    """When the last alert was over."""
    return Alert.objects.aggregate(last=Max("over_at"))["last"]


def failing() -> list[AlertChannel]:
    """Channels that take nothing at the moment."""
    return list(AlertChannel.objects.filter(is_on=True, failing_since__isnull=False))


def messages() -> QuerySet[AlertMessage]:
    """The log, newest first."""
    return AlertMessage.objects.select_related("alert", "channel", "person", "digest")
