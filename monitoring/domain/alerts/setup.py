"""Rules and channels as people set them up. Whatever was changed is looked at anew at once."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from monitoring.domain.alerts import SEND_LANE, WATCH_LANE, look, sending, silent, texts
from monitoring.domain.alerts.outbox import Outbox
from monitoring.domain.alerts.receivers import MAIL, of_channel
from monitoring.models import AlertChannel, AlertMessage, AlertRule, AlertStep
from portal.core import clock
from portal.core.secrets import decrypt, encrypt
from portal.jobs import lanes
from portal.tenants.site import current_site


class Step(NamedTuple):
    """`receiver` names one of channel, rota and person: {channel: …}. `wait`: minutes."""

    receiver: Mapping[str, Any]
    wait: int


@transaction.atomic
def put_rule(rule: AlertRule, steps: Sequence[Step]) -> AlertRule:
    """Save a rule with its steps in their order. One that is new or switched on tells of what begins from
    now on."""
    was_on = rule.pk and AlertRule.objects.filter(pk=rule.pk, is_on=True).exists()
    if not was_on:
        rule.since = clock.now()
    rule.save()
    rule.steps.all().delete()
    AlertStep.objects.bulk_create(
        AlertStep(rule=rule, position=n, wait_minutes=step.wait, **step.receiver)
        for n, step in enumerate(steps)
    )
    look()
    lanes.wake(WATCH_LANE)
    return rule


@transaction.atomic
def put_channel(channel: AlertChannel, secrets: Mapping[str, str]) -> AlertChannel:
    """Save a channel; `secrets` that are blank stay as they are. What waits for it is tried at once."""
    given = {name: value for name, value in secrets.items() if value}
    if given:
        kept = decrypt(bytes(channel.secrets)) if channel.secrets else {}
        channel.secrets = encrypt({**kept, **given})
        channel.failing_since, channel.last_error = None, ""
    if not channel.is_on:
        channel.failures = 0
    channel.save()
    if not channel.is_on:
        silent.over(channel.pk, cause="The channel was switched off")
    sending.go_now(channel.pk)
    lanes.wake(SEND_LANE, MAIL if channel.kind == AlertChannel.Kind.MAIL else str(channel.pk))
    return channel


@transaction.atomic
def drop_channel(channel: AlertChannel) -> None:
    """Delete a channel; the steps that went there go with it, and what was sent stays in the log."""
    silent.over(channel.pk, cause="The channel was deleted")
    channel.delete()


@transaction.atomic
def test_channel(channel: AlertChannel, *, by: str) -> AlertMessage:
    """Send a message that says that it is a test. What became of it stands in the log."""
    site = current_site()
    outbox = Outbox(site, now=clock.now())
    outbox.put(of_channel(channel, site), texts.test(channel.name, site=site, by=by))
    return outbox.write()[0]
