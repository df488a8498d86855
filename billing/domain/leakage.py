"""What is delivered and not billed, or sold for less than it costs: found by looking, told as cases.

A finding is over when a later look does not find it any more. A case is in the exception queue like any
other, and no customer sees it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Min, Sum

from billing.domain import accounts, terms
from billing.domain.loss import below_floor, below_wholesale
from billing.models import Account, Metric, Subscription, UsageFact
from billing.plans.month import Month, month_of, months_back
from billing.plans.term import Term
from billing.queries.measured import fits
from integrations.models import Endpoint
from monitoring.domain import findings
from monitoring.domain.findings import Finding
from monitoring.models import CaseCause, ExceptionCase
from portal.core import clock

_CAUSE: Final = UUID("6b6f6d1c-3a5e-5c1b-9d0e-8a3c5d1f7e21")
_DOCUMENTS: Final = ("document", "edi_document")
Origin = ExceptionCase.Origin


@dataclass(frozen=True, slots=True)
class Leak:
    """One cause. `value` fills the title of its kind, `name` tells it from others of the customer."""

    account: Account
    code: str
    name: str
    value: str
    since: date
    lines: Sequence[tuple[str, str]]
    url: str
    endpoint_id: int | None = None
    amount: Decimal = Decimal(0)

    @property
    def fingerprint(self) -> UUID:
        return uuid5(_CAUSE, f"{self.code}/{self.account.customer_id}/{self.name}")


@transaction.atomic
def look() -> int:
    """Look at every account, open and close cases. Returns how many leaks there are."""
    metrics = list(Metric.objects.all())
    found = [
        leak
        for account in Account.objects.filter(customer_id__isnull=False).order_by("pk")
        for leak in leaks(account, metrics, today=_today(account))
    ]
    endpoints = _first_endpoints({leak.account.customer_id for leak in found})
    reported = [one for leak in found if (one := _finding(leak, endpoints))]
    findings.report(reported)
    _clear({one.fingerprint for one in reported})
    return len(reported)


def _today(account: Account) -> date:
    return clock.now().astimezone(ZoneInfo(account.time_zone)).date()


def leaks(account: Account, metrics: Sequence[Metric], *, today: date) -> Iterator[Leak]:
    """What leaks of one account by what is known on a day."""
    of = month_of(today)
    held = [terms.term(one, of) for one in terms.subscriptions(account, of)]
    if not held:
        yield from _without_plan(account, of)
        return
    yield from _without_price(account, of, held, metrics)
    yield from _without_usage(account, of, metrics)
    last = months_back(of, 1)
    yield from below_wholesale(account, last, leak=Leak)
    yield from below_floor(account, last, leak=Leak)


def _used(account: Account, begins: date, ends: date) -> Any:
    return UsageFact.objects.filter(
        account=account, day__gte=begins, day__lt=ends, free="", times__gt=0
    ).order_by()


def _without_plan(account: Account, of: Month) -> Iterator[Leak]:
    """Used in this month or the last one, and no plan now."""
    used = _used(account, months_back(of, 1).begins, of.ends).filter(kind__in=_BILLABLE)
    sums = used.values_list("kind").annotate(times=Sum("times"), first=Min("day"))
    rows = [(kind, times, first) for kind, times, first in sums]
    if rows:
        since = min(first for _, _, first in rows)
        yield Leak(
            account, "usage_without_subscription", "", account.name, since,
            [("Since", f"{since:%-d %b %Y}"),
             *((_KINDS[kind], f"{times:,}") for kind, times, _ in sorted(rows))],
            _url(account),
        )  # fmt: skip


_KINDS: Final = {
    "document": "Documents", "edi_document": "EDI documents", "operator": "Times at work on cases",
    "onboarding": "Onboardings", "resource": "Calls of resources", "service": "Services",
}  # fmt: skip
_BILLABLE: Final = tuple(_KINDS)


def _without_price(
    account: Account, of: Month, held: Iterable[Term], metrics: Sequence[Metric]
) -> Iterator[Leak]:
    """Endpoints of whose documents no charge counts any."""
    codes = {charge.metric for term in held for charge in term.content.charges}
    counted = [one for one in metrics if one.code in codes]
    rows = _used(account, of.begins, of.ends).filter(kind__in=_DOCUMENTS)
    by_endpoint: defaultdict[int, list[tuple[bool, int]]] = defaultdict(list)
    for kind, properties, times in rows.values_list("kind", "properties").annotate(Sum("times")):
        if endpoint := properties.get("endpoint"):
            has_price = any(fits(one, kind, properties) for one in counted)
            by_endpoint[int(endpoint)].append((has_price, times))
    names = dict(Endpoint.objects.filter(pk__in=by_endpoint).values_list("pk", "label"))
    for pk, found in sorted(by_endpoint.items()):
        if pk in names and not any(has_price for has_price, _ in found):
            moved = sum(times for _, times in found)
            plans = ", ".join(sorted({term.plan for term in held}))
            yield Leak(
                account, "endpoint_without_price", str(pk), names[pk], of.begins,
                [("Moved this month", f"{moved:,} documents"), ("Plan", plans)],
                _url(account), endpoint_id=pk,
            )  # fmt: skip


def _without_usage(account: Account, of: Month, metrics: Sequence[Metric]) -> Iterator[Leak]:
    """Had for the whole last month, and nothing that it counts was used since."""
    last = months_back(of, 1)
    by_code = {one.code: one for one in metrics}
    rows = list(
        _used(account, last.begins, of.ends)
        .values_list("kind", "properties")
        .annotate(last=Max("day"))
    )
    held = Subscription.objects.filter(account=account, begins__lte=last.begins, ends=None)
    for one in held.select_related("version__plan").prefetch_related("overrides"):
        charges = terms.content_in(one, of).charges
        counted = [by_code[charge.metric] for charge in charges if charge.metric in by_code]
        if counted and not any(fits(m, kind, about) for m in counted for kind, about, _ in rows):
            plan = one.version.plan.name
            yield Leak(
                account, "subscription_without_usage", str(one.pk), plan, last.begins,
                [("Customer", account.name), ("Has it since", f"{one.since:%-d %b %Y}"),
                 ("Used since", "nothing that it counts")],
                _url(account),
            )  # fmt: skip


def _url(account: Account) -> str:
    return f"/billing/{account.slug}/"


def _first_endpoints(customers: Iterable[int | None]) -> dict[int, int]:
    rows = Endpoint.objects.filter(customer_id__in=[pk for pk in customers if pk]).order_by()
    return dict(rows.values_list("customer_id").annotate(Min("pk")))


def _finding(leak: Leak, endpoints: dict[int, int]) -> Finding | None:
    """A case needs an endpoint; a customer that has none cannot use anything yet."""
    customer_id = leak.account.customer_id
    assert customer_id is not None
    endpoint_id = leak.endpoint_id or endpoints.get(customer_id)
    if endpoint_id is None:
        return None
    began = datetime.combine(leak.since, time(), ZoneInfo(leak.account.time_zone))
    return Finding(
        fingerprint=leak.fingerprint, customer_id=customer_id, endpoint_id=endpoint_id,
        origin=Origin.BILLING, code=leak.code, since=began, value=leak.value, evidence=leak.lines,
        url=leak.url, at_risk=leak.amount, currency=accounts.entity().currency,
    )  # fmt: skip


def _clear(still: set[UUID]) -> None:
    causes = CaseCause.objects.filter(is_open=True, case__origin=Origin.BILLING)
    over = set(causes.values_list("fingerprint", flat=True)) - still
    findings.clear(sorted(over), cause="It is billed now, or there is nothing to bill.")
