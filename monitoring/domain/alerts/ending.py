"""Alerts end with what they are about, and rest once somebody has it. Who was told is told of that."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet

from monitoring.alerting.content import Purpose
from monitoring.domain.alerts.outbox import Outbox
from monitoring.domain.alerts.receivers import Receiver, of_channel, of_person
from monitoring.models import Alert, AlertChannel, AlertCourse, AlertMessage, AlertRule, CaseEvent
from portal.core import events
from portal.tenants.site import Site

MOST = 200
UNSENT = "It was over before it could be sent."
_STILL = "It came back meanwhile."
_GONE = "The rule is not watched any more."
State = AlertMessage.State


class AlertsEnded(NamedTuple):
    """What these alerts are about is over."""

    alert_ids: list[int]


@transaction.atomic
def end_closed(site: Site, *, now: datetime) -> int:
    """End the alerts of cases that are closed or have come back since. Returns how many."""
    done = Q(case__closed_at__isnull=False) | Q(case__times_back__gt=F("round"))
    alerts = list(open_alerts().filter(done)[:MOST])
    end(alerts, [_why(alert) for alert in alerts], site, now=now)
    return len(alerts)


def _why(alert: Alert) -> str:
    assert alert.case is not None
    return alert.case.resolution if alert.case.closed_at else _STILL


@transaction.atomic
def end_switched_off(site: Site, *, now: datetime) -> int:
    """End what a rule has found that watches no more."""
    alerts = list(open_alerts().filter(rule__is_on=False)[:MOST])
    end(alerts, [_GONE] * len(alerts), site, now=now)
    return len(alerts)


def end(alerts: Sequence[Alert], causes: Sequence[str], site: Site, *, now: datetime) -> None:
    """It is over, each for its cause."""
    for alert, cause in zip(alerts, causes, strict=True):
        alert.over_at, alert.over_cause = now, cause[:300]
    Alert.objects.bulk_update(alerts, ["over_at", "over_cause"])
    AlertCourse.objects.filter(alert__in=alerts).update(next_at=None)
    tell_on(alerts, "over", site, now=now)
    if alerts:
        events.publish(AlertsEnded([alert.pk for alert in alerts]))


@transaction.atomic
def note_acknowledged(site: Site, *, now: datetime) -> int:
    """Cases that somebody has acknowledged or taken: their alerts rest. Returns how many."""
    seen = open_alerts().filter(acknowledged_at=None, case__acknowledged_at__isnull=False)
    alerts = list(seen[:MOST])
    names = _who(alerts)
    for alert in alerts:
        assert alert.case is not None
        alert.acknowledged_at = alert.case.acknowledged_at
        alert.acknowledged_by = names.get(alert.case_id or 0, "somebody")
    rest(alerts, site, now=now)
    return len(alerts)


def rest(alerts: Sequence[Alert], site: Site, *, now: datetime) -> None:
    """Somebody has these: no step and no repeat comes any more."""
    Alert.objects.bulk_update(alerts, ["acknowledged_at", "acknowledged_by"])
    AlertCourse.objects.filter(alert__in=alerts).update(next_at=None)
    tell_on(alerts, "acknowledged", site, now=now)


def _who(alerts: Iterable[Alert]) -> dict[int, str]:
    """Who acknowledged each case, by its log; of several the last."""
    deeds = CaseEvent.objects.filter(case__in=[alert.case_id for alert in alerts]).exclude(actor="")
    deeds = deeds.order_by("case_id", "-pk").distinct("case_id")
    return dict(deeds.values_list("case", "actor"))


def open_alerts() -> QuerySet[Alert]:
    """Those that are not over, locked but for what somebody acknowledges this moment."""
    found = Alert.objects.select_for_update(of=("self",), skip_locked=True).filter(over_at=None)
    return found.select_related("case", "customer", "endpoint", "rule").order_by("pk")


def tell_on(alerts: Sequence[Alert], purpose: Purpose, site: Site, *, now: datetime) -> None:
    """Tell whoever was told that it began. That somebody has it, only rooms and services hear."""
    if not alerts:
        return
    known = {alert.pk: alert for alert in alerts}
    outbox = Outbox(site, now=now)
    for message in _told(alerts, alone=purpose == "acknowledged"):
        receiver = receiver_of(message, site)
        if receiver is None or (purpose == "acknowledged" and not _is_shared(receiver)):
            continue
        rule = message.rule or AlertRule()
        outbox.tell(known[message.alert_id or 0], rule, [receiver], purpose)
    outbox.write()


def _told(alerts: Sequence[Alert], *, alone: bool) -> list[AlertMessage]:
    """One message for each receiver who has heard of an alert, or may have; `alone`: not in a digest."""
    heard = Q(state=State.SENT) | Q(state=State.WAITING, tries__gt=0)
    if not alone:
        heard |= Q(digest__state=State.SENT)
    found = (
        AlertMessage.objects.filter(heard, alert__in=alerts)
        .exclude(purpose__in=("acknowledged", "over"))
        .order_by("alert_id", "channel_id", "person_id", "-pk")
        .distinct("alert_id", "channel_id", "person_id")
    )
    return list(found.select_related("channel", "person", "rule"))


def receiver_of(message: AlertMessage, site: Site) -> Receiver | None:
    if message.channel:
        return of_channel(message.channel, site)
    return of_person(message.person, site) if message.person else None


def _is_shared(receiver: Receiver) -> bool:
    return receiver.channel is not None and receiver.channel.kind != AlertChannel.Kind.MAIL
