"""The plans there are: what each costs, who has it, and what waits."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from billing.domain import accounts
from billing.models import Plan, PlanVersion
from billing.queries import sold
from billing.views import plan_side, plan_words
from integrations.views import spoken
from integrations.views.addresses import with_values
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.manner import number

TABS = (("", "In use"), ("drafts", "Drafts"), ("archived", "Archived"))
SIZE = 100


@requires("money.view")
def plans(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    found = _in_view(view).prefetch_related("versions")
    after = request.GET.get("after", "").replace("\0", "")
    if after:
        found = found.filter(name__gt=after)
    rows = list(found[: SIZE + 1])
    held = sold.counts(today())
    context = {
        "tabs": _tabs(request, view),
        "rows": [plan_words.row(one, held.get(one.pk, 0)) for one in rows[:SIZE]],
        "many": plan_side.many(),
        "may_edit": request.user.may("money.prices"),  # type: ignore[union-attr]
        "empty": _nothing(view) if not rows else None,
        "pager": {
            "shown": spoken.counted(len(rows[:SIZE]), "plan"),
            "newer_url": with_values(request, after="") if after else "",
            "older_url": with_values(request, after=rows[SIZE - 1].name) if rows[SIZE:] else "",
        },
    }
    return render(request, "billing/plans.html", context)


def today() -> Any:
    """The day by the clock of whoever bills."""
    return clock.now().astimezone(ZoneInfo(accounts.entity().time_zone)).date()


def _in_view(view: str) -> QuerySet[Plan]:
    """In use are those that are sold; a plan that is sold and has a draft is in both tabs."""
    published = PlanVersion.objects.filter(state=PlanVersion.State.PUBLISHED).values("plan")
    found = Plan.objects.filter(archived_at=None)
    if view == "archived":
        return Plan.objects.exclude(archived_at=None)
    if view == "drafts":
        open_ = PlanVersion.objects.exclude(state=PlanVersion.State.PUBLISHED)
        return found.filter(pk__in=open_.values("plan"))
    return found.filter(pk__in=published)


def _tabs(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    counts = {view: _in_view(view).count() for view, _ in TABS}
    return [
        {
            "label": label,
            "url": with_values(request, view=view, after=""),
            "count": number(counts[view]),
            "current": view == chosen,
        }
        for view, label in TABS
    ]


def _nothing(view: str) -> dict[str, Any]:
    if view == "drafts":
        return {"text": "No prices are being written.", "action": None}
    if view == "archived":
        return {"text": "No plan is archived.", "action": None}
    return {
        "text": "No plan is sold yet. An example is the quickest way to a first one.",
        "action": {"label": "Look at examples", "url": "/plans/examples/"},
    }
