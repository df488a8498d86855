"""Messages are written down before anybody sends them: to whom, when, and with which link."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from monitoring.alerting.content import Content, Purpose, to_json
from monitoring.alerting.plan import Plan, Telling, Timing, telling
from monitoring.domain.alerts import SEND_LANE, texts
from monitoring.domain.alerts.receivers import Receiver, reachable
from monitoring.models import Alert, AlertChannel, AlertMessage, AlertRule
from portal.core import links
from portal.core.secrets import encrypt
from portal.jobs import lanes
from portal.tenants.site import Site

LINK_LASTS = timedelta(days=7)
SALT = "monitoring.alerts"
BEGINS: tuple[Purpose, ...] = ("raised", "came_back")
_CAN_COME_TOGETHER: tuple[Purpose, ...] = (*BEGINS, "over")
State = AlertMessage.State
_STORM, _STORM_SPAN, _STORM_WAIT = 20, timedelta(minutes=10), timedelta(seconds=20)


class Outbox:
    """The messages of one pass. `write` stores them and wakes whoever sends them."""

    def __init__(self, site: Site, *, now: datetime) -> None:
        self.site, self.now = site, now
        self._made: list[AlertMessage] = []
        self._lately: dict[tuple[int | None, int | None], int] = {}
        self._told: dict[int, set[tuple[int | None, int | None]]] = defaultdict(set)

    def know(self, alerts: Iterable[Alert]) -> None:
        """Look up who was told of these alerts before, so that two rules tell nobody twice."""
        ids = [alert.pk for alert in alerts]
        before = AlertMessage.objects.filter(alert__in=ids, purpose__in=BEGINS)
        for alert_id, *key in before.exclude(state__in=(State.FAILED, State.DROPPED)).values_list(
            "alert", "channel", "person"
        ):
            self._told[alert_id].add((key[0], key[1]))

    def tell(
        self, alert: Alert, rule: AlertRule, receivers: Iterable[Receiver], purpose: Purpose
    ) -> datetime | None:
        """Put a message for each of them. Returns when the first of them hears of it; None: nobody can
        be told."""
        heard = [self._put(alert, rule, reachable(one, alert), purpose) for one in receivers]
        return min((at for at in heard if at), default=None)

    def _put(
        self, alert: Alert, rule: AlertRule, receiver: Receiver, purpose: Purpose
    ) -> datetime | None:
        if purpose in BEGINS and receiver.key in self._told[alert.pk] and not receiver.gap:
            return self.now
        content = texts.about(alert, purpose, site=self.site, zone=receiver.zone, now=self.now)
        found = self._when(plan_of(rule), receiver, severity=alert.severity, purpose=purpose)
        message = _message(receiver, content, due_at=found.at, made_at=self.now)
        message.alert, message.rule = alert, rule if rule.pk else None
        if receiver.gap:
            message.state, message.last_answer = State.FAILED, receiver.gap[:300]
        elif found.together:
            message.state = State.HELD
        if content.asks and not receiver.gap:
            give_link(message, now=found.at)
        self._told[alert.pk].add(receiver.key)
        self._made.append(message)
        return None if receiver.gap else found.at

    def _when(self, plan: Plan, receiver: Receiver, *, severity: int, purpose: Purpose) -> Telling:
        news = purpose in _CAN_COME_TOGETHER
        found = telling(plan, self.now, zone=receiver.zone, severity=severity, news=news)
        # An incident is one of its own, and its service knows better than we whom to wake.
        if receiver.channel and receiver.channel.kind == AlertChannel.Kind.PAGERDUTY:
            return found._replace(together=False)
        if found.together or not news:
            return found
        return self._unless_a_storm(found, receiver)

    def _unless_a_storm(self, found: Telling, receiver: Receiver) -> Telling:
        """Past twenty in ten minutes the rest comes together: nobody reads four hundred messages."""
        if receiver.key not in self._lately:
            lately = AlertMessage.objects.filter(
                channel=receiver.channel,
                person=receiver.person,
                purpose__in=_CAN_COME_TOGETHER,
                made_at__gt=self.now - _STORM_SPAN,
            )
            self._lately[receiver.key] = lately.count()
        self._lately[receiver.key] += 1
        if self._lately[receiver.key] <= _STORM:
            return found
        return Telling(self.now + _STORM_WAIT, together=True)

    def put(self, receiver: Receiver, content: Content) -> AlertMessage:
        """One message that no rule has asked for, now."""
        message = _message(receiver, content, due_at=self.now, made_at=self.now)
        if receiver.gap:
            message.state, message.last_answer = State.FAILED, receiver.gap[:300]
        self._made.append(message)
        return message

    def write(self) -> list[AlertMessage]:
        """Store what was put, and have it sent."""
        made = AlertMessage.objects.bulk_create(self._made)
        for lane in sorted({one.lane for one in made if one.state == State.WAITING}):
            lanes.wake(SEND_LANE, lane)
        self._made = []
        return made


def _message(
    receiver: Receiver, content: Content, *, due_at: datetime, made_at: datetime
) -> AlertMessage:
    return AlertMessage(
        purpose=content.purpose,
        channel=receiver.channel,
        person=receiver.person,
        receiver=receiver.words[:200],
        lane=receiver.lane,
        content=to_json(content),
        due_at=due_at,
        made_at=made_at,
    )


def give_link(message: AlertMessage, *, now: datetime) -> None:
    """A link of its own, by which its receiver says that they have it. The token is kept until the message
    is sent, so that a second try says the same."""
    token = links.new_token(SALT)
    message.link_hash = links.digest(token, salt=SALT)
    message.link = encrypt({"token": token})
    message.link_ends_at = now + LINK_LASTS


def plan_of(rule: AlertRule) -> Plan:
    """What the rule says about time."""
    begins, ends = rule.quiet_from, rule.quiet_until
    quiet = None if begins is None or ends is None or begins == ends else (begins, ends)
    return Plan(cast(Timing, rule.timing), rule.digest_minute, quiet, rule.urgent_passes)
