"""What a plan costs, in sentences: `first 1,000 free, then 0.40 to 10,000, then 0.25`."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from billing.plans.content import PlanCharge, PlanContent
from billing.rating import read
from billing.rating.flat import Flat
from billing.rating.graduated import Graduated
from billing.rating.graduated_percentage import GraduatedPercentage
from billing.rating.package import Package
from billing.rating.percentage import Percentage
from billing.rating.standard import Standard
from billing.rating.tiers import Tier
from billing.rating.volume import Volume
from portal.core.decimals import plain_number
from portal.core.money import Money
from portal.core.money_format import format_money


def one_line(content: PlanContent) -> str:
    """All of a plan in a line: `$460.00 a month; Orders: first 1,000 free, then 0.32 each`."""
    fixed = [one for one in content.charges if not one.metric and not one.once]
    once = [one for one in content.charges if not one.metric and one.once]
    found = [f"{_sum(fixed, content)} a month"] if fixed else []
    found += [f"{_sum(once, content)} once"] if once else []
    found += [
        f"{one.name}: {price(one, content.currency)}" for one in content.charges if one.metric
    ]
    if content.commitment:
        found.append(f"at least {_money(content.commitment, content)}")
    if content.cap is not None:
        found.append(f"at most {_money(content.cap, content)}")
    return "; ".join(found)


def _sum(charges: list[PlanCharge], content: PlanContent) -> str:
    amounts = [Decimal(one.terms["amount"]) for one in charges]
    return _money(sum(amounts, Decimal(0)), content)


def _money(amount: Decimal, content: PlanContent) -> str:
    return format_money(Money(amount, content.currency), with_currency=True)


def price(charge: PlanCharge, currency: str) -> str:
    """The charge's price after every ramp: `first 1,000 free, then 0.40 to 10,000, then 0.25`."""
    return of_terms(charge.model, charge.terms, currency, included=charge.included)


def of_terms(
    model: str, terms: Mapping[str, Any], currency: str, *, included: Decimal = Decimal(0)
) -> str:
    """The price by these terms. TermsError for terms that are none."""
    parts = [f"first {number(included)} free"] if included else []
    return ", then ".join([*parts, *_Saying(currency).parts(read(model, terms))])


def details(charge: PlanCharge, content: PlanContent) -> list[str]:
    """What else holds for a charge, a sentence each."""
    return [*_details(charge, content)]


def _details(charge: PlanCharge, content: PlanContent) -> Iterator[str]:
    if charge.once:
        yield "Charged once, in the first month."
    if charge.due == "advance":
        yield "Due before its month begins."
    if not charge.prorated and not charge.once:
        yield "A part of a month costs as much as all of it."
    if charge.minimum is not None:
        yield f"At least {_money(charge.minimum, content)} a month."
    if charge.cap is not None:
        yield f"At most {_money(charge.cap, content)} a month."
    begins = 1
    for step in charge.ramp:
        said = of_terms(charge.model, step.terms, content.currency)
        yield f"{_months(begins, step.months)}: {said}."
        begins += step.months


def _months(begins: int, count: int) -> str:
    return f"Month {begins}" if count == 1 else f"Months {begins} to {begins + count - 1}"


def of_plan(content: PlanContent) -> list[str]:
    """What holds for all charges together, a sentence each."""
    found = []
    if content.trial_days:
        found.append(f"The first {content.trial_days} days cost nothing.")
    if content.commitment:
        found.append(f"A month costs at least {_money(content.commitment, content)}.")
    if content.cap is not None:
        found.append(f"A month costs at most {_money(content.cap, content)}.")
    return found


def number(value: Decimal) -> str:
    """`12,400.5`: all its decimals, none that is not needed."""
    whole, point, places = plain_number(value).partition(".")
    return f"{int(whole):,}{point}{places}"


class _Saying:
    """The parts of a price, joined by "then"."""

    def __init__(self, currency: str) -> None:
        self._currency = currency

    def parts(self, charge: Any) -> list[str]:
        match charge:
            case Flat(amount=amount):
                return [self._money(amount)]
            case Standard(unit_amount=amount, free_units=free):
                return [*_free(free), f"{self._money(amount)} each"]
            case Package(amount=amount, package_size=size, free_units=free):
                return [*_free(free), f"{self._money(amount)} a package of {number(size)}"]
            case Percentage():
                return self._percentage(charge)
            case GraduatedPercentage(tiers=tiers):
                return [*self._tiers(tiers, lambda one: f"{number(one.price)} %")]
            case Graduated(tiers=tiers):
                return [*self._tiers(tiers, lambda one: self._money(one.price))]
            case Volume(tiers=tiers):
                found = [*self._tiers(tiers, lambda one: self._money(one.price))]
                return [f"all at {found[0]}", *found[1:]]
        raise TypeError(f"There are no words for {type(charge).__name__}.")

    def _percentage(self, charge: Percentage) -> list[str]:
        fixed = (
            f" and {self._money(charge.fixed_amount)} for each event" if charge.fixed_amount else ""
        )
        free = [f"{charge.free_events:,} events" if charge.free_events else ""]
        free += [self._money(charge.free_amount) if charge.free_amount else ""]
        known = " or ".join(one for one in free if one)
        least = f", at least {self._money(charge.minimum)}" if charge.minimum is not None else ""
        most = f", at most {self._money(charge.maximum)}" if charge.maximum is not None else ""
        said = f"{number(charge.rate_percent)} %{fixed}{least}{most}"
        return [f"first {known} free", said] if known else [said]

    def _tiers(self, tiers: tuple[Tier, ...], say: Callable[[Tier], str]) -> Iterator[str]:
        for at, tier in enumerate(tiers):
            once = f" and {self._money(tier.flat_amount)} once" if tier.flat_amount else ""
            is_free = not tier.price and not tier.flat_amount
            if is_free and not at and tier.up_to is not None:
                yield f"first {number(tier.up_to)} free"
                continue
            until = f" to {number(tier.up_to)}" if tier.up_to is not None else ""
            yield f"{'free' if is_free else say(tier)}{once}{until}"

    def _money(self, amount: Decimal) -> str:
        return format_money(Money(amount, self._currency))


def _free(units: Decimal) -> list[str]:
    return [f"first {number(units)} free"] if units else []
