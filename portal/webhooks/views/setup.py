"""Setting a receiver up: its secret is shown once, when it is new or was exchanged."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.views.spoken import counted
from portal.accounts.rules import requires
from portal.webhooks.domain import setup
from portal.webhooks.forms import WebhookForm, grouped
from portal.webhooks.models import Webhook
from portal.webhooks.views.log import found


@requires("webhooks.manage")
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, Webhook())


@requires("webhooks.manage")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, found(pk))


def _edit(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    title = f"Edit {webhook.name}" if webhook.pk else "New webhook"
    form = WebhookForm(given, webhook=webhook)
    if given is not None and form.is_valid():
        person: Any = request.user
        secret = setup.put(form.apply(by=person.name))
        if secret:
            return _show(request, webhook, secret, title=f"{webhook.name} is kept")
        messages.success(request, f"{webhook.name} is kept. Send a test to see that it works.")
        return redirect("webhook", pk=webhook.pk)
    context = {
        "form": form,
        "groups": grouped(),
        "chosen": form["types"].value() or [],
        "title": title,
        "crumb": _crumb(webhook),
        "delete_url": f"/webhooks/{webhook.pk}/delete/" if webhook.pk else "",
    }
    status = 422 if form.errors else 200
    return render(request, "webhooks/edit.html", context, status=status)


def _crumb(webhook: Webhook) -> dict[str, str]:
    if not webhook.pk:
        return {"label": "Webhooks", "url": "/webhooks/"}
    return {"label": Webhook.objects.get(pk=webhook.pk).name, "url": f"/webhooks/{webhook.pk}/"}


def _show(request: HttpRequest, webhook: Webhook, secret: str, *, title: str) -> HttpResponse:
    """The one page that a secret stands on. It answers the form itself: an address to come back to would
    have to keep the secret somewhere."""
    context = {"webhook": webhook, "secret": secret, "title": title}
    answer = render(request, "webhooks/secret.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@requires("webhooks.manage")
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: whoever receives has to enter the new one within a day."""
    webhook = found(pk)
    if request.method == "POST":
        made = setup.rotate(pk)
        return _show(request, webhook, made, title=f"{webhook.name} has a new secret")
    context = {
        "question": f"Exchange the secret of {webhook.name}?",
        "verb": "Exchange the secret",
        "danger_text": "For 24 hours every message is signed with both, so that the receiver can be"
        " changed without a gap. After that the secret of today signs nothing.",
        "back_url": f"/webhooks/{pk}/",
        "crumbs": [_crumb(webhook)],
    }
    return render(request, "asks_first.html", context)


@requires("webhooks.manage")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: the log goes with it."""
    webhook = found(pk)
    if request.method == "POST":
        setup.drop(webhook)
        messages.success(request, f"{webhook.name} is deleted.")
        return redirect("webhooks")
    sent = counted(webhook.deliveries.count(), "message")
    context = {
        "question": f"Delete the webhook {webhook.name}?",
        "verb": "Delete the webhook",
        "danger_text": f"Its log of {sent} goes with it, and what waits is not sent.",
        "back_url": f"/webhooks/{pk}/",
        "crumbs": [_crumb(webhook)],
    }
    return render(request, "asks_first.html", context)


@requires("webhooks.manage")
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    webhook = found(pk)
    setup.pause(pk)
    messages.success(request, f"{webhook.name} is paused. What happens is kept for thirty days.")
    return redirect("webhook", pk=pk)


@requires("webhooks.manage")
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to what it missed, where anything may have been."""
    webhook = found(pk)
    since = webhook.off_since
    setup.resume(pk)
    messages.success(request, f"{webhook.name} is on. What waited is on its way.")
    if since is None:
        return redirect("webhook", pk=pk)
    return redirect(f"/webhooks/{pk}/replay/?since={int(since.timestamp())}")
