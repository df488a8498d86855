"""What one charge of a plan comes to in a month."""

from collections.abc import Iterator
from decimal import Decimal

from billing.invoices.content import Step
from billing.plans import words
from billing.plans.content import PlanCharge
from billing.plans.fee import Fee
from billing.plans.proration import Days
from billing.plans.term import Term
from billing.rating import Line, Rated, Usage, UsageError, read
from billing.rating.rated import free
from portal.core.money import EXACT, round_money

_ONE = Decimal(1)


def charged(charge: PlanCharge, term: Term, days: Days) -> Fee | None:
    """Its fee, before discounts. None where it is charged once, and not in this month. UsageError for usage
    that its model cannot rate."""
    if charge.once and days.begins != term.first_billed:
        return None
    return _metered(charge, term, days) if charge.metric else _fixed(charge, term, days)


def _fixed(charge: PlanCharge, term: Term, days: Days) -> Fee:
    rated = read(charge.model, charge.terms_in(term.number_of(days.month))).rate(Usage(Decimal(0)))
    if days.is_whole or charge.once or not charge.prorated:
        steps = tuple(Step(*line) for line in rated.lines)
        gross = round_money(rated.amount, days.currency)
        return _fee(charge, days, gross=gross, steps=steps)
    gross = days.share(rated.amount)
    step = Step(
        "days", Decimal(days.billed), rated.amount, gross,
        Decimal(days.before), Decimal(days.before + days.billed),
    )  # fmt: skip
    return _fee(charge, days, gross=gross, steps=(step,), detail=words.part_month(days))


def _metered(charge: PlanCharge, term: Term, days: Days) -> Fee:
    usage = term.usage.get(charge.key, Usage(Decimal(0)))
    included = days.units(charge.included) if charge.prorated else charge.included
    rated = _rated(charge, usage, included=included, number=term.number_of(days.month))
    rated = Rated(rated.quantity, (*rated.lines, *_bounded(charge, rated.amount, days)))
    return _fee(
        charge,
        days,
        gross=round_money(rated.amount, days.currency),
        steps=tuple(Step(*line) for line in rated.lines),
        detail=words.allowance(charge.included, included, days),
        rated=rated,
    )


def _rated(charge: PlanCharge, usage: Usage, *, included: Decimal, number: int) -> Rated:
    if charge.model == "percentage" and usage.quantity and not usage.events:
        raise UsageError(f"{charge.name} is rated event by event: give the worth of each.")
    model = read(charge.model, charge.terms_in(number))
    if not included:
        return model.rate(usage)
    within = min(usage.quantity, included)
    beyond = model.rate(Usage(EXACT.subtract(usage.quantity, within)))
    lines = (free(within, up_to=included), *beyond.lines) if within else beyond.lines
    return Rated(usage.quantity, lines)


def _bounded(charge: PlanCharge, amount: Decimal, days: Days) -> Iterator[Line]:
    """By how much the charge's minimum raises or its cap cuts the amount."""
    least, most = (
        days.share(bound) if bound is not None and charge.prorated else bound
        for bound in (charge.minimum, charge.cap)
    )
    if most is not None and amount > most:
        yield Line("maximum", _ONE, most, EXACT.subtract(most, amount))
    elif least is not None and amount < least:
        yield Line("minimum", _ONE, least, EXACT.subtract(least, amount))


def _fee(
    charge: PlanCharge,
    days: Days,
    *,
    gross: Decimal,
    steps: tuple[Step, ...],
    detail: str = "",
    rated: Rated | None = None,
) -> Fee:
    return Fee(
        key=charge.key,
        origin="charge",
        name=charge.name,
        detail=detail,
        due=charge.due,
        quantity=rated.quantity if rated else None,
        unit_amount=rated.unit_amount if rated else None,
        gross=gross,
        discount=Decimal(0),
        amount=gross,
        steps=steps,
        metric=charge.metric,
        charge=charge.key,
        begins=days.begins,
        ends=days.ends,
    )
