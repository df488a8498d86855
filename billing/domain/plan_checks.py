"""What is wrong with a draft, and what its author may not have meant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from billing.models import Metric
from billing.plans import reading
from billing.plans.content import PlanCharge, PlanContent
from billing.plans.fields import Problem
from billing.plans.next_unit import PriceStep, price_steps
from billing.plans.price_words import number
from billing.rating import TermsError
from portal.core.money import EXACT, Money, add_up, round_money
from portal.core.money_format import format_money

_PERCENTAGES: Final = frozenset({"percentage", "graduated_percentage"})


class Warned(NamedTuple):
    """A sentence about what stands at `place` in the content; blank where it is about all of it."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the draft: by metric the price of a unit at wholesale, and how much each
    account used of late (nothing of a metric: nobody used any)."""

    wholesale: Mapping[str, Decimal] = field(default_factory=dict)
    used: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)


def problems(content: Mapping[str, Any]) -> list[Problem]:
    """Everything that keeps a draft from being saved, with its place."""
    found: list[Problem] = []
    try:
        reading.read(content)
    except TermsError as error:
        found += error.problems
    return [*found, *_unknown_metrics(content)]


def _unknown_metrics(content: Mapping[str, Any]) -> Iterator[Problem]:
    known = set(Metric.objects.filter(archived_at=None).values_list("code", flat=True))
    for at, charge in enumerate(content.get("charges", [])):
        code = charge.get("metric", "")
        if code and code not in known:
            yield (
                f"charges[{at}].metric",
                f"There is no metric {code[:40]}. Choose one of the list.",
            )


def warnings(content: PlanContent, known: Known) -> list[Warned]:
    """What could be published and costs somebody money: prices below wholesale, and charges that nobody
    would ever pay."""
    return [
        Warned(f"charges[{at}]{place}", text)
        for at, charge in enumerate(content.charges)
        for place, text in _of_charge(charge, content, known)
    ]


def _of_charge(charge: PlanCharge, content: PlanContent, known: Known) -> Iterator[tuple[str, str]]:
    if not charge.metric:
        if not Decimal(charge.terms["amount"]) and not charge.ramp:
            yield ".terms", f"{charge.name} costs nothing."
        return
    steps = price_steps(charge)
    if text := _never_paid(charge, steps, known.used):
        yield "", text
    if charge.metric in known.wholesale and charge.model not in _PERCENTAGES:
        yield from _below(charge, steps, content.currency, known.wholesale[charge.metric])


def _never_paid(
    charge: PlanCharge, steps: Sequence[PriceStep], used: Mapping[str, Sequence[Decimal]]
) -> str:
    """Why nobody would pay the charge; nothing where somebody would, and where no usage is known at all."""
    if steps and not any(one.price for one in steps) and not charge.minimum:
        return f"Nobody would ever pay {charge.name}: every price of it is 0."
    if not any(used.values()) or charge.minimum or charge.model == "flat":
        return ""
    amounts = used.get(charge.metric, ())
    if not amounts:
        return f"Nobody would have paid {charge.name}: nobody used any in the last months."
    free = next((one.above for one in steps if one.price), Decimal(0))
    if free >= max(amounts):
        return (
            f"Nobody would have paid {charge.name}: {number(free)} are free, and the most that anybody used"
            f" is {number(max(amounts))}."
        )
    return ""


def _below(
    charge: PlanCharge, steps: Sequence[PriceStep], currency: str, cost: Decimal
) -> Iterator[tuple[str, str]]:
    said = format_money(Money(cost, currency))
    paid = [one for one in steps if one.price]
    free = paid[0].above if paid else Decimal(0)
    if free and cost:
        amount = round_money(EXACT.multiply(free, cost), currency)
        yield (
            ".included" if charge.included else ".terms",
            f"{charge.name}: the {number(free)} that are free cost up to"
            f" {format_money(Money(amount, currency))} a month at wholesale.",
        )
    for one in paid:
        if one.price < cost:
            price = format_money(Money(one.price, currency))
            where = f"above {number(one.above)} " if one.above else ""
            yield ".terms", f"{charge.name} {where}at {price} is below wholesale, {said} each."


def of_example(
    pays: Decimal, costs: Decimal | None, currency: str, *, floor: Decimal
) -> list[Warned]:
    """What the example says of the margin; nothing where it is not known what it costs."""
    if costs is None or not pays:
        return []
    left = pays - costs
    if left < 0:
        lost = format_money(Money(-left, currency), with_currency=True)
        return [Warned("", f"The example loses {lost} a month: it pays less than wholesale.")]
    percent = left / pays * 100
    if percent < floor:
        return [
            Warned(
                "", f"The example leaves {percent:.1f} %, below your floor of {number(floor)} %."
            )
        ]
    return []


def costs(
    usage: Mapping[str, Decimal], wholesale: Mapping[str, Decimal], currency: str
) -> Decimal | None:
    """What this usage, by metric, costs at wholesale; None where no price of it is known."""
    known = [one for one in usage if one in wholesale]
    if not known:
        return None
    return round_money(
        add_up(EXACT.multiply(usage[one], wholesale[one]) for one in known), currency
    )
