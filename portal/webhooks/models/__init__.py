"""Receivers of events, and what was sent to them."""

from portal.webhooks.models.delivery import WebhookAttempt, WebhookDelivery, WebhookEvent
from portal.webhooks.models.webhook import Webhook, WebhookHour, WebhookReplay

__all__ = [
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEvent",
    "WebhookHour",
    "WebhookReplay",
]
