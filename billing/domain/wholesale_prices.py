"""What the platform asks of this partner for a unit, as far as it is told: their own prices and sums only."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django_tenants.utils import get_public_schema_name, schema_context

from billing.domain import terms
from billing.domain.rates import NoRateError, rate
from billing.models import Account, Metric
from billing.plans.content import PlanCharge
from billing.plans.month import Month, months_back
from billing.plans.next_unit import price_steps
from billing.plans.term import Term
from billing.rating import Usage, read
from portal.core.money import EXACT, round_to
from portal.tenants.current import current_schema
from portal.tenants.rows import beyond_limit

_PLACES: Final = 6
_EVENTS: Final = "percentage"


def unit_prices(of: Month, currency: str, metrics: Sequence[Metric]) -> dict[str, Decimal]:
    """By metric what a unit costs, of those that are part of what the platform counts, as orders are of
    documents.

    On average by what all customers used in the month before, or the first price above nothing where they
    used none. Nothing in the public schema, without prices in force, and where no rate is known.
    """
    partner = current_schema()
    if partner == get_public_schema_name():
        return {}
    # What the platform asks of the partner holds for all customers, whoever of its people looks.
    with beyond_limit(), schema_context(get_public_schema_name()):
        account = Account.objects.filter(slug=partner).first()
        if account is None:
            return {}
        held = [terms.term(one, of) for one in terms.subscriptions(account, of)]
        measured = terms.with_usage(held, account, months_back(of, 1)) if held else []
        prices = dict(_prices(measured))
        theirs = list(Metric.objects.filter(code__in=prices))
    try:
        worth = rate(account.currency, currency, on=of.ends - timedelta(days=1))
    except NoRateError:
        return {}
    return {
        mine.code: round_to(EXACT.multiply(prices[one.code], worth), _PLACES)
        for mine in metrics
        for one in theirs
        if covers(one, mine)
    }


def covers(whole: Metric, part: Metric) -> bool:
    """Whether everything that `part` counts is counted by `whole`, too, and in the same way."""
    return (
        whole.aggregation == part.aggregation
        and whole.field == part.field
        and set(part.kinds) <= set(whole.kinds)
        and all(
            name in part.filters and set(part.filters[name]) <= set(values)
            for name, values in whole.filters.items()
        )
    )


def outermost(metrics: Sequence[Metric]) -> list[str]:
    """The codes of those that no other one covers, so that nothing is counted twice."""
    return [
        one.code
        for at, one in enumerate(metrics)
        if not any(
            covers(other, one) and (not covers(one, other) or place < at)
            for place, other in enumerate(metrics)
            if place != at
        )
    ]


def _prices(measured: Iterable[Term]) -> Iterable[tuple[str, Decimal]]:
    for term in measured:
        for charge in term.content.charges:
            if charge.metric and charge.model != _EVENTS:
                yield charge.metric, _price(charge, term.usage.get(charge.key))


def _price(charge: PlanCharge, usage: Usage | None) -> Decimal:
    beyond = usage.quantity - charge.included if usage else Decimal(0)
    if usage and beyond > 0:
        amount = read(charge.model, charge.terms).rate(Usage(beyond)).amount
        return round_to(amount / usage.quantity, _PLACES)
    steps = price_steps(charge)
    return round_to(next((one.price for one in steps if one.price), Decimal(0)), _PLACES)
