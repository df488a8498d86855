"""Rules of alerts: who is told of what, when."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from integrations.views.spoken import counted
from monitoring.alert_rule_forms import RuleForm
from monitoring.domain.alerts import setup
from monitoring.models import Alert, AlertRule
from monitoring.views import alert_words
from monitoring.views.alerts import tabs
from portal.accounts.rules import requires

Subject = AlertRule.Subject


@requires("alerts.view")
def rules(request: HttpRequest) -> HttpResponse:
    """All of them; of several that fit a case, each is followed."""
    found = AlertRule.objects.select_related("customer", "group").prefetch_related(
        "steps__channel", "steps__rota", "steps__person"
    )
    context = {
        "tabs": tabs("alert-rules"),
        "may_edit": request.user.may("alerts.edit"),  # type: ignore[union-attr]
        "subjects": [{"slug": slug, "label": label} for slug, label in Subject.choices],
        "rules": [_row(rule) for rule in found],
    }
    return render(request, "monitoring/alert_rules.html", context)


def _row(rule: AlertRule) -> dict[str, Any]:
    off = {"shape": "snoozed", "word": "switched off"}
    return {
        "url": reverse("alert-rule", args=[rule.pk]),
        "name": rule.name,
        "scope": alert_words.scope(rule),
        "times": alert_words.times(rule),
        "steps": alert_words.steps(list(rule.steps.all())),
        "state": {"shape": "good", "word": "on"} if rule.is_on else off,
    }


@requires("alerts.edit")
def new(request: HttpRequest, subject: str) -> HttpResponse:
    """A new rule: of cases, or of a limit."""
    if subject not in Subject.values:
        raise Http404
    return _edit(request, AlertRule(subject=subject))


@requires("alerts.edit")
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule."""
    return _edit(
        request, get_object_or_404(AlertRule.objects.select_related("customer", "group"), pk=pk)
    )


def _edit(request: HttpRequest, found: AlertRule) -> HttpResponse:
    title = f"Rule {found.name}" if found.pk else f"New rule: {found.get_subject_display()}"
    given = request.POST if request.method == "POST" else None
    form = RuleForm(given, rule=found)
    if given is not None and form.is_valid():
        kept = setup.put_rule(form.apply(), form.steps())
        messages.success(request, f"{kept.name} is kept. It tells of what begins from now on.")
        return redirect("alert-rules")
    context = {
        "form": form,
        "title": title,
        "delete_url": f"{reverse('alert-rule', args=[found.pk])}delete/" if found.pk else "",
    }
    status = 422 if form.errors else 200
    return render(request, "monitoring/alert_rule.html", context, status=status)


@requires("alerts.edit")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    found = get_object_or_404(AlertRule, pk=pk)
    back = reverse("alert-rule", args=[pk])
    if request.method == "POST":
        found.delete()
        return redirect("alert-rules")
    firing = Alert.objects.filter(courses__rule=found, over_at=None).count()
    context = {
        "question": f"Delete the rule {found.name}?",
        "verb": "Delete the rule",
        "danger_text": f"{counted(firing, 'alert')} would go no further by it. What was sent stays in"
        " the log.",
        "back_url": back,
        "crumbs": [{"label": found.name, "url": back}],
    }
    return render(request, "asks_first.html", context)
