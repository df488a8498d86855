"""A channel that takes nothing: a case says so, and its alert goes any other way.

One try is no news: services restart. After five in a row and three minutes nobody is told of anything
through it, and somebody has to know that. A case needs a customer and an endpoint: they are those of the
first alert that did not arrive. Where no alert was to be told yet there is none; whoever sends a test sees
on the page what became of it.
"""

from datetime import timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from integrations.models import Endpoint
from monitoring.domain import findings
from monitoring.domain.alerts import beside_rules, texts
from monitoring.domain.alerts.receivers import Receiver, missing, of_channel, of_person
from monitoring.domain.findings import Finding
from monitoring.models import Alert, AlertChannel, AlertMessage, ExceptionCase
from monitoring.models.alert_channel import channel_fingerprint
from portal.accounts.models import Person
from portal.core import clock
from portal.tenants import mailing
from portal.tenants.site import Site, current_site

CODE: Final = "alert_channel_silent"
SILENT_FOR: Final = timedelta(minutes=3)
State = AlertMessage.State


class _Untold(NamedTuple):
    """The first alert that did not arrive, and where it belongs."""

    customer_id: int
    endpoint_id: int
    title: str


@transaction.atomic
def look(channel_id: int) -> None:
    """It was not taken again: open a case once it takes nothing, and keep that up to date."""
    channel = AlertChannel.objects.filter(pk=channel_id).first()
    if channel is None or not _is_silent(channel):
        return
    untold = _untold(channel)
    if untold is None:
        return
    cause = channel_fingerprint(channel.pk)
    number = findings.report([_finding(channel, untold)]).get(cause)
    if number is not None:
        case = ExceptionCase.objects.get(pk=number)
        beside_rules.tell(case, lambda site: _others(channel, site))


def over(channel_id: int, *, cause: str) -> None:
    """It takes messages again, or nobody means to use it: its case closes itself."""
    findings.clear([channel_fingerprint(channel_id)], cause=cause)


def _is_silent(channel: AlertChannel) -> bool:
    began = channel.failing_since
    return channel.is_silent and began is not None and clock.now() - began >= SILENT_FOR


def _not_arrived(channel: AlertChannel) -> QuerySet[AlertMessage]:
    """What waits for it, and what was given up since something last arrived."""
    given_up = Q(state=State.FAILED, tries__gt=0)
    if channel.last_good_at:
        given_up &= Q(made_at__gt=channel.last_good_at)
    waits = Q(state=State.WAITING)
    return AlertMessage.objects.filter(waits | given_up, channel=channel).order_by("pk")


def _untold(channel: AlertChannel) -> _Untold | None:
    late = _not_arrived(channel).values("pk")
    alerts = Alert.objects.filter(Q(messages__in=late) | Q(messages__digest__in=late))
    first = alerts.order_by("pk").first()
    if first is None:
        return None
    of_customer = Endpoint.objects.filter(customer_id=first.customer_id).order_by("pk")
    endpoint = first.endpoint_id or of_customer.values_list("pk", flat=True).first()
    return _Untold(first.customer_id, endpoint, first.title) if endpoint else None


def _finding(channel: AlertChannel, untold: _Untold) -> Finding:
    assert channel.failing_since is not None
    began = channel.failing_since.astimezone(ZoneInfo(current_site().zone))
    return Finding(
        fingerprint=channel_fingerprint(channel.pk), customer_id=untold.customer_id,
        endpoint_id=untold.endpoint_id, origin=ExceptionCase.Origin.CHANNEL, code=CODE,
        since=channel.failing_since, value=channel.name,
        evidence=[
            ("Channel", f"{channel.name} ({channel.get_kind_display()})"),
            ("It says", channel.last_error),
            ("Takes nothing since", f"{began:%a} {began.day} {began:%b} {began:%H:%M %Z}"),
            ("Did not arrive", texts.counted(_not_arrived(channel).count(), "message")),
            ("First of them", untold.title),
        ],
        url=f"/alerts/channels/{channel.pk}/",
    )  # fmt: skip


def _others(channel: AlertChannel, site: Site) -> list[Receiver]:
    """Who can mend a channel, by mail; every other channel where mail is what fails, or reaches nobody."""
    by_mail = [] if channel.kind == AlertChannel.Kind.MAIL else _menders(site)
    if by_mail:
        return by_mail
    others = AlertChannel.objects.filter(is_on=True, failures=0).exclude(pk=channel.pk)
    return [of_channel(one, site) for one in others] or _menders(site)


def _menders(site: Site) -> list[Receiver]:
    if not mailing.goes_out():
        return []
    people: Any = Person.objects.filter(
        is_active=True,
        is_limited=False,
        customer_id=None,
        role__permissions__contains=["alerts.edit"],
    )
    return [of_person(one, site) for one in people.order_by("pk") if not missing(one)]
