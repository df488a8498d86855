"""A subscription in a month: by which plan, since when, and what was used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from billing.plans.content import PlanContent
from billing.plans.month import Month
from billing.rating import Usage


@dataclass(frozen=True, slots=True)
class Discount:
    """A `percent` of every charge, or an `amount` off the month, for the month it is given with. ValueError
    unless it is exactly one of them, and not below 0."""

    name: str
    percent: Decimal | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise ValueError(f"{self.name}: a discount is either a percentage or an amount.")
        if min(value for value in (self.percent, self.amount) if value is not None) < 0:
            raise ValueError(f"{self.name}: a discount cannot be below 0.")


@dataclass(frozen=True, slots=True)
class Term:
    """What one subscription, `key`, has agreed and used.

    It is from `begins` up to and without `ends`; None is without end. `usage` is by the key of the charge,
    measured over `billable_days`; a charge that is not in it was not used. `since`: where it goes on from
    another subscription after a change of plan, the first day of the first one. Trial, ramps and one-off
    charges count from there; None is `begins`.
    """

    key: int
    plan: str
    version: int
    content: PlanContent
    begins: date
    ends: date | None = None
    usage: Mapping[str, Usage] = field(default_factory=dict)
    discounts: tuple[Discount, ...] = ()
    since: date | None = None

    @property
    def first_day(self) -> date:
        """From which trial and ramps count."""
        return self.begins if self.since is None else self.since

    @property
    def first_billed(self) -> date:
        """The day after the trial."""
        return self.first_day + timedelta(days=self.content.trial_days)

    def number_of(self, month: Month) -> int:
        """1 in the month of the first day."""
        first = self.first_day
        return (month.begins.year - first.year) * 12 + month.begins.month - first.month + 1

    def has(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day < self.ends)


def billable_days(term: Term, month: Month) -> tuple[date, date] | None:
    """The days of the month, half open, that are after the trial and within the subscription; None for
    none."""
    begins = max(month.begins, term.begins, term.first_billed)
    ends = month.ends if term.ends is None else min(month.ends, term.ends)
    return (begins, ends) if begins < ends else None
