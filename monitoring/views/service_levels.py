"""Service levels: every customer's promises, those whose budget is used most first."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.filters import tabs, whose_filter
from monitoring.domain import objectives
from monitoring.models import Exclusion, ObjectiveWindow
from monitoring.queries import kept
from monitoring.views import addresses, promise_charts
from monitoring.views import promise_words as words
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.manner import number
from portal.customers.models import Customer

SIZE = 100
TABS = (("", "All"), ("missed", "Missed"), ("risk", "At risk"), ("burning", "Burning"))
_NOTHING = {
    "missed": "No promise is missed this month.",
    "risk": "No budget is used to three quarters.",
    "burning": "No budget burns faster than is allowed.",
}


@requires("promises.view")
def service_levels(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    select, whose = whose_filter(request)
    running = kept.running(clock.now())
    found = _in_view(whose.of(running), view)
    rows = list(kept.after(found, request.GET.get("before", ""))[: SIZE + 1])
    shown = rows[:SIZE]
    context = {
        "facts": _facts(running),
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if whose else "",
        "rows": _rows(shown),
        "tier": _tier(request, whose.customer),
        "asked": Exclusion.objects.filter(state=Exclusion.State.ASKED).count(),
        "empty": None if shown else {"text": _nothing(view), "action": None},
        "pager": {
            "shown": spoken.counted(len(shown), "promise"),
            "older_url": _older(request, rows),
        },
    }
    return render(request, "monitoring/service_levels.html", context)


def _tier(request: HttpRequest, customer: Customer | None) -> dict[str, str] | None:
    """The chosen customer's tier, and for those who may change it where that is done."""
    if customer is None:
        return None
    may_move = request.user.may("promises.edit")  # type: ignore[union-attr]
    url = f"/service-levels/{customer.slug}/tier/" if may_move else ""
    return {"name": objectives.tier_of(customer), "url": url}


def _in_view(found: QuerySet[ObjectiveWindow], view: str) -> QuerySet[ObjectiveWindow]:
    views = {
        "missed": Q(share__gt=1),
        "risk": Q(share__gte=words.NEAR, share__lte=1),
        "burning": ~Q(burning={}),
    }
    return found.filter(views[view]) if view in views else found


def _facts(running: QuerySet[ObjectiveWindow]) -> list[dict[str, str]]:
    facts = []
    for view, after in (("missed", "missed"), ("risk", "at risk")):
        count = _in_view(running, view).count()
        if count:
            facts.append({"value": number(count), "after": after})
    return facts


def _rows(rows: Sequence[ObjectiveWindow]) -> list[dict[str, Any]]:
    trends = kept.trends(rows)
    return [_row(row, trends.get((row.customer_id, row.objective.sli), [])) for row in rows]


def _row(row: ObjectiveWindow, past: Sequence[ObjectiveWindow]) -> dict[str, Any]:
    found = kept.of_row(row)
    return {
        "url": f"/service-levels/{row.customer.slug}/{row.objective.sli}/",
        "title": found.promise.title,
        "customer": row.customer.name,
        "about": words.about(found.promise),
        "state": words.state(found),
        "promised": words.promised(found.promise),
        "delivered": words.delivered(found),
        "beside": words.beside(found),
        "budget": words.budget(found),
        "burn": _burn(row),
        "before": promise_charts.before(
            [kept.of_row(one) for one in past], zone=row.customer.time_zone
        ),
    }


def _burn(row: ObjectiveWindow) -> str:
    """The fastest alert that fires, over its long window."""
    rates = [long for long, _ in row.burning.values()]
    if not rates:
        return ""
    return words.burn(None if None in rates else max(rates))


def _nothing(view: str) -> str:
    return _NOTHING.get(
        view,
        "Nothing is measured yet. Promises are measured within minutes of a customer's first day.",
    )


def _older(request: HttpRequest, rows: Sequence[ObjectiveWindow]) -> str:
    if len(rows) <= SIZE:
        return ""
    last = rows[SIZE - 1]
    return addresses.with_values(request, before=f"{last.share!r}/{last.pk}")
