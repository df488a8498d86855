"""The lanes that send: one for all mail, one for each service, so that a slow one holds up nobody else.

At least once: a message is marked as sent after it was taken, so whoever dies in between has it sent
again, with the same words, the same link and the same key.
"""

import random
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from monitoring.alerting import tries
from monitoring.alerting.content import from_json
from monitoring.domain.alerts import channels, mails, silent
from monitoring.domain.alerts.channels import NotTakenError
from monitoring.domain.alerts.ending import UNSENT
from monitoring.domain.alerts.receivers import MAIL
from monitoring.models import Alert, AlertChannel, AlertMessage
from portal.core import clock
from portal.core.secrets import decrypt
from portal.jobs.kinds import Turn
from portal.tenants.site import Site, current_site

MOST, LONGEST = 20, timedelta(seconds=20)
_REST_AFTER_TROUBLE = timedelta(seconds=5)
OURS = "It could not be sent, over an error of ours."
State = AlertMessage.State
log = structlog.get_logger()


def send_due(lane: str) -> Turn:
    """Send what is due, until something is not taken: the next pass begins with what is due first then."""
    site, began, done = current_site(), clock.now(), 0
    for message in list(_due(lane, began)[:MOST]):
        if clock.now() - began > LONGEST:
            break
        if not _attend(message, site):
            return Turn(0, max(_next_due(lane) or began, began + _REST_AFTER_TROUBLE))
        done += 1
    return Turn(done, _next_due(lane))


def _due(lane: str, now: datetime) -> QuerySet[AlertMessage]:
    """Oldest first. What follows another message about the same alert waits for that one."""
    earlier = AlertMessage.objects.filter(
        Q(person=OuterRef("person")) | Q(channel=OuterRef("channel")),
        state=State.WAITING, alert=OuterRef("alert"), pk__lt=OuterRef("pk"), tries__gt=0,
    )  # fmt: skip
    waiting = AlertMessage.objects.filter(state=State.WAITING, lane=lane, due_at__lte=now)
    return (
        waiting.filter(~Exists(earlier))
        .select_related("channel", "person", "alert")
        .order_by("due_at", "pk")
    )


def _next_due(lane: str) -> datetime | None:
    waiting = AlertMessage.objects.filter(state=State.WAITING, lane=lane)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def _attend(message: AlertMessage, site: Site) -> bool:
    """Send it, or say why that is not needed any more. False when it was not taken."""
    needless = _needless(message)
    if needless:
        _settle(message, State.DROPPED, needless)
        return True
    # Noted first: whoever dies while sending leaves a message that may have arrived.
    AlertMessage.objects.filter(pk=message.pk).update(tries=F("tries") + 1)
    message.tries += 1
    try:
        _settle(message, State.SENT, _send(message, site))
    except NotTakenError as error:
        _not_taken(message, error)
        return False
    except (OperationalError, InterfaceError):
        raise  # the database: the lane comes back
    except Exception:
        log.exception("alert could not be sent", message=message.pk)
        _not_taken(message, NotTakenError(OURS, again=True))
        return False
    _channel_answered(message)
    return True


def _needless(message: AlertMessage) -> str:
    if message.channel and not message.channel.is_on:
        return f"{message.channel.name} is switched off."
    if not message.channel and not message.person:
        return "Its receiver is gone."
    if message.tries or message.alert is None or not from_json(message.content).asks:
        return ""
    return _settled(message.alert)


def _settled(alert: Alert) -> str:
    if alert.over_at:
        return UNSENT
    return f"{alert.acknowledged_by} had it before." if alert.acknowledged_at else ""


def _send(message: AlertMessage, site: Site) -> str:
    link = (
        f"{site.url}/ack/{decrypt(bytes(message.link))['token'].reveal()}/" if message.link else ""
    )
    if message.lane == MAIL:
        return mails.send(message, link=link, site=site)
    assert message.channel is not None
    return channels.send(message, message.channel, link=link, site=site)


def _settle(message: AlertMessage, state: str, words: str) -> None:
    AlertMessage.objects.filter(pk=message.pk).update(
        state=state,
        last_answer=words[:300],
        link=None,
        sent_at=clock.now() if state == State.SENT else None,
    )


def _not_taken(message: AlertMessage, error: NotTakenError) -> None:
    now = clock.now()
    again = tries.again_at(
        message.tries, at=now, made_at=message.made_at, jitter=random.random,
        retry_after=error.retry_after,
    )  # fmt: skip
    if not error.again or again is None:
        _settle(message, State.FAILED, str(error))
    else:
        AlertMessage.objects.filter(pk=message.pk).update(
            due_at=again, last_answer=str(error)[:300]
        )
    if message.channel_id:
        AlertChannel.objects.filter(pk=message.channel_id).update(
            failing_since=Coalesce(F("failing_since"), now),
            failures=F("failures") + 1,
            last_error=str(error)[:300],
        )
        silent.look(message.channel_id)


def _channel_answered(message: AlertMessage) -> None:
    """It works: what waited for it goes at once."""
    now = clock.now()
    if not message.channel_id:
        return
    failed = AlertChannel.objects.filter(pk=message.channel_id, failures__gt=0)
    if failed.update(failing_since=None, failures=0, last_error=""):
        go_now(message.channel_id)
        silent.over(message.channel_id, cause="A message arrived again")
    AlertChannel.objects.filter(pk=message.channel_id).update(last_good_at=now)


def go_now(channel_id: int) -> None:
    """Let everything that waits for another try go at once."""
    waiting = AlertMessage.objects.filter(state=State.WAITING, channel=channel_id, tries__gt=0)
    waiting.update(due_at=clock.now())
