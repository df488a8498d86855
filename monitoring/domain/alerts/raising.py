"""Cases that a rule is for become alerts, each cause one, whatever it holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from monitoring import taxonomy
from monitoring.alerting import keys, steps
from monitoring.domain.alerts.receivers import Directory
from monitoring.models import Alert, AlertCourse, AlertRule, ExceptionCase
from portal.core import events

MOST = 200


class AlertsRaised(NamedTuple):
    """Alerts that were not there before."""

    alert_ids: list[int]


@transaction.atomic
def raise_cases(directory: Directory, *, now: datetime) -> int:
    """Begin a course for every case and every rule that fits it. Returns how many were begun."""
    rules = AlertRule.objects.filter(is_on=True, subject=AlertRule.Subject.CASES)
    return sum(_raise(rule, directory, now) for rule in rules)


def keep_severity() -> None:
    """An alert is as severe as its case has become."""
    now = ExceptionCase.objects.filter(pk=OuterRef("case")).values("severity")
    others = Alert.objects.filter(over_at=None, case__isnull=False)
    others.exclude(severity=F("case__severity")).update(severity=Subquery(now))


def fitting(rule: AlertRule) -> QuerySet[ExceptionCase]:
    """The open cases that a rule is for and that nobody has acknowledged."""
    cases = ExceptionCase.objects.filter(
        closed_at=None, acknowledged_at=None, severity__lte=rule.severity, **_wanted(rule)
    )
    if rule.value_over is not None:
        cases = cases.filter(at_risk__gt=rule.value_over)
    if rule.category:
        codes = [kind.code for kind in taxonomy.KINDS.values() if kind.category == rule.category]
        cases = cases.filter(code__in=codes)
    return cases


def _wanted(rule: AlertRule) -> dict[str, Any]:
    asked = {
        "customer_id": rule.customer_id, "customer__groups": rule.group_id, "code": rule.code,
        "origin": rule.origin,
    }  # fmt: skip
    return {name: value for name, value in asked.items() if value}


def _raise(rule: AlertRule, directory: Directory, now: datetime) -> int:
    begun = AlertCourse.objects.filter(rule=rule, alert__case=OuterRef("pk"), alert__over_at=None)
    fresh = fitting(rule).filter(~Exists(begun), began_at__gte=rule.since)
    cases = list(fresh.order_by("severity", "pk")[:MOST])
    begin([_alert(case, now) for case in cases], rule, directory, now=now)
    return len(cases)


def _alert(case: ExceptionCase, now: datetime) -> Alert:
    return Alert(
        key=keys.of_case(case.pk), case=case, round=case.times_back,
        customer_id=case.customer_id, endpoint_id=case.endpoint_id, severity=case.severity,
        title=case.title, raised_at=now,
    )  # fmt: skip


def begin(wanted: Sequence[Alert], rule: AlertRule, directory: Directory, *, now: datetime) -> None:
    """Make sure that each has an open alert, and begin the rule's course for it."""
    if not wanted:
        return
    alerts = Alert.objects.filter(key__in=[one.key for one in wanted], over_at=None)
    before = set(alerts.values_list("pk", flat=True))
    Alert.objects.bulk_create(wanted, ignore_conflicts=True)
    alerts = alerts.all()
    first = steps.first(directory.waits(rule.pk), raised_at=now)
    AlertCourse.objects.bulk_create(
        (
            AlertCourse(alert=alert, rule=rule, next_at=first.at if first else None)
            for alert in alerts
        ),
        ignore_conflicts=True,
    )
    fresh = sorted(alert.pk for alert in alerts if alert.pk not in before)
    if fresh:
        events.publish(AlertsRaised(fresh))
