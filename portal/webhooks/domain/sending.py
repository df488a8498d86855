"""The lanes that send, one for each receiver, so that a slow one holds up no other.

At least once: a message is marked after it was taken, so whoever dies in between has it sent again, with the
same id and the same body.
"""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from portal.core import clock
from portal.core.secrets import decrypt
from portal.jobs import lanes
from portal.jobs.kinds import Turn
from portal.webhooks import schedule
from portal.webhooks.domain import trouble
from portal.webhooks.domain.outbox import LANE
from portal.webhooks.domain.posting import Letter, Outcome, post_all
from portal.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery

MOST: Final = 20
UNREADABLE: Final = "Its secret cannot be read any more: exchange it."
_RELEASED_AFTER: Final = (
    5  # rounds without success: that was an outage, and not one message it cannot bear
)
State = WebhookDelivery.State


def send_due(webhook_id: int) -> Turn:
    """Send what is due to one receiver, once each. One that keeps failing is tried with one message."""
    webhook = Webhook.objects.filter(pk=webhook_id, is_on=True).first()
    if webhook is None:
        return Turn(0)
    now = clock.now()
    if webhook.rest_until and now < webhook.rest_until:
        return Turn(0, webhook.rest_until)
    room = 1 if webhook.failures else MOST
    due = list(_due(webhook_id, now)[:room])
    if not due:
        return Turn(0, _next_due(webhook_id))
    note(webhook_id, due, _try(webhook, due, now))
    return Turn(len(due))


def _due(webhook_id: int, now: datetime) -> QuerySet[WebhookDelivery]:
    waiting = WebhookDelivery.objects.filter(webhook=webhook_id, state=State.WAITING)
    return waiting.filter(due_at__lte=now).select_related("event").order_by("due_at", "pk")


def _next_due(webhook_id: int) -> datetime | None:
    waiting = WebhookDelivery.objects.filter(webhook=webhook_id, state=State.WAITING)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def _try(webhook: Webhook, due: Sequence[WebhookDelivery], now: datetime) -> list[Outcome]:
    signing = _secrets(webhook, now)
    if not signing:
        return [Outcome(one.pk, 0, error=UNREADABLE) for one in due]
    letters = [Letter(one.pk, one.event.message_id, one.event.body.encode()) for one in due]
    return post_all(webhook.url, letters, signing=signing)


def _secrets(webhook: Webhook, now: datetime) -> list[str]:
    """The secret, and after an exchange for a day the one before it."""
    try:
        kept = decrypt(bytes(webhook.secrets))
    except trouble.CANNOT_BE_READ:
        return []
    names = ["current", "previous"] if webhook.has_two_secrets(now) else ["current"]
    return [kept[name].reveal() for name in names if name in kept]


@transaction.atomic
def note(webhook_id: int, tried: Sequence[WebhookDelivery], outcomes: Sequence[Outcome]) -> None:
    """Write down what came of each try, and what that says of the receiver."""
    webhook = Webhook.objects.select_for_update().filter(pk=webhook_id).first()
    if webhook is None:
        return  # it was deleted meanwhile, and all of its log with it
    now, deliveries = clock.now(), {one.pk: one for one in tried}
    for outcome in outcomes:
        _follow(deliveries[outcome.delivery_id], outcome, now)
    fields = [
        "state",
        "tries",
        "due_at",
        "sent_at",
        "last_status",
        "last_milliseconds",
        "last_error",
    ]
    WebhookDelivery.objects.bulk_update(tried, fields)
    WebhookAttempt.objects.bulk_create(_attempt(outcome, now) for outcome in outcomes)
    _count(webhook_id, outcomes, now)
    _judge(webhook, deliveries, outcomes, now)


def _follow(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    delivery.tries += 1
    delivery.last_status, delivery.last_error = outcome.status, outcome.error[:300]
    delivery.last_milliseconds = outcome.milliseconds
    if outcome.is_good:
        delivery.state, delivery.sent_at = State.SENT, now
        return
    again = schedule.again_at(
        delivery.tries, at=now, jitter=random.random, retry_after=outcome.retry_after
    )
    if again is None or outcome.is_gone:
        delivery.state = State.FAILED
    else:
        delivery.due_at = again


def _attempt(outcome: Outcome, now: datetime) -> WebhookAttempt:
    return WebhookAttempt(
        delivery_id=outcome.delivery_id,
        at=now,
        status=outcome.status,
        milliseconds=outcome.milliseconds,
        error=outcome.error[:300],
        answer=outcome.answer,
    )


def _count(webhook_id: int, outcomes: Sequence[Outcome], now: datetime) -> None:
    good = sum(outcome.is_good for outcome in outcomes)
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webhooks_webhookhour AS h (webhook_id, hour, good, bad) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (webhook_id, hour) DO UPDATE SET good = h.good + excluded.good,"
            " bad = h.bad + excluded.bad",
            [webhook_id, hour, good, len(outcomes) - good],
        )


def _judge(
    webhook: Webhook,
    deliveries: dict[int, WebhookDelivery],
    outcomes: Sequence[Outcome],
    now: datetime,
) -> None:
    bad = [outcome for outcome in outcomes if not outcome.is_good]
    if len(bad) < len(outcomes):
        _answered(webhook, now)
    if bad:
        _failed(webhook, bad, now, alone=len(bad) == len(outcomes))
    if any(outcome.is_gone for outcome in bad):
        trouble.switch_off(webhook.pk, "It answered 410: it wants nothing any more.")
        return
    given_up = [deliveries[one.delivery_id] for one in bad]
    given_up = [one for one in given_up if one.state == State.FAILED]
    if any(_nothing_since(webhook, one) for one in given_up):
        trouble.switch_off(webhook.pk, f"{schedule.MOST_TRIES} tries in vain. {bad[-1].error}")


def _nothing_since(webhook: Webhook, delivery: WebhookDelivery) -> bool:
    """Whether the receiver took nothing since this was first due: otherwise only this one is at fault."""
    good = Webhook.objects.values_list("last_good_at", flat=True).get(pk=webhook.pk)
    return good is None or good < delivery.made_at


def _answered(webhook: Webhook, now: datetime) -> None:
    """It works: after an outage, what waited for another try goes at once."""
    if webhook.failures >= _RELEASED_AFTER:
        waiting = WebhookDelivery.objects.filter(webhook=webhook, state=State.WAITING)
        waiting.filter(Q(tries__gt=0), due_at__gt=now).update(due_at=now)
    Webhook.objects.filter(pk=webhook.pk).update(
        failing_since=None, failures=0, rest_until=None, last_good_at=now
    )
    webhook.failures = 0


def _failed(webhook: Webhook, bad: Sequence[Outcome], now: datetime, *, alone: bool) -> None:
    """`alone`: nothing of the same round was taken. However many went at once, that is one failure."""
    failures = webhook.failures + 1 if alone else 0
    Webhook.objects.filter(pk=webhook.pk).update(
        failing_since=Coalesce(F("failing_since"), now) if alone else None,
        failures=failures,
        rest_until=schedule.rest_until(failures, at=now),
        last_error=bad[-1].error[:300],
        last_error_at=now,
    )


def wake_due() -> None:
    """Wake whoever has something due: a wake-up that was lost is found by this."""
    due = WebhookDelivery.objects.filter(state=State.WAITING, webhook__is_on=True)
    for webhook_id in (
        due.filter(due_at__lte=clock.now()).values_list("webhook", flat=True).distinct()
    ):
        lanes.wake(LANE, str(webhook_id))
