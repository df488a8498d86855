"""A receiver that takes nothing: it is switched off, and a case says so.

A case needs a customer and an endpoint: they are those of the first event that did not arrive, as of a
channel of alerts that takes nothing. Where there is none yet, the page says it alone.
"""

from typing import Final
from uuid import UUID, uuid5

from django.db.models import QuerySet

from integrations.models import Endpoint
from monitoring.domain import findings
from monitoring.domain.findings import Finding
from monitoring.models import ExceptionCase
from portal.core import clock
from portal.core.errors import NeedsCredentials
from portal.webhooks.domain import places, wanted
from portal.webhooks.models import Webhook, WebhookDelivery

CANNOT_BE_READ: Final = NeedsCredentials
_CASES: Final = UUID("3e7fb0a4-9d15-5b1e-8c55-0a6f1f7a9b21")


def fingerprint(webhook_id: int) -> UUID:
    """The cause "this receiver was switched off"."""
    return uuid5(_CASES, str(webhook_id))


def switch_off(webhook_id: int, reason: str) -> None:
    """Send it nothing any more. What happens meanwhile is kept, to be sent again."""
    now = clock.now()
    Webhook.objects.filter(pk=webhook_id).update(
        is_on=False, off_since=now, off_reason=reason[:300], rest_until=None
    )
    wanted.changed()
    _open_case(Webhook.objects.get(pk=webhook_id))


def over(webhook_id: int, *, cause: str) -> None:
    """Somebody saw to it: its case closes itself."""
    findings.clear([fingerprint(webhook_id)], cause=cause)


def _open_case(webhook: Webhook) -> None:
    place = _place(webhook)
    if place is None or webhook.off_since is None:
        return
    customer_id, endpoint_id = place
    finding = Finding(
        fingerprint=fingerprint(webhook.pk), customer_id=customer_id, endpoint_id=endpoint_id,
        origin=ExceptionCase.Origin.CHANNEL, code=ExceptionCase.WEBHOOK_OFF,
        since=webhook.off_since, value=webhook.name,
        evidence=[
            ("Webhook", f"{webhook.name}, {places.host(webhook.url)}"),
            ("It says", webhook.off_reason),
            ("Did not arrive", str(_undelivered(webhook).count())),
        ],
        url=f"/webhooks/{webhook.pk}/",
    )  # fmt: skip
    findings.report([finding])


def _undelivered(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(webhook=webhook).exclude(state=WebhookDelivery.State.SENT)


def _place(webhook: Webhook) -> tuple[int, int] | None:
    """A customer and an endpoint of theirs."""
    customers = _undelivered(webhook).filter(event__customer__isnull=False).order_by("pk")
    customer_id = (
        webhook.customer_id or customers.values_list("event__customer_id", flat=True).first()
    )
    endpoints = Endpoint.objects.order_by("pk").values_list("customer_id", "pk")
    if customer_id is not None:
        endpoints = endpoints.filter(customer_id=customer_id)
    return endpoints.first()
