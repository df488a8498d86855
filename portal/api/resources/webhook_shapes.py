"""Receivers of events, and what was sent to them, as programs read and write them."""

import json
from typing import Any, Final

from rest_framework import serializers

from portal.api.fields import Instant
from portal.api.operation import Body
from portal.webhooks.domain import places
from portal.webhooks.forms import EVERY, SOME
from portal.webhooks.models import Webhook, WebhookDelivery

_TYPES: Final = "Of events; none: every one, also those that come later."


class WebhookShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Values of secret parameters are left out.")
    customer = serializers.SerializerMethodField(help_text="Blank: it hears of all customers.")
    types = serializers.ListField(child=serializers.CharField(), help_text=_TYPES)
    is_on = serializers.BooleanField()
    off_since = Instant(allow_null=True)
    off_reason = serializers.CharField(help_text="Blank: a person paused it.")
    previous_until = Instant(
        allow_null=True, help_text="So long the secret before the last exchange signs, too."
    )
    made_by = serializers.CharField()
    made_at = Instant()

    def get_url(self, webhook: Webhook) -> str:
        return places.shown(webhook.url)

    def get_customer(self, webhook: Webhook) -> str:
        return webhook.customer.slug if webhook.customer else ""


class WebhookWithSecretShape(WebhookShape):
    secret = serializers.CharField(
        allow_null=True, help_text="Shown this once; null in the answer to a repeat."
    )


class ReplayShape(serializers.Serializer[Any]):
    since = Instant()
    type = serializers.CharField(help_text="Blank: every type it hears of.")
    total = serializers.IntegerField(help_text="Events that go again.")
    left_out = serializers.BooleanField(help_text="There are more than go at once.")
    made_by = serializers.CharField()


class ProgressShape(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    done = serializers.IntegerField(help_text="Tried at least once.")
    failed = serializers.IntegerField()


class WebhookHealthShape(serializers.Serializer[Any]):
    waiting = serializers.IntegerField(help_text="Messages to be sent.")
    tries = serializers.IntegerField(help_text="Of the last 24 hours.")
    good = serializers.IntegerField(help_text="Those of them that went well.")
    failing_since = Instant(allow_null=True)
    last_good_at = Instant(allow_null=True)
    last_error = serializers.CharField()
    last_error_at = Instant(allow_null=True)
    replay = ProgressShape(allow_null=True, help_text="Null: none is under way.")


class DeliveryShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    message_id = serializers.CharField(
        source="event.message_id", help_text="The same in each try, and in what is sent again."
    )
    type = serializers.CharField(source="event.type")
    state = serializers.ChoiceField(choices=WebhookDelivery.State.values)
    tries = serializers.IntegerField()
    made_at = Instant()
    due_at = Instant()
    sent_at = Instant(allow_null=True)
    last_status = serializers.IntegerField(allow_null=True)
    last_error = serializers.CharField()
    asked_by = serializers.CharField(help_text="Who had it sent again; blank: it happened.")


class AttemptShape(serializers.Serializer[Any]):
    at = Instant()
    status = serializers.IntegerField(allow_null=True, help_text="Null: nothing answered.")
    milliseconds = serializers.IntegerField()
    error = serializers.CharField()
    answer = serializers.CharField(help_text="Its first bytes, without what looks secret.")


class DeliveryDetail(DeliveryShape):
    body = serializers.SerializerMethodField(help_text="What is sent.")
    attempts = AttemptShape(many=True, source="attempts.all")

    def get_body(self, delivery: WebhookDelivery) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(delivery.event.body)
        return body


class WebhookChange(Body):
    """Everything is as the page's form has it, and is checked by it."""

    name = serializers.CharField(required=False)
    url = serializers.CharField(
        required=False, help_text="https, on the internet. Events are posted there as JSON."
    )
    customer = serializers.SlugField(
        required=False, allow_blank=True, max_length=41, help_text="Blank: of all customers."
    )
    types = serializers.ListField(child=serializers.CharField(), required=False, help_text=_TYPES)


class NewWebhook(WebhookChange):
    name = serializers.CharField()
    url = serializers.CharField(
        help_text="https, on the internet. Events are posted there as JSON."
    )


class ReplayWanted(Body):
    since = Instant(help_text="Of the last thirty days.")
    type = serializers.CharField(required=False, default="", help_text="Left out: every one.")


def given(webhook: Webhook, sent: dict[str, Any], customer_id: int | None) -> dict[str, Any]:
    """What the page's form would be posted with."""
    types = sent.get("types", webhook.types)
    return {
        "name": sent.get("name", webhook.name),
        "url": sent.get("url", webhook.url),
        "customer": customer_id,
        "which": SOME if types else EVERY,
        "types": types,
    }
