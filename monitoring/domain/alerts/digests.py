"""What was kept for a digest goes out together, once its time has come."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from monitoring.alerting.content import Content
from monitoring.domain.alerts import texts
from monitoring.domain.alerts.ending import receiver_of
from monitoring.domain.alerts.outbox import Outbox, State, give_link
from monitoring.domain.alerts.receivers import Receiver
from monitoring.models import Alert, AlertMessage
from portal.tenants.site import Site

MOST = 1_000
NOBODY = "Its receiver is gone."


@transaction.atomic
def gather(site: Site, *, now: datetime) -> int:
    """One message for each receiver whose kept ones are due. Returns how many were gathered."""
    due = AlertMessage.objects.filter(state=State.HELD, due_at__lte=now).order_by("pk")[:MOST]
    kept: dict[tuple[int | None, int | None], list[AlertMessage]] = defaultdict(list)
    for message in due.select_related(
        "channel", "person", "alert__case", "alert__customer", "alert__endpoint"
    ):
        kept[message.channel_id, message.person_id].append(message)
    for messages in kept.values():
        _send_together(messages, site, now)
    return sum(map(len, kept.values()))


def _send_together(messages: list[AlertMessage], site: Site, now: datetime) -> None:
    receiver = receiver_of(messages[0], site)
    ids = [one.pk for one in messages]
    if receiver is None:
        AlertMessage.objects.filter(pk__in=ids).update(state=State.DROPPED, last_answer=NOBODY)
        return
    alerts = {one.alert_id: one.alert for one in messages if one.alert}
    outbox = Outbox(site, now=now)
    digest = outbox.put(receiver, _content(messages, list(alerts.values()), receiver, site, now))
    if digest.state == State.WAITING and any(_is_free(one) for one in alerts.values()):
        give_link(digest, now=now)
    outbox.write()
    AlertMessage.objects.filter(pk__in=ids).update(state=State.GATHERED, digest=digest)


def _content(
    messages: list[AlertMessage],
    alerts: list[Alert],
    receiver: Receiver,
    site: Site,
    now: datetime,
) -> Content:
    since = min(one.made_at for one in messages)
    return texts.digest(alerts, since=since, site=site, zone=receiver.zone, now=now)


def _is_free(alert: Alert) -> bool:
    return alert.over_at is None and alert.acknowledged_at is None
