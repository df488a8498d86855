"""Channels: where alerts go that are not for one person."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from integrations.views.spoken import counted
from monitoring.alert_channel_forms import FORMS
from monitoring.domain.alerts import setup
from monitoring.models import AlertChannel, AlertMessage, AlertStep
from monitoring.views import alert_log, alert_words
from monitoring.views.alerts import tabs
from portal.accounts.rules import requires

_LAST = 20


@requires("alerts.view")
def channels(request: HttpRequest) -> HttpResponse:
    """All of them, with how they do."""
    used = dict(
        AlertStep.objects.filter(channel__isnull=False)
        .order_by()
        .values_list("channel")
        .annotate(n=Count("rule", distinct=True))
    )
    context = {
        "tabs": tabs("alert-channels"),
        "may_edit": request.user.may("alerts.edit"),  # type: ignore[union-attr]
        "kinds": [{"slug": slug, "label": label} for slug, label in AlertChannel.Kind.choices],
        "channels": [_row(one, used.get(one.pk, 0)) for one in AlertChannel.objects.all()],
    }
    return render(request, "monitoring/alert_channels.html", context)


def _row(channel: AlertChannel, rules: int) -> dict[str, Any]:
    return {
        "url": reverse("alert-channel", args=[channel.pk]),
        "name": channel.name,
        "kind": channel.get_kind_display(),
        "place": alert_words.place(channel),
        "state": alert_words.channel_state(channel),
        "error": channel.last_error if channel.failing_since else "",
        "rules": counted(rules, "rule") if rules else "none",
    }


@requires("alerts.view")
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One channel: how it does, and what went through it last."""
    found = get_object_or_404(AlertChannel, pk=pk)
    sent = AlertMessage.objects.filter(channel=found)[:_LAST]
    steps = AlertStep.objects.filter(channel=found).select_related("rule").order_by("rule__name")
    context = {
        "channel": {**_row(found, len(steps)), "pk": pk, "is_on": found.is_on},
        "may_edit": request.user.may("alerts.edit"),  # type: ignore[union-attr]
        "rules": [{"name": one.rule.name, "url": f"/alerts/rules/{one.rule_id}/"} for one in steps],
        "messages_sent": [alert_log.row(one) for one in sent],
    }
    return render(request, "monitoring/alert_channel.html", context)


@requires("alerts.edit")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new channel of a kind."""
    if kind not in FORMS:
        raise Http404
    return _edit(request, AlertChannel(kind=kind))


@requires("alerts.edit")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One channel; its secrets are written and never read."""
    return _edit(request, get_object_or_404(AlertChannel, pk=pk))


def _edit(request: HttpRequest, found: AlertChannel) -> HttpResponse:
    title = f"Edit {found.name}" if found.pk else f"New channel: {found.get_kind_display()}"
    back = reverse("alert-channel", args=[found.pk]) if found.pk else reverse("alert-channels")
    given = request.POST if request.method == "POST" else None
    form = FORMS[found.kind](given, channel=found)
    if given is not None and form.is_valid():
        kept = setup.put_channel(form.apply(), form.secrets())
        messages.success(request, f"{kept.name} is kept. Send a test to see that it works.")
        return redirect("alert-channel", pk=kept.pk)
    context = {
        "form": form,
        "title": title,
        "crumb": {"label": "Channels", "url": back},
        "delete_url": f"{reverse('alert-channel', args=[found.pk])}delete/" if found.pk else "",
    }
    status = 422 if form.errors else 200
    answer = render(request, "monitoring/alert_edit.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@requires("alerts.edit")
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test. What became of it stands on the channel's page."""
    found = get_object_or_404(AlertChannel, pk=pk)
    person: Any = request.user
    setup.test_channel(found, by=person.name)
    messages.success(request, "A test is on its way. Below stands what becomes of it.")
    return redirect("alert-channel", pk=pk)


@requires("alerts.edit")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: the steps that go here go with it."""
    found = get_object_or_404(AlertChannel, pk=pk)
    if request.method == "POST":
        setup.drop_channel(found)
        return redirect("alert-channels")
    steps = AlertStep.objects.filter(channel=found).count()
    context = {
        "question": f"Delete the channel {found.name}?",
        "verb": "Delete the channel",
        "danger_text": f"{counted(steps, 'step')} of rules would go with it. What was sent stays in"
        " the log.",
        "back_url": reverse("alert-channel", args=[pk]),
        "crumbs": [{"label": found.name, "url": reverse("alert-channel", args=[pk])}],
    }
    return render(request, "asks_first.html", context)
