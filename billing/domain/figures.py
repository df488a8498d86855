"""What a month came to: retail, wholesale, people and machines, customer by customer.

Retail is what customers owe for the month by today's knowledge, whenever it is billed, less service credits
and credit notes that were given in it; wholesale is the same of the partner. Both are made by the functions
that make invoices, and the margin is their difference, never typed.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import Min, Sum
from django_tenants.utils import get_public_schema_name, schema_context

from billing.domain import accounts, owed
from billing.domain.rates import NoRateError, rate
from billing.models import (
    Account,
    InvoiceLine,
    LegalEntity,
    Metric,
    MonthFigure,
    Subscription,
    UsageFact,
)
from billing.models.invoice import Invoice
from billing.plans.conversion import convert
from billing.plans.lines import Owed
from billing.plans.margin import Margins, WholesaleFee, margins
from billing.plans.month import Month, month, months_back
from billing.plans.true_margin import Costs, TrueMargin, true_margins
from billing.queries.shares import shares
from portal.core import clock
from portal.core.money import add_up, round_money
from portal.tenants.current import current_schema

_ZERO: Final = Decimal(0)
LATELY: Final = 2  # months that still change
_SIXTY: Final = Decimal(60)


class Made(NamedTuple):
    """The month: margins and true ones by the account's id as text, and what is missing and why."""

    margins: Margins
    true: Mapping[str, TrueMargin]
    minutes: Mapping[str, Decimal]
    documents: Mapping[str, int]
    troubles: Mapping[str, str]


def make(key: str) -> Made:
    """The figures of a month as of now. ValueError for what is no month."""
    of, entity = month(key), accounts.entity()
    found = list(Account.objects.order_by("pk"))
    troubles: dict[str, str] = {}
    retail = {}
    for account in found:
        try:
            retail[str(account.pk)] = _in_own(earned(account, of), account, entity, of)
        except (NoRateError, ValueError) as error:
            retail[str(account.pk)], troubles[str(account.pk)] = _ZERO, str(error)
    fees, trouble = _wholesale(of, entity, found)
    if trouble:
        troubles[""] = trouble
    made = margins(retail, fees, currency=entity.currency)
    documents = _documents(found, of)
    minutes = _minutes(found, of)
    costs = Costs(
        minutes=minutes,
        per_minute=entity.hour_cost / _SIXTY,
        infrastructure=WholesaleFee(
            round_money(entity.month_cost, entity.currency),
            {pk: Decimal(count) for pk, count in documents.items()},
        ),
    )
    true = true_margins(made, costs, currency=entity.currency)
    return Made(made, true, minutes, documents, troubles)


def earned(account: Account, of: Month) -> Decimal:
    """What the account owes for a month, net and in its own currency: fees and what is charged once, less
    what was given back in it."""
    fees = add_up(one.fee.amount for one in owed.of_month(account, of))
    back = InvoiceLine.objects.filter(
        account=account, invoice__month=of.key, invoice__state__in=Invoice.STANDING,
        origin__in=("sla_credit", "credit"),
    )  # fmt: skip
    return fees + owed.once(account, of) + (back.aggregate(sum=Sum("amount"))["sum"] or _ZERO)


def _in_own(amount: Decimal, account: Account, entity: LegalEntity, of: Month) -> Decimal:
    on = of.ends - timedelta(days=1)
    worth = rate(account.currency, entity.currency, on=on)
    return convert(amount, worth, entity.currency)


def _wholesale(
    of: Month, entity: LegalEntity, found: Iterable[Account]
) -> tuple[list[WholesaleFee], str]:
    """What the platform charges for the month, each fee with the customers' parts of its usage."""
    partner = current_schema()
    if partner == get_public_schema_name():
        return [], ""
    by_customer = {one.customer_id: str(one.pk) for one in found}
    with schema_context(get_public_schema_name()):
        account = accounts.of_schema(partner)
        fees = owed.of_month(account, of)
        parts = shares(account, of, _metrics(fees))
        once = earned(account, of) - add_up(one.fee.amount for one in fees)
    try:
        worth = rate(account.currency, entity.currency, on=of.ends - timedelta(days=1))
    except NoRateError as error:
        return [], str(error)
    made = [
        WholesaleFee(
            convert(one.fee.amount, worth, entity.currency),
            {
                by_customer[pk]: part
                for pk, part in parts.get(one.fee.metric, {}).items()
                if pk in by_customer
            },
        )
        for one in fees
        if one.fee.amount
    ]
    if once:
        made.append(WholesaleFee(convert(once, worth, entity.currency), {}))
    return made, ""


def _metrics(fees: Iterable[Owed]) -> list[Metric]:
    return list(Metric.objects.filter(code__in={one.fee.metric for one in fees if one.fee.metric}))


def _facts(found: Iterable[Account], of: Month, kind: str) -> Any:
    return UsageFact.objects.filter(
        account__in=[one.pk for one in found], kind=kind, day__gte=of.begins, day__lt=of.ends
    )


def _documents(found: list[Account], of: Month) -> dict[str, int]:
    rows = _facts(found, of, "document").order_by().values_list("account_id")
    return {str(pk): count for pk, count in rows.annotate(sum=Sum("times"))}


def _minutes(found: list[Account], of: Month) -> dict[str, Decimal]:
    """All of people's time, what is free for the customer included: it costs."""
    rows = _facts(found, of, "operator").order_by().values_list("account_id")
    return {str(pk): minutes for pk, minutes in rows.annotate(sum=Sum("quantity"))}


@transaction.atomic
def keep(key: str) -> int:
    """Make a month's figures and keep them for pages; returns of how many accounts."""
    made, entity = make(key), accounts.entity()
    rows = [
        MonthFigure(
            account_id=int(pk), month=key, currency=entity.currency, retail=one.retail,
            wholesale=one.wholesale, minutes=made.minutes.get(pk, _ZERO), work=made.true[pk].work,
            infrastructure=made.true[pk].infrastructure, documents=made.documents.get(pk, 0),
            trouble=made.troubles.get(pk) or made.troubles.get("", ""), made_at=clock.now(),
        )
        for pk, one in made.margins.by_customer.items()
    ]  # fmt: skip
    changing = ["currency", "retail", "wholesale", "minutes", "work", "infrastructure", "documents",
                "trouble", "made_at"]  # fmt: skip
    MonthFigure.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["account", "month"], update_fields=changing
    )
    return len(rows)


def keep_due(this: Month) -> None:
    """This month, the last one, and whichever of the year before was never kept since something is sold."""
    first = Subscription.objects.aggregate(first=Min("begins"))["first"]
    kept = set(MonthFigure.objects.order_by().values_list("month", flat=True).distinct())
    for back in range(12):
        of = months_back(this, back)
        if first and of.ends > first and (back < LATELY or of.key not in kept):
            keep(of.key)
