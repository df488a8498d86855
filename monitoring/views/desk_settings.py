"""Teams and rules of assignment: who gets which new cases."""

from typing import Any

from django.db.models import Count
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from integrations.views.spoken import counted
from monitoring import taxonomy
from monitoring.domain import teams
from monitoring.models import AssignmentRule, ExceptionCase, Team
from monitoring.queries import assignment
from monitoring.queries.assignment import Taken
from monitoring.settings_forms import NAME_TAKEN, RuleForm, TeamForm, endpoint_name
from portal.accounts.rules import requires
from portal.core import manner

EDIT = "customers.edit"  # who shapes what customers are promised, shapes who keeps it
URL = "/desk/settings/"
_CRUMBS = [{"label": "Desk settings", "url": URL}]


@requires("desk.view")
def settings(request: HttpRequest) -> HttpResponse:
    """All teams, and all rules in their order."""
    rules = list(
        AssignmentRule.objects.select_related("customer", "endpoint__customer", "person", "team")
    )
    taken = assignment.taken(rules)
    context = {
        "may_edit": request.user.may(EDIT),  # type: ignore[union-attr]
        "teams": _teams(),
        "rules": [_rule(rule, taken, place=n) for n, rule in enumerate(rules, 1)],
        "last": len(rules),
        "nobodys": _nobodys(taken),
    }
    return render(request, "monitoring/settings.html", context)


def _teams() -> list[dict[str, Any]]:
    cases = ExceptionCase.objects.filter(closed_at=None, team__isnull=False)
    counts = dict(cases.values_list("team").annotate(n=Count("pk")).order_by())
    return [
        {
            "pk": team.pk,
            "name": team.name,
            "members": ", ".join(sorted(one.name for one in team.members.all())) or "nobody",
            "cases": manner.number(counts.get(team.pk, 0)),
        }
        for team in Team.objects.prefetch_related("members")
    ]


def _rule(rule: AssignmentRule, taken: Taken, *, place: int) -> dict[str, Any]:
    holder = rule.person or rule.team
    return {
        "pk": rule.pk,
        "place": place,
        "when": _when(rule),
        "to": holder.name if holder else "",
        "taken": f"{taken.by_rule[rule.pk]} of the last {taken.cases}"
        if taken.cases
        else "no case yet",
    }


def _when(rule: AssignmentRule) -> str:
    """Which cases, in words."""
    parts = [
        _where(rule),
        rule.category,
        taxonomy.kind(rule.code).label if rule.code else "",
    ]
    return " · ".join(part for part in parts if part) or "every case"


def _where(rule: AssignmentRule) -> str:
    if rule.endpoint:
        return endpoint_name(rule.endpoint)
    return rule.customer.name if rule.customer else ""


def _nobodys(taken: Taken) -> str:
    left = taken.cases - taken.by_rule.total()
    if not taken.cases:
        return ""
    return f"{left} of the last {counted(taken.cases, 'case')} would have been nobody's."


def _given(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _edited(request: HttpRequest, form: Form, *, title: str, delete_url: str) -> HttpResponse:
    context = {"form": form, "title": title, "delete_url": delete_url, "back_url": URL}
    status = 422 if form.errors else 200
    return render(request, "monitoring/settings_edit.html", context, status=status)


@requires(EDIT)
def team(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One team; a new one without a number."""
    found = get_object_or_404(Team, pk=pk) if pk else None
    form = TeamForm(_given(request), team=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            teams.put_team(found, name=given["name"], members=given["members"])
            return redirect(URL)
        except teams.NameTakenError:
            form.add_error("name", NAME_TAKEN)
    title = f"Team {found.name}" if found else "New team"
    return _edited(request, form, title=title, delete_url=f"{URL}teams/{pk}/delete/" if pk else "")


@requires(EDIT)
def delete_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: its cases become nobody's, and its rules go with it."""
    found = get_object_or_404(Team, pk=pk)
    if request.method == "POST":
        found.delete()
        return redirect(URL)
    cases = ExceptionCase.objects.filter(team=found, closed_at=None).count()
    rules = AssignmentRule.objects.filter(team=found).count()
    lost = (
        f"{counted(cases, 'open case')} would be nobody's, and {counted(rules, 'rule')} would go."
    )
    context = {
        "question": f"Delete team {found.name}?", "verb": "Delete the team", "danger_text": lost,
        "back_url": URL, "crumbs": _CRUMBS,
    }  # fmt: skip
    return render(request, "asks_first.html", context)


@requires(EDIT)
def rule(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One rule; a new one without a number."""
    found = get_object_or_404(AssignmentRule, pk=pk) if pk else None
    form = RuleForm(_given(request), rule=found)
    if request.method == "POST" and form.is_valid():
        teams.put_rule(found, form.terms())
        return redirect(URL)
    title = "Rule" if found else "New rule"
    return _edited(request, form, title=title, delete_url=f"{URL}rules/{pk}/delete/" if pk else "")


@requires(EDIT)
def delete_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first. What it assigned stays assigned."""
    found = get_object_or_404(AssignmentRule, pk=pk)
    if request.method == "POST":
        found.delete()
        return redirect(URL)
    context = {
        "question": f"Delete the rule for {_when(found)}?", "verb": "Delete the rule",
        "danger_text": "Cases it has assigned stay assigned.", "back_url": URL,
        "crumbs": _CRUMBS,
    }  # fmt: skip
    return render(request, "asks_first.html", context)


@requires(EDIT)
@require_POST
def move_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down: of several rules that fit the first one wins."""
    teams.move(pk, up=request.POST.get("to") == "up")
    return redirect(URL)
