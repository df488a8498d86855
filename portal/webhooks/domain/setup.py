"""Receivers as people set them up."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from portal.core import clock
from portal.core.secrets import decrypt, encrypt
from portal.jobs import lanes
from portal.webhooks.domain import trouble, wanted
from portal.webhooks.domain.outbox import LANE
from portal.webhooks.models import Webhook
from portal.webhooks.signature import new_secret

OLD_SECRET_LASTS: Final = timedelta(hours=24)


@transaction.atomic
def put(webhook: Webhook) -> str:
    """Save a receiver. Returns the secret of a new one, which is shown once and kept encrypted; "" for one
    that was there. A changed address is tried at once."""
    secret = "" if webhook.pk else new_secret()
    if secret:
        webhook.secrets = encrypt({"current": secret})
    webhook.rest_until = None
    webhook.save()
    wanted.changed()
    lanes.wake(LANE, str(webhook.pk))
    return secret


@transaction.atomic
def rotate(webhook_id: int) -> str:
    """Give it another secret, returned to be shown once. For a day what is sent is signed with both."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    secret = new_secret()
    try:
        before = decrypt(bytes(webhook.secrets))["current"].reveal()
        kept = {"current": secret, "previous": before}
    except trouble.CANNOT_BE_READ:
        kept = {"current": secret}
    webhook.secrets = encrypt(kept)
    webhook.previous_until = clock.now() + OLD_SECRET_LASTS if "previous" in kept else None
    webhook.save(update_fields=["secrets", "previous_until"])
    return secret


@transaction.atomic
def pause(webhook_id: int) -> None:
    """Send nothing. What happens is kept, and what waits stays."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    if webhook.is_on:
        webhook.is_on, webhook.off_since, webhook.off_reason = False, clock.now(), ""
        webhook.save(update_fields=["is_on", "off_since", "off_reason"])
        wanted.changed()


@transaction.atomic
def resume(webhook_id: int) -> None:
    """Send again: what waits at once, and what happens from now on."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    if webhook.is_on:
        return
    webhook.is_on, webhook.off_since, webhook.off_reason = True, None, ""
    webhook.failures, webhook.failing_since, webhook.rest_until = 0, None, None
    webhook.save()
    trouble.over(webhook.pk, cause="Somebody switched it on again")
    wanted.changed()
    lanes.wake(LANE, str(webhook.pk))


@transaction.atomic
def drop(webhook: Webhook) -> None:
    """Delete it with its log."""
    trouble.over(webhook.pk, cause="The webhook was deleted")
    webhook.delete()
    wanted.changed()
