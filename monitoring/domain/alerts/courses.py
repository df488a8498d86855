"""The steps of an alert: who is told first, who next, while nobody has it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from monitoring.alerting import steps
from monitoring.alerting.content import Purpose
from monitoring.domain.alerts.outbox import Outbox
from monitoring.domain.alerts.receivers import Directory
from monitoring.models import AlertCourse

MOST = 200


@transaction.atomic
def move_on(directory: Directory, *, now: datetime) -> int:
    """Take every step whose time has come. Returns how many were taken."""
    due = list(_due(now)[:MOST])
    outbox = Outbox(directory.site, now=now)
    outbox.know(course.alert for course in due)
    for course in due:
        _take(course, directory, outbox, now)
    AlertCourse.objects.bulk_update(due, ["step", "told", "next_at"])
    outbox.write()
    return len(due)


def _due(now: datetime) -> QuerySet[AlertCourse]:
    open_now = AlertCourse.objects.filter(
        alert__over_at=None, alert__acknowledged_at=None, rule__is_on=True, next_at__lte=now
    )
    return open_now.select_related(
        "rule", "alert__case", "alert__customer", "alert__endpoint"
    ).order_by("next_at", "pk")


def _take(course: AlertCourse, directory: Directory, outbox: Outbox, now: datetime) -> None:
    """Tell the step, and say when the next one comes: at once where nobody of this one can be told."""
    receivers = directory.receivers(course.rule_id, course.step, at=now)
    heard = outbox.tell(course.alert, course.rule, receivers, _purpose(course))
    waits = directory.waits(course.rule_id)
    following = steps.following(
        waits, step=course.step, told_at=heard or now, repeat=course.rule.repeat_minutes
    )
    course.told += 1
    course.next_at = following.at if following else None
    if following and following.step != course.step:
        course.step = following.step
        course.next_at = following.at if heard else now


def _purpose(course: AlertCourse) -> Purpose:
    if not course.told:
        return "came_back" if course.alert.came_back else "raised"
    return "repeated" if course.told > course.step else "escalated"
