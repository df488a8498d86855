"""Sending what people ask for: a test, one message once more, all since a moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from integrations.views.spoken import counted
from monitoring.views import addresses
from portal.accounts.rules import requires
from portal.core import clock
from portal.webhooks.domain import again
from portal.webhooks.domain.again import NotNowError
from portal.webhooks.forms import ReplayForm
from portal.webhooks.models import WebhookDelivery
from portal.webhooks.views.log import found
from portal.webhooks.views.log import progress as progress_of

_LATEST = 4_000_000_000  # seconds since 1970: what a moment in an address may be at most


def _name(request: HttpRequest) -> str:
    person: Any = request.user
    return str(person.name)


@requires("webhooks.manage")
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test. What became of it stands on the webhook's page."""
    webhook = found(pk)
    try:
        again.test(webhook, by=_name(request))
        messages.success(request, "A test is on its way. The log says what becomes of it.")
    except NotNowError as error:
        messages.error(request, str(error))
    return redirect("webhook", pk=pk)


@requires("webhooks.manage")
@require_POST
def resend(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    webhook = found(pk)
    row = get_object_or_404(
        WebhookDelivery.objects.select_related("event", "webhook"), webhook=webhook, pk=number
    )
    try:
        made = again.resend(row, by=_name(request))
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect("webhook-delivery", pk=pk, number=number)
    messages.success(request, f"{row.event.type} is on its way again, with the same id.")
    return redirect("webhook-delivery", pk=pk, number=made.pk)


@requires("webhooks.manage")
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Which events are sent again; how far that is stands on the webhook's page."""
    webhook = found(pk)
    given = request.POST if request.method == "POST" else None
    form = ReplayForm(given, webhook=webhook, since=_since(request))
    if given is not None and form.is_valid():
        try:
            made = again.replay(
                webhook, since=form.cleaned_data["since"], event_type=form.cleaned_data["type"],
                by=_name(request),
            )  # fmt: skip
        except NotNowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _begun(made.total, left_out=made.left_out))
            return redirect("webhook", pk=pk)
    context = {"form": form, "webhook": webhook}
    return render(request, "webhooks/replay.html", context, status=422 if form.errors else 200)


def _since(request: HttpRequest) -> datetime:
    """The moment in the address, such as when it was switched off; else an hour ago."""
    asked = addresses.number(request.GET, "since")
    if asked is None or asked > _LATEST:
        return clock.now() - timedelta(hours=1)
    return datetime.fromtimestamp(asked, tz=UTC)


def _begun(total: int, *, left_out: bool) -> str:
    if not total:
        return "Nothing was kept since then that this webhook hears of."
    more = " There are more: send those again once these are through." if left_out else ""
    return f"{counted(total, 'event')} on the way again.{more}"


@requires("webhooks.manage")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the newest replay is; once it is through, the page is loaded anew."""
    made = progress_of(found(pk))
    if made is None:
        return HttpResponseClientRefresh()
    return render(request, "webhooks/progress.html", {"progress": made})
