"""A webhook of a customer's with something in its log, and a mark in every text of it."""

from datetime import timedelta

from integrations.models import Record
from portal.core import clock
from portal.core.ids import uuid7
from portal.core.secrets import encrypt
from portal.customers.models import Customer
from portal.webhooks.domain.outbox import body_of
from portal.webhooks.models import (
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEvent,
    WebhookHour,
    WebhookReplay,
)


def plant(customer: Customer, text: str) -> None:
    now = clock.now()
    order = Record.objects.get(customer=customer, object_type="order")
    webhook = Webhook.objects.create(
        name=text, url=f"https://{text}.example/in", customer=customer, made_by=text,
        types=["person.joined"], secrets=encrypt({"current": f"whsec_{text}"}), is_on=False,
        off_since=now, off_reason=f"{text} wants nothing", last_error=text, last_error_at=now,
    )  # fmt: skip
    event = WebhookEvent.objects.create(
        pk=uuid7(), type="order.created", customer=customer,
        body=body_of(
            "order.created", {"customer": customer.slug, "id": str(order.pk), "number": text}
        ),
    )  # fmt: skip
    replay = WebhookReplay.objects.create(
        webhook=webhook, since=now - timedelta(hours=1), made_by=text, total=1
    )
    delivery = WebhookDelivery.objects.create(
        event=event, webhook=webhook, replay=replay, state="failed", tries=1, due_at=now, made_at=now,
        last_status=500, last_error=text, asked_by=text,
    )  # fmt: skip
    WebhookAttempt.objects.create(
        delivery=delivery, at=now, status=500, milliseconds=12, error=text, answer=f"{text} says no"
    )
    WebhookHour.objects.create(webhook=webhook, hour=now.replace(minute=0), good=1, bad=1)
