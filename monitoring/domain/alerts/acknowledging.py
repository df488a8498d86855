"""Somebody has it: said in the app, or by the link of a message, which works once.

Whoever changes an alert locks it first, so that of two at once the second finds what the first has done.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from monitoring.domain import states
from monitoring.domain.alerts import ending, look
from monitoring.domain.alerts.outbox import SALT
from monitoring.domain.states import NotNowError
from monitoring.models import Alert, AlertMessage
from portal.core import clock, links
from portal.core.links import LinkOverError, NoLinkError
from portal.tenants.site import current_site

_NOTHING = "All of it is over: there is nothing left to say."


@transaction.atomic
def acknowledge(alert_id: int, *, actor: str) -> Alert:
    """`actor` has it, and with it the case. NotNowError when it is over, or somebody had it before."""
    alert = _locked([alert_id])[0]
    if alert.over_at:
        raise NotNowError(f"It is over: {alert.over_cause or 'nothing is left of it'}")
    if alert.acknowledged_at:
        raise NotNowError(f"{alert.acknowledged_by} has it already.")
    _take([alert], actor)
    return alert


def find(token: str) -> AlertMessage:
    """The message of this link, while it can be used. NoLinkError, or LinkOverError once it is over."""
    message = _of(token)
    _must_be_open(message, alerts_of(message))
    return message


@transaction.atomic
def use(token: str) -> AlertMessage:
    """Take the word of whoever has the link, for every alert of its message that nobody has. Errors as
    for `find`."""
    message = _of(token)
    alerts = _locked([alert.pk for alert in alerts_of(message)])
    message = AlertMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    _must_be_open(message, alerts)
    message.link_used_at = clock.now()
    message.save(update_fields=["link_used_at"])
    _take([alert for alert in alerts if _is_free(alert)], who(message))
    return message


def _of(token: str) -> AlertMessage:
    digest = links.digest(token, salt=SALT)
    messages = AlertMessage.objects.select_related("person", "channel")
    found = messages.filter(link_hash=digest).first()
    if found is None:
        raise NoLinkError
    return found


def alerts_of(message: AlertMessage) -> list[Alert]:
    """What a message is about: its own alert, or those of a digest."""
    if message.alert_id:
        found = Alert.objects.filter(pk=message.alert_id)
    else:
        found = Alert.objects.filter(messages__digest=message).distinct()
    return list(found.select_related("case", "customer", "endpoint").order_by("pk"))


def _locked(ids: Sequence[int]) -> list[Alert]:
    found = Alert.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return list(found.select_related("case", "customer", "endpoint").order_by("pk"))


def _must_be_open(message: AlertMessage, alerts: Sequence[Alert]) -> None:
    over = why_over(message, alerts)
    if over:
        raise LinkOverError(over)


def why_over(message: AlertMessage, alerts: Sequence[Alert]) -> str:
    """Why its link does nothing any more; "" while it does."""
    if message.link_used_at:
        return "You have said so already: the link works once."
    if message.link_ends_at is None or message.link_ends_at <= clock.now():
        return "The time of this link is over. Sign in to say that you have it."
    if any(map(_is_free, alerts)):
        return ""
    taken = next((one.acknowledged_by for one in alerts if not one.over_at), "")
    return f"{taken} has it already." if taken else _NOTHING


def _is_free(alert: Alert) -> bool:
    return alert.over_at is None and alert.acknowledged_at is None


def _take(alerts: Sequence[Alert], actor: str) -> None:
    now = clock.now()
    for alert in alerts:
        alert.acknowledged_at, alert.acknowledged_by = now, actor[:120]
        if alert.case_id:
            _acknowledge_case(alert.case_id, actor)
    ending.rest(alerts, current_site(), now=now)
    look()


def _acknowledge_case(number: int, actor: str) -> None:
    try:
        states.acknowledge(number, actor=actor)
    except NotNowError:  # it closed this moment, and the alert with it
        return


def who(message: AlertMessage) -> str:
    """Who has used a link: its person, or somebody of a channel."""
    person: Any = message.person
    if person:
        return str(person.name)
    return f"Somebody in {message.channel.name}" if message.channel else "Somebody by a link"
