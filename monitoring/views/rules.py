"""Rules: what is worth one, which there are, and how they do."""

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.filters import customer_filter, tabs
from monitoring.domain import learn
from monitoring.domain.learn import Proposal
from monitoring.models import RemedyRule
from monitoring.views import addresses, rule_words
from portal.accounts.rules import requires
from portal.core.manner import number
from portal.customers.models import Customer

TABS = (("", "All"), ("work", "At work"), ("proposed", "Proposed"), ("off", "Switched off"))
SIZE = 100
_MOST_NAMES = 3
State = RemedyRule.State


@requires("desk.view")
def rules(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    select, customer = customer_filter(request)
    found = _in_view(RemedyRule.objects.select_related("customer"), view)
    if customer:
        found = found.filter(Q(customer=customer) | Q(customer=None))
    rows, older = _newest(request, found)
    context = {
        "facts": _facts(),
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if customer else "",
        "worth": [] if view else _worth(customer),
        "may_propose": request.user.may("desk.work"),  # type: ignore[union-attr]
        "rules": [rule_words.row(rule) for rule in rows],
        "empty": None if rows else {"text": _nothing(view, customer), "action": None},
        "pager": {"shown": spoken.counted(len(rows), "rule"), "older_url": older},
    }
    return render(request, "monitoring/rules.html", context)


def _facts() -> list[dict[str, str]]:
    sums = RemedyRule.objects.aggregate(fired=Sum("fired"), minutes=Sum("minutes_saved"))
    if not sums["fired"]:
        return []
    saved = rule_words.span_of(sums["minutes"])
    return [
        {"value": spoken.counted(sums["fired"], "case"), "after": "resolved with nobody there"},
        {"value": saved, "after": "of people's time saved"},
    ]


def _in_view(found: QuerySet[RemedyRule], view: str) -> QuerySet[RemedyRule]:
    states = {"work": RemedyRule.AT_WORK, "proposed": (State.PROPOSED,), "off": (State.OFF,)}
    return found.filter(state__in=states[view]) if view in states else found


def _newest(request: HttpRequest, found: QuerySet[RemedyRule]) -> tuple[list[RemedyRule], str]:
    """A page of rules, and the address of the older ones."""
    before = addresses.number(request.GET, "before")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: SIZE + 1])
    older = addresses.with_values(request, before=str(rows[SIZE - 1].pk)) if rows[SIZE:] else ""
    return rows[:SIZE], older


def _worth(customer: Customer | None) -> list[dict[str, Any]]:
    found = learn.proposals()
    if customer:
        found = [one for one in found if customer.name in one.customers]
    return [_proposal(one) for one in found[:SIZE]]


def _proposal(one: Proposal) -> dict[str, Any]:
    names = ", ".join(one.customers[:_MOST_NAMES])
    more = len(one.customers) - _MOST_NAMES
    return {
        "fix": one.fix.pk,
        "words": one.fix.words,
        "times": number(one.times),
        "customers": f"{names} and {number(more)} more" if more > 0 else names,
        "last": spoken.moment(one.fix.finished_at),
        "case": one.fix.case.label,
        "url": f"/cases/{one.fix.case_id}/",
        "only": one.fix.case.customer.name,
        "for_all": len(one.customers) > 1,
    }


def _nothing(view: str, customer: Customer | None) -> str:
    if customer:
        return f"No rule here is for {customer.name}."
    words = {
        "work": "No rule is at work.",
        "proposed": "No rule waits to be approved.",
        "off": "No rule is switched off.",
    }
    return words.get(
        view,
        "There is no rule yet. A remedy that helped three times and was never undone is proposed here.",
    )
