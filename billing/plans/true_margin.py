"""What is left of a margin after the work and the machines that it takes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from billing.plans.margin import Margins, WholesaleFee, percent_of, shared
from portal.core.money import EXACT, round_money

_ZERO = Decimal(0)


class Costs(NamedTuple):
    """`minutes` that people worked for each customer, at `per_minute`; `infrastructure`, shared by its
    weights."""

    minutes: Mapping[str, Decimal]
    per_minute: Decimal
    infrastructure: WholesaleFee


class TrueMargin(NamedTuple):
    """`margin` − `work` − `infrastructure` = `left`, which is `percent` of retail; None where nothing was
    sold."""

    margin: Decimal
    work: Decimal
    infrastructure: Decimal
    left: Decimal
    percent: Decimal | None


def true_margins(found: Margins, costs: Costs, *, currency: str) -> Mapping[str, TrueMargin]:
    """By customer. ValueError for costs of customers that the margins do not know."""
    customers = [*found.by_customer]
    named = costs.minutes.keys() | costs.infrastructure.weights.keys()
    if unknown := sorted(named - found.by_customer.keys()):
        raise ValueError(f"There is no margin of {', '.join(unknown)}.")
    machines = dict(shared(costs.infrastructure, customers, currency=currency)) if customers else {}
    return {
        one: _true(found, one, costs, infrastructure=machines[one], currency=currency)
        for one in customers
    }


def _true(
    found: Margins, customer: str, costs: Costs, *, infrastructure: Decimal, currency: str
) -> TrueMargin:
    margin = found.by_customer[customer]
    minutes = costs.minutes.get(customer, _ZERO)
    work = round_money(EXACT.multiply(minutes, costs.per_minute), currency)
    left = margin.margin - work - infrastructure
    return TrueMargin(margin.margin, work, infrastructure, left, percent_of(left, margin.retail))
