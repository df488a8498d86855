"""Receivers of events: setting them up, how they do, what was sent to them, and sending it again."""

from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from portal.api.base import Resource
from portal.api.operation import Nothing, operation
from portal.api.pages import Page, PageFilters
from portal.api.problems import conflicts, refuse
from portal.api.resources.filters import OfCustomer, choice, listed, load, narrowed, of_customer
from portal.api.resources.webhook_shapes import (
    DeliveryDetail,
    DeliveryShape,
    NewWebhook,
    ReplayShape,
    ReplayWanted,
    WebhookChange,
    WebhookHealthShape,
    WebhookShape,
    WebhookWithSecretShape,
    given,
)
from portal.customers.models import Customer
from portal.webhooks.domain import again, setup
from portal.webhooks.domain.again import NotNowError
from portal.webhooks.forms import ReplayForm, WebhookForm
from portal.webhooks.models import Webhook, WebhookDelivery, WebhookReplay
from portal.webhooks.queries import figures
from portal.webhooks.queries.figures import Share

_MANAGE: Final = ("webhooks.manage",)


class WebhookFilters(OfCustomer):
    is_on = serializers.BooleanField(required=False)


class DeliveryFilters(PageFilters):
    state = choice(WebhookDelivery.State.values)
    type = serializers.CharField(required=False, max_length=40)


def _load(pk: int) -> Webhook:
    found: Webhook = load(Webhook.objects.select_related("customer"), pk=pk)
    return found


def _delivery(pk: int, number: int) -> WebhookDelivery:
    rows = WebhookDelivery.objects.select_related("event", "webhook")
    found: WebhookDelivery = load(rows.filter(webhook=_load(pk)), pk=number)
    return found


def _put(webhook: Webhook, sent: dict[str, Any], *, by: str) -> str:
    """Save it as its page would; returns the secret of a new one."""
    form = WebhookForm(given(webhook, sent, _customer(webhook, sent)), webhook=webhook)
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    return setup.put(form.apply(by=by))


def _customer(webhook: Webhook, sent: dict[str, Any]) -> int | None:
    if "customer" not in sent:
        return webhook.customer_id
    if not sent["customer"]:
        return None
    customer = Customer.objects.filter(slug=sent["customer"]).first()
    if customer is None:
        raise refuse("There is no such customer.", at="/customer")
    return customer.pk


def _with_secret(pk: int, secret: str) -> Any:
    """The one answer that a secret stands in."""
    webhook: Any = _load(pk)
    webhook.secret = secret
    return webhook


class Webhooks(Resource):
    permissions = {"GET": _MANAGE, "POST": _MANAGE}

    @operation("List webhooks", WebhookShape, paged=True, filters=WebhookFilters)
    def get(self, request: Any) -> Page:
        found = of_customer(self, Webhook.objects.select_related("customer"))
        return listed(self, narrowed(self, found, {"is_on": "is_on"}), "pk")

    @operation(
        "Make a webhook",
        WebhookWithSecretShape,
        takes=NewWebhook,
        status=201,
        shown_once=("secret",),
        about="Its secret is shown in this answer and never again.",
        example={
            "name": "Data lake", "url": "https://events.example.com/in", "types": ["order.created"],
        },
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        webhook = Webhook()
        secret = _put(webhook, self.sent, by=request.user.name)
        return _with_secret(webhook.pk, secret)


class OneWebhook(Resource):
    permissions = {"GET": _MANAGE, "PATCH": _MANAGE, "DELETE": _MANAGE}

    @operation("Read a webhook", WebhookShape, about="Its secret is never shown.")
    def get(self, request: Any, pk: int) -> Webhook:
        return _load(pk)

    @operation(
        "Change a webhook",
        WebhookShape,
        takes=WebhookChange,
        matched=True,
        about="What is left out stays as it is.",
        example={"types": ["order.created", "order.cancelled"]},
    )
    def patch(self, request: Any, pk: int) -> Webhook:
        _put(_load(pk), self.sent, by=request.user.name)
        return _load(pk)

    @operation("Delete a webhook", None, about="Its log goes with it, and what waits is not sent.")
    def delete(self, request: Any, pk: int) -> None:
        setup.drop(_load(pk))


class PauseWebhook(Resource):
    permissions = {"POST": _MANAGE}

    @operation(
        "Pause a webhook",
        WebhookShape,
        takes=Nothing,
        about="Nothing is sent to it. What happens is kept for thirty days.",
    )
    def post(self, request: Any, pk: int) -> Webhook:
        setup.pause(_load(pk).pk)
        return _load(pk)


class ResumeWebhook(Resource):
    permissions = {"POST": _MANAGE}

    @operation(
        "Let a webhook go on",
        WebhookShape,
        takes=Nothing,
        about="What waited is on its way. What it missed is sent again by a replay.",
    )
    def post(self, request: Any, pk: int) -> Webhook:
        setup.resume(_load(pk).pk)
        return _load(pk)


class WebhookSecret(Resource):
    permissions = {"POST": _MANAGE}

    @operation(
        "Exchange a webhook's secret",
        WebhookWithSecretShape,
        takes=Nothing,
        shown_once=("secret",),
        about="The new one is shown in this answer and never again. For 24 hours every message is signed"
        " with both.",
    )
    def post(self, request: Any, pk: int) -> Any:
        return _with_secret(pk, setup.rotate(_load(pk).pk))


class WebhookHealth(Resource):
    permissions = {"GET": _MANAGE}

    @operation("How a webhook does", WebhookHealthShape)
    def get(self, request: Any, pk: int) -> dict[str, Any]:
        webhook = _load(pk)
        share = figures.shares([pk]).get(pk, Share())
        last = webhook.replays.first() if again.running(webhook) else None
        return {
            "waiting": figures.waiting(pk),
            "tries": share.of,
            "good": share.good,
            "failing_since": webhook.failing_since,
            "last_good_at": webhook.last_good_at,
            "last_error": webhook.last_error,
            "last_error_at": webhook.last_error_at,
            "replay": figures.progress(last)._asdict() if last else None,
        }


class TestWebhook(Resource):
    permissions = {"POST": _MANAGE}

    @operation(
        "Send a webhook a test",
        DeliveryShape,
        takes=Nothing,
        about="Read the delivery again to see what became of it.",
    )
    def post(self, request: Any, pk: int) -> WebhookDelivery:
        with conflicts(NotNowError):
            return again.test(_load(pk), by=request.user.name)


class WebhookDeliveries(Resource):
    permissions = {"GET": _MANAGE}

    @operation(
        "List what was sent to a webhook",
        DeliveryShape,
        paged=True,
        filters=DeliveryFilters,
        about="Newest first, thirty days back.",
    )
    def get(self, request: Any, pk: int) -> Page:
        found = WebhookDelivery.objects.filter(webhook=_load(pk)).select_related("event")
        found = narrowed(self, found, {"state": "state", "type": "event__type"})
        return listed(self, found, "-pk")


class OneWebhookDelivery(Resource):
    permissions = {"GET": _MANAGE}

    @operation("Read what was sent to a webhook, with each try", DeliveryDetail)
    def get(self, request: Any, pk: int, number: int) -> WebhookDelivery:
        return _delivery(pk, number)


class ResendWebhookDelivery(Resource):
    permissions = {"POST": _MANAGE}

    @operation(
        "Send one message once more",
        DeliveryShape,
        takes=Nothing,
        about="With the same id. One that waits anyway goes at once instead.",
    )
    def post(self, request: Any, pk: int, number: int) -> WebhookDelivery:
        with conflicts(NotNowError):
            return again.resend(_delivery(pk, number), by=request.user.name)


class ReplayWebhook(Resource):
    permissions = {"POST": _MANAGE}

    @operation(
        "Send what was kept since a moment again",
        ReplayShape,
        takes=ReplayWanted,
        about="The oldest first, at most 10,000 events, with the same ids.",
        example={"since": "2026-04-08T06:00:00Z", "type": "order.created"},
    )
    def post(self, request: Any, pk: int) -> WebhookReplay:
        webhook = _load(pk)
        since, event_type = self.sent["since"], self.sent["type"]
        form = ReplayForm({"since": since, "type": event_type}, webhook=webhook, since=since)
        if not form.is_valid():
            raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
        with conflicts(NotNowError):
            return again.replay(webhook, since=since, event_type=event_type, by=request.user.name)
