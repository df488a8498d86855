"""Sending what people ask for: a test, one message once more, or what was kept since a moment."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from portal.core import clock
from portal.core.ids import first_id_at, uuid7
from portal.jobs import lanes
from portal.webhooks.catalogue import TEST
from portal.webhooks.domain.outbox import LANE, body_of
from portal.webhooks.models import Webhook, WebhookDelivery, WebhookEvent, WebhookReplay

MOST: Final = 10_000
State = WebhookDelivery.State


class NotNowError(ValueError):
    """It cannot be sent now; the text says why."""


def _must_be_on(webhook: Webhook) -> None:
    if not webhook.is_on:
        raise NotNowError(f"{webhook.name} is switched off. Switch it on first.")


@transaction.atomic
def test(webhook: Webhook, *, by: str) -> WebhookDelivery:
    """Send it an event that says that it is a test. NotNowError for one that is off."""
    _must_be_on(webhook)
    whose = webhook.customer.slug if webhook.customer else None
    data = {"customer": whose, "text": f"A test of {by}. Nothing happened."}
    event = WebhookEvent.objects.create(
        pk=uuid7(), type=TEST, customer_id=webhook.customer_id, body=body_of(TEST, data)
    )
    return _queue(webhook, event, by)


@transaction.atomic
def resend(delivery: WebhookDelivery, *, by: str) -> WebhookDelivery:
    """Send one message once more, with the same id. One that waits anyway goes at once instead.
    NotNowError where the receiver is off."""
    _must_be_on(delivery.webhook)
    waiting = WebhookDelivery.objects.filter(
        event=delivery.event_id, webhook=delivery.webhook_id, state=State.WAITING
    ).first()
    if waiting is None:
        return _queue(delivery.webhook, delivery.event, by)
    waiting.due_at = clock.now()
    waiting.save(update_fields=["due_at"])
    lanes.wake(LANE, str(delivery.webhook_id))
    return waiting


def _queue(webhook: Webhook, event: WebhookEvent, by: str) -> WebhookDelivery:
    lanes.wake(LANE, str(webhook.pk))
    now = clock.now()
    return WebhookDelivery.objects.create(
        event=event, webhook=webhook, due_at=now, made_at=now, asked_by=by[:80]
    )


@transaction.atomic
def replay(webhook: Webhook, *, since: datetime, event_type: str, by: str) -> WebhookReplay:
    """Send what was kept since a moment again, oldest first, at most 10,000 events; "" is every type it
    wants. What waits anyway is left alone. NotNowError for one that is off, and while another replay runs.
    """
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    _must_be_on(webhook)
    if running(webhook):
        raise NotNowError("A replay is under way. Wait until it is through.")
    made = WebhookReplay.objects.create(
        webhook=webhook, since=since, type=event_type, made_by=by[:80]
    )
    found = _fill(made, webhook)
    made.total, made.left_out = min(found, MOST), found > MOST
    made.save(update_fields=["total", "left_out"])
    lanes.wake(LANE, str(webhook.pk))
    return made


def running(webhook: Webhook) -> bool:
    """Whether something of a replay still waits for its first try."""
    waiting = WebhookDelivery.objects.filter(webhook=webhook, state=State.WAITING, tries=0)
    return waiting.filter(replay__isnull=False).exists()


def _fill(made: WebhookReplay, webhook: Webhook) -> int:
    """Queue them; returns how many there were, one more than go at most where there are more."""
    types = [made.type] if made.type else webhook.types
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH e AS (
                SELECT e.id FROM webhooks_webhookevent e WHERE e.id >= %(first)s AND e.type <> %(test)s
                AND (%(types)s::text[] = '{}' OR e.type = ANY(%(types)s::text[]))
                AND (%(customer)s::bigint IS NULL OR e.customer_id = %(customer)s::bigint)
                AND NOT EXISTS (SELECT 1 FROM webhooks_webhookdelivery d WHERE d.event_id = e.id
                    AND d.webhook_id = %(webhook)s AND d.state = 'waiting')
                ORDER BY e.id LIMIT %(most)s + 1
            ), made AS (
                INSERT INTO webhooks_webhookdelivery (event_id, webhook_id, replay_id, state, tries,
                    due_at, made_at, last_error, asked_by)
                SELECT id, %(webhook)s, %(replay)s, 'waiting', 0, %(now)s, %(now)s, '', %(by)s
                FROM (SELECT id FROM e ORDER BY id LIMIT %(most)s) AS first ORDER BY id
            )
            SELECT count(*) FROM e
            """,
            {
                "first": first_id_at(made.since),
                "test": TEST,
                "types": types,
                "customer": webhook.customer_id,
                "webhook": webhook.pk,
                "replay": made.pk,
                "now": clock.now(),
                "by": made.made_by,
                "most": MOST,
            },
        )
        return int(cursor.fetchone()[0])
