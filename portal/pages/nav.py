"""The rail: which entries a person sees, and how much of each waits for them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from integrations.models import ChangeRequest, Endpoint
from monitoring.models import Exclusion, Expectation, RemedyRule
from monitoring.queries import (
    alerts,
    asked,
    desk,
    statements,
)
from portal.accounts.models import Person


class Entry(NamedTuple):
    """One entry; `waiting` says what waits for the person, in one query."""

    label: str
    url: str
    permission: str
    key: str = ""
    waiting: Callable[[Person], int] | None = None


class Group(NamedTuple):
    label: str
    entries: tuple[Entry, ...]


def _cases(_: Person) -> int:
    return desk.waiting_count()


def _alerts(_: Person) -> int:
    return alerts.free_count()


def _asked(person: Person) -> int:
    return ChangeRequest.objects.filter(state=ChangeRequest.State.ASKED).count()


def _rules_proposed(person: Person) -> int:
    if not person.may("rules.approve"):
        return 0
    return RemedyRule.objects.filter(state=RemedyRule.State.PROPOSED).count()


def _to_agree(person: Person) -> int:
    if not person.may("promises.edit"):
        return 0
    asked = Exclusion.objects.filter(state=Exclusion.State.ASKED)
    return asked.exclude(asked_by=person).count()


def _endpoints_down(person: Person) -> int:
    return Endpoint.objects.filter(breaker__state__state="open").count()


def _silent(_: Person) -> int:
    return Expectation.objects.filter(state=Expectation.State.LATE).count()


def _statements_to_approve(person: Person) -> int:
    return statements.waiting_count() if person.may("statements.approve") else 0


def _own_questions(person: Person) -> int:
    return asked.to_answer(person.customer_id or 0).count()


PARTNER = (
    Group(
        "Work",
        (
            Entry("Overview", "/overview/", "overview.view", "g v"),
            Entry("Desk", "/desk/", "desk.view", "g d", _cases),
            Entry("What burns now", "/now/", "desk.view", "g b"),
            Entry("Alerts", "/alerts/", "alerts.view", "g a", _alerts),
            Entry("Rules", "/rules/", "desk.view", "g u", _rules_proposed),
            Entry("Orders", "/orders/", "orders.view", "g o"),
            Entry("Desk settings", "/desk/settings/", "desk.view", "g s"),
        ),
    ),
    Group(
        "Customers",
        (
            Entry("Customers", "/customers/", "customers.view", "g c"),
            Entry("Endpoints", "/endpoints/", "endpoints.view", "g e", _endpoints_down),
            Entry("Onboarding", "/onboarding/", "endpoints.onboard", "g n"),
        ),
    ),
    Group(
        "Promise",
        (
            Entry("Service levels", "/service-levels/", "promises.view", "g w", _to_agree),
            Entry("Statements", "/statements/", "statements.view", "g t", _statements_to_approve),
            Entry("Expectations", "/expectations/", "expectations.view", "g j", _silent),
        ),
    ),
    Group(
        "Logic",
        (
            Entry("Flows", "/flows/", "endpoints.view", "g f"),
            Entry("Flow map", "/flow-map/", "endpoints.view", "g i"),
            Entry("Routes", "/routes/", "endpoints.view", "g r"),
            Entry("Mappings", "/mappings/", "endpoints.view", "g m"),
            Entry("Lookups", "/lookups/", "lookups.edit", "g l"),
            Entry("Extensions", "/extensions/", "endpoints.view", "g x"),
            Entry("Dependencies", "/dependencies/", "endpoints.view", "g p"),
            Entry("Changes", "/changes/", "changes.view", "g h", _asked),
        ),
    ),
)
CUSTOMER = (
    Group(
        "",
        (
            Entry("Today", "/home/", "own.orders"),
            Entry("Orders", "/orders/", "own.orders"),
            Entry("Questions", "/questions/", "own.questions", "", _own_questions),
            Entry("Service", "/service/", "own.service"),
            Entry("Statements", "/service/statements/", "own.statements"),
        ),
    ),
)
PLATFORM = (
    Group(
        "Platform",
        (
            Entry("Partners", "/partners/", "platform.partners", "g p"),
            Entry("Networks", "/networks/", "platform.networks", "g n"),
        ),
    ),
)


def rail(groups: Sequence[Group], person: Person, *, path: str) -> list[dict[str, Any]]:
    """What the shell shows of `groups`: entries without permission are absent."""
    shown = [
        (group, [entry for entry in group.entries if person.may(entry.permission)])
        for group in groups
    ]
    urls = [entry.url for _, entries in shown for entry in entries if path.startswith(entry.url)]
    here = max(urls, key=len, default="")
    return [
        {"label": group.label, "entries": [_shown(entry, person, here) for entry in entries]}
        for group, entries in shown
        if entries
    ]


def _shown(entry: Entry, person: Person, here: str) -> dict[str, Any]:
    return {
        "label": entry.label,
        "url": entry.url,
        "key": entry.key,
        "current": entry.url == here,
        "count": entry.waiting(person) if entry.waiting else None,
    }


def first_page(groups: Sequence[Group], person: Person) -> str:
    """Where a person lands: the first entry they may open."""
    allowed = (e.url for group in groups for e in group.entries if person.may(e.permission))
    return next(allowed, "/login/")
