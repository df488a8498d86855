"""What a version of a plan says, as plain values. docs/plans.md has the rules with worked examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Due = Literal["arrears", "advance"]
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ramp:
    """Terms that are in force for so many `months` before the next ones are."""

    months: int
    terms: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanCharge:
    """One charge of a plan: `model` and `terms` as `billing.rating.read` takes them.

    `metric` is what is counted; "" is a fixed charge, whose model is flat. `ramp` holds what is in force for
    the first months, one after the other, before `terms`. `included` units are free before the model sees
    any. `prorated`: fixed amounts, `included`, `minimum` and `cap` are for the days of a part month.
    `once`: in one month only. `minimum` and `cap` are of this charge in a month.
    """

    key: str
    name: str
    metric: str
    model: str
    terms: Mapping[str, Any]
    ramp: tuple[Ramp, ...] = ()
    included: Decimal = _ZERO
    due: Due = "arrears"
    prorated: bool = True
    once: bool = False
    minimum: Decimal | None = None
    cap: Decimal | None = None

    def terms_in(self, number: int) -> Mapping[str, Any]:
        """What is in force in the month of this number; a subscription's first month is 1."""
        for step in self.ramp:
            if number <= step.months:
                return step.terms
            number -= step.months
        return self.terms


@dataclass(frozen=True, slots=True)
class PlanContent:
    """`currency` is ISO 4217. `commitment` is the least and `cap` the most that a month costs, one-off
    charges aside. The first `trial_days` of a subscription cost nothing."""

    currency: str
    charges: tuple[PlanCharge, ...]
    commitment: Decimal | None = None
    cap: Decimal | None = None
    trial_days: int = 0
