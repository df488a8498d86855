"""What is agreed with an account, as the pure arithmetic wants it: terms with their usage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, QuerySet

from billing.models import Account, Discount, Metric, Subscription
from billing.plans import reading
from billing.plans.content import PlanCharge, PlanContent
from billing.plans.month import Month
from billing.plans.term import Discount as Less
from billing.plans.term import Term, billable_days
from billing.queries.measured import ALWAYS, Days, measure
from billing.rating import Usage
from portal.core.money import round_to

_EVENTS: Final = "percentage"  # the one model that looks at each event


def subscriptions(account: Account, month: Month) -> QuerySet[Subscription]:
    """Those that have any day of the month."""
    return (
        Subscription.objects.filter(account=account, begins__lt=month.ends)
        .filter(Q(ends=None) | Q(ends__gt=month.begins))
        .select_related("version__plan")
        .prefetch_related("overrides", "discounts")
        .order_by("begins", "id")
    )


def named(keys: Iterable[int]) -> QuerySet[Subscription]:
    """Subscriptions by their ids."""
    found = Subscription.objects.filter(pk__in=list(keys)).select_related("version__plan")
    return found.prefetch_related("overrides", "discounts")


def terms_of(account: Account, month: Month, *, known_by: str) -> list[Term]:
    """The terms of a month with what was used, as the invoice of `known_by` knows it."""
    found = [term(one, month) for one in subscriptions(account, month)]
    return with_usage(found, account, month, known_by=known_by)


def with_usage(
    found: Sequence[Term], account: Account, month: Month, *, known_by: str = ALWAYS
) -> list[Term]:
    """The terms with what each of their charges counts, on the days that are billed."""
    metrics = Metric.objects.in_bulk(_metrics(found), field_name="code")
    return [_with_usage(one, account, month, metrics, known_by=known_by) for one in found]


def term(subscription: Subscription, month: Month, *, content: PlanContent | None = None) -> Term:
    """What a subscription has agreed for a month, without usage; by other prices where `content` says so."""
    version = subscription.version
    return Term(
        key=subscription.pk,
        plan=version.plan.name,
        version=version.number,
        content=content_in(subscription, month, of=content),
        begins=subscription.begins,
        ends=subscription.ends,
        since=subscription.since,
        discounts=tuple(
            Less(one.name, one.percent, one.amount)
            for one in subscription.discounts.all()
            if _covers(one, month)
        ),
    )


def content_in(
    subscription: Subscription, month: Month, *, of: PlanContent | None = None
) -> PlanContent:
    """The plan's content, or `of`, with the prices that were agreed with this customer alone."""
    content = of or reading.read(subscription.version.content)
    own = {
        one.charge: one.terms
        for one in subscription.overrides.all()
        if one.begins <= month.key <= one.until
    }
    charges = tuple(
        replace(charge, terms=own[charge.key], ramp=()) if charge.key in own else charge
        for charge in content.charges
    )
    return replace(content, charges=charges, trial_days=subscription.trial_days)


def _covers(discount: Discount, month: Month) -> bool:
    return discount.begins <= month.key and (not discount.until or month.key <= discount.until)


def _metrics(terms: Iterable[Term]) -> set[str]:
    return {charge.metric for one in terms for charge in one.content.charges if charge.metric}


def _with_usage(
    term: Term, account: Account, month: Month, metrics: Mapping[str, Metric], *, known_by: str
) -> Term:
    days = billable_days(term, month)
    metered = [one for one in term.content.charges if one.metric]
    if days is None or not metered:
        return term
    found: dict[str, Usage] = {}
    for each in (False, True):
        charges = [one for one in metered if (one.model == _EVENTS) == each]
        found |= _used(account, charges, metrics, days=Days(*days), known_by=known_by, each=each)
    averages = {
        one.key
        for one in metered
        if metrics[one.metric].aggregation == Metric.Aggregation.TIME_WEIGHTED
    }
    return replace(
        term,
        usage={
            key: Usage(_of_whole(usage.quantity, Days(*days), month)) if key in averages else usage
            for key, usage in found.items()
        },
    )


def _of_whole(average: Decimal, days: Days, month: Month) -> Decimal:
    """What some days held on average, as the average of their month: the others held nothing."""
    held = (days.ends - days.begins).days
    return average if held == month.days else round_to(average * held / month.days, 8)


def _used(
    account: Account,
    charges: Sequence[PlanCharge],
    metrics: Mapping[str, Metric],
    **options: Any,
) -> dict[str, Usage]:
    wanted = [metrics[code] for code in sorted({one.metric for one in charges})]
    if not wanted:
        return {}
    found = measure(account, wanted, **options)
    return {one.key: found[one.metric] for one in charges}
