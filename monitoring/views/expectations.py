"""Expectations: what should come next, and what is late."""

from itertools import groupby
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.filters import customer_filter, tabs
from monitoring.domain.expecting_days import of_expectations
from monitoring.domain.expecting_known import side_of
from monitoring.expect import lag, learn
from monitoring.models import Expectation
from monitoring.queries import awaiting
from monitoring.views import addresses, expectation_words, expected_hours, words
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.manner import number
from portal.jobs import lanes

TABS: Final = (("", "All"), ("late", "Late"), ("learning", "Learning"), ("off", "Not expected"))
SIZE: Final = 60
LEARN_LANE: Final = "expect_learn"
State = Expectation.State
_STATES: Final = {
    "late": (State.LATE, State.DUE), "learning": (State.LEARNING,), "off": (State.OFF,),
}  # fmt: skip


@requires("expectations.view")
def expectations(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    select, customer = customer_filter(request)
    found = _in_view(view)
    if customer:
        found = found.filter(customer=customer)
    skip = addresses.number(request.GET, "skip") or 0
    shown = list(found[skip : skip + SIZE + 1])
    older = addresses.with_values(request, skip=str(skip + SIZE)) if shown[SIZE:] else ""
    context = {
        "facts": _facts(),
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if customer else "",
        "groups": _groups(shown[:SIZE]),
        "empty": None if shown else {"text": _nothing(view), "action": None},
        "pager": {"shown": spoken.counted(len(shown[:SIZE]), "expectation"), "older_url": older},
    }
    return render(request, "monitoring/expectations.html", context)


def _in_view(view: str) -> "QuerySet[Expectation]":
    found = Expectation.objects.select_related("customer", "endpoint", "flow")
    return found.filter(state__in=_STATES[view]) if view in _STATES else found


def _facts() -> list[dict[str, str]]:
    late = Expectation.objects.filter(state=State.LATE).count()
    return [{"value": number(late), "after": "silent now"}] if late else []


def _groups(shown: list[Expectation]) -> list[dict[str, Any]]:
    """By customer: what comes, what goes, and the next documents."""
    now = clock.now()
    hours = expected_hours.of(shown, of_expectations(shown), now=now)
    sides = [side_of(one) for one in shown if one.is_leg]
    waiting = awaiting.waiting(sides, now=now) if sides else {}
    return [
        {
            "customer": customer,
            "rows": [
                {
                    **expectation_words.row(one, waiting),
                    "strip": expected_hours.strip(hours[one.pk]) if one.pk in hours else None,
                }
                for one in sorted(of_customer, key=_late_first)
            ],
        }
        for customer, of_customer in groupby(shown, key=lambda one: one.customer.name)
    ]


def _late_first(one: Expectation) -> bool:
    return one.state not in _STATES["late"]


def _nothing(view: str) -> str:
    known = {
        "late": "Nothing is late.",
        "learning": "Nothing is being learned.",
        "off": "Everything that moves is expected to go on.",
    }
    return known[view] if view in known else _not_yet()


def _not_yet() -> str:
    """How and when something will be here."""
    at = lanes.next_at(LEARN_LANE)
    soon = at is None or at <= clock.now()
    when = "now" if soon else f"at {words.coming(at)}"  # type: ignore[arg-type]
    return (
        "Nothing is expected yet. Every feed and flow that moved a document in the last two weeks appears"
        f" here by itself: we look every hour, next {when}. How much is usual, and at which hours, is known"
        f" after {learn.SHORTEST.days} days and {learn.FEWEST_ARRIVALS} arrivals; how soon a next document"
        f" follows, after {lag.FEWEST} of them. From then on you are told what stays away."
    )
