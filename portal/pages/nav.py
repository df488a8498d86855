"""The rail: which entries a person sees, and how much of each waits for them."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, PlanVersion
from integrations.models import ChangeRequest, Endpoint
from monitoring.models import Correction, Exclusion, Expectation, RemedyRule
from monitoring.queries import alerts, asked, desk, statements
from portal.accounts.models import Person
from portal.support.models import SupportAccess
from portal.tenants import flag_kinds
from portal.webhooks.models import Webhook

Waiting = QuerySet[Any]


class Entry(NamedTuple):
    """One entry; `waiting` is what waits for the person, None where nothing can."""

    label: Any  # text, of a customer's entries in the reader's language
    url: str
    permission: str
    key: str = ""
    waiting: Callable[[Person], Waiting | None] | None = None


class Group(NamedTuple):
    label: str
    entries: tuple[Entry, ...]


def _cases(_: Person) -> Waiting:
    return desk.waiting()


def _alerts(_: Person) -> Waiting:
    return alerts.free()


def _asked(_: Person) -> Waiting:
    return ChangeRequest.objects.filter(state=ChangeRequest.State.ASKED)


def _rules_proposed(person: Person) -> Waiting | None:
    if not person.may("rules.approve"):
        return None
    return RemedyRule.objects.filter(state=RemedyRule.State.PROPOSED)


def _to_agree(person: Person) -> Waiting | None:
    if not person.may("promises.edit"):
        return None
    asked = Exclusion.objects.filter(state=Exclusion.State.ASKED)
    return asked.exclude(asked_by=person)


def _endpoints_down(_: Person) -> Waiting:
    return Endpoint.objects.filter(breaker__state__state="open")


def _statements_to_approve(person: Person) -> Waiting | None:
    return statements.waiting() if person.may("statements.approve") else None


def _silent(_: Person) -> Waiting:
    return Expectation.objects.filter(state=Expectation.State.LATE)


def _corrections_asked(person: Person) -> Waiting | None:
    if not person.may("recon.approve"):
        return None
    asked = Correction.objects.filter(state=Correction.State.ASKED)
    return asked.exclude(actor_id=person.pk)


def _plans_to_publish(person: Person) -> Waiting | None:
    if not person.may("money.publish"):
        return None
    asked = PlanVersion.objects.filter(state=PlanVersion.State.ASKED)
    return asked.exclude(author_id=person.pk)


def _drafts_to_review(person: Person) -> Waiting | None:
    return Invoice.objects.filter(state__in=Invoice.OPEN) if person.may("money.bill") else None


def _webhooks_off(_: Person) -> Waiting:
    return Webhook.objects.filter(is_on=False).exclude(off_reason="")


def _own_questions(person: Person) -> Waiting:
    return asked.to_answer(person.customer_id or 0)


def _to_consent(person: Person) -> Waiting | None:
    if not person.may("own.consent"):
        return None
    return SupportAccess.objects.filter(
        customer_id=person.customer_id or 0, state=SupportAccess.State.ASKED
    )


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
            Entry("Connectors", "/connectors/", "endpoints.onboard"),
            Entry("Support access", "/support/", "support.access", "g g"),
        ),
    ),
    Group(
        "Promise",
        (
            Entry("Service levels", "/service-levels/", "promises.view", "g w", _to_agree),
            Entry("Reconciliation", "/reconciliation/", "recon.view", "g k", _corrections_asked),
            Entry("Expectations", "/expectations/", "expectations.view", "g y", _silent),
            Entry("Statements", "/statements/", "statements.view", "g t", _statements_to_approve),
        ),
    ),
    Group(
        "Money",
        (
            Entry("Plans", "/plans/", "money.view", "g j", _plans_to_publish),
            Entry("Invoices", "/invoices/", "money.view", "g q", _drafts_to_review),
            Entry("Billing", "/billing/", "money.view", "g z"),
            Entry("Margin", "/margin/", "money.view", "g 1"),
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
    Group(
        "House",
        (
            Entry("Brand", "/brand/", "brand.edit", "g 8"),
            Entry("Domains", "/domains/", "domains.edit", "g 5"),
            Entry("Mail", "/mail/", "mail.edit", "g 6"),
            Entry("People", "/people/", "people.manage", "g 3"),
            Entry("Roles", "/roles/", "people.manage", "g 4"),
            Entry("Sign-in", "/sign-in/", "signin.edit", "g 9"),
            Entry("API tokens", "/tokens/", "tokens.manage", "g 2"),
            Entry("Webhooks", "/webhooks/", "webhooks.manage", "g 7", _webhooks_off),
            Entry("Audit", "/audit/", "audit.view", "g 0"),
            Entry("Retention", "/keeping/", "privacy.keep"),
            Entry("Erasure", "/erasure/", "privacy.erase"),
        ),
    ),
)
CUSTOMER = (
    Group(
        "",
        (
            Entry(_("Today"), "/home/", "own.orders"),
            Entry(_("Orders"), "/orders/", "own.orders"),
            Entry(_("Stock"), "/stock/", "own.stock"),
            Entry(_("Shipments"), "/shipments/", "own.orders"),
            Entry(_("Returns"), "/returns/", "own.orders"),
            Entry(_("Sales invoices"), "/trade-invoices/", "own.invoices"),
            Entry(_("Questions"), "/questions/", "own.questions", "", _own_questions),
            Entry(_("Service"), "/service/", "own.service"),
            Entry(_("Bills"), "/bills/", "own.bills"),
            Entry(_("Colleagues"), "/colleagues/", "own.people"),
            Entry(_("Privacy"), "/privacy/", "own.privacy", "", _to_consent),
        ),
    ),
)
PLATFORM = (
    Group(
        "Platform",
        (
            Entry("Partners", "/partners/", "platform.partners", "g p"),
            Entry("Support access", "/support/", "platform.support", "g 9"),
            Entry("Fleet", "/fleet/", "platform.partners", "g f"),
            Entry("Schemas", "/fleet/schemas/", "platform.partners", "g m"),
            Entry("Tiers", "/tiers/", "platform.tiers", "g t"),
            Entry("Retention", "/retention/", "platform.retention", "g r"),
            Entry("Networks", "/networks/", "platform.networks", "g n"),
        ),
    ),
    Group(
        "House",
        (
            Entry("People", "/people/", "platform.people", "g 3"),
            Entry("Roles", "/roles/", "platform.people", "g 4"),
            Entry("Audit", "/audit/", "audit.view", "g 0"),
        ),
    ),
    Group(
        "Wholesale",
        (
            Entry("Plans", "/plans/", "money.view", "g j", _plans_to_publish),
            Entry("Invoices", "/invoices/", "money.view", "g q", _drafts_to_review),
            Entry("Billing", "/billing/", "money.view", "g z"),
            Entry("Revenue", "/margin/", "money.view", "g 1"),
        ),
    ),
)


def rail(
    groups: Sequence[Group], person: Person, *, path: str, off: Collection[str] = ()
) -> list[dict[str, Any]]:
    """What the shell shows of `groups`: entries without permission are absent, and so is what belongs to a
    feature that is `off`."""
    shown = [
        (group, [entry for entry in group.entries if _may(person, entry, off)]) for group in groups
    ]
    urls = [entry.url for _, entries in shown for entry in entries if path.startswith(entry.url)]
    here = max(urls, key=len, default="")
    counts = _counts([entry for _, entries in shown for entry in entries], person)
    return [
        {"label": group.label, "entries": [_shown(entry, counts, here) for entry in entries]}
        for group, entries in shown
        if entries
    ]


def _counts(entries: Sequence[Entry], person: Person) -> dict[str, int]:
    """By address how much waits, in one query: each page asks for it."""
    waiting = {entry.url: entry.waiting(person) for entry in entries if entry.waiting}
    parts = [_count(url, found) for url, found in waiting.items() if found is not None]
    return dict(parts[0].union(*parts[1:], all=True)) if parts else {}


def _count(url: str, found: Waiting) -> Waiting:
    named = found.order_by().annotate(entry=Value(url)).values("entry")
    return named.annotate(number=Count("pk")).values_list("entry", "number")


def _shown(entry: Entry, counts: dict[str, int], here: str) -> dict[str, Any]:
    return {
        "label": str(entry.label),
        "url": entry.url,
        "key": entry.key,
        "current": entry.url == here,
        "count": counts.get(entry.url, 0) if entry.waiting else None,
    }


def _may(person: Person, entry: Entry, off: Collection[str]) -> bool:
    return flag_kinds.of_address(entry.url) not in off and person.may(entry.permission)


def first_page(groups: Sequence[Group], person: Person, *, off: Collection[str] = ()) -> str:
    """Where a person lands: the first entry they may open; without one, their settings."""
    allowed = (e.url for group in groups for e in group.entries if _may(person, e, off))
    return next(allowed, "/you/")
