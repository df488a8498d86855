"""Alerts on how fast a budget burns: over a long window, confirmed by a short one that says it goes on.

The rates are of the Site Reliability Workbook, chapter 5: 14.4 over an hour is 2 % of a 30-day budget, 6
over six hours 5 %, 1 over three days 10 %; 3 over a day is 10 %, too.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from monitoring.slo.budget import burn_rate

LEAST_MISSED: Final = (
    2  # one is an event, two a trend: else a single order in a quiet hour wakes somebody
)


class Policy(NamedTuple):
    """Alert when both windows burn faster than `rate`."""

    name: str
    severity: Literal["page", "ticket"]
    rate: Decimal
    long: timedelta
    short: timedelta


POLICIES: Final = (
    Policy("fast", "page", Decimal("14.4"), timedelta(hours=1), timedelta(minutes=5)),
    Policy("steady", "page", Decimal(6), timedelta(hours=6), timedelta(minutes=30)),
    Policy("slow", "ticket", Decimal(3), timedelta(days=1), timedelta(hours=2)),
    Policy("creeping", "ticket", Decimal(1), timedelta(days=3), timedelta(hours=6)),
)


class Count(NamedTuple):
    """What was decided in one window, in the objective's unit."""

    missed: Fraction
    total: Fraction


class Alert(NamedTuple):
    """A policy that fires. `long` and `short`: the burn rates; None is endless, for a target of 100 %."""

    policy: Policy
    long: Fraction | None
    short: Fraction | None


def burn_windows(policies: Sequence[Policy]) -> list[timedelta]:
    """The windows to count for these policies, the shortest first."""
    return sorted({length for policy in policies for length in (policy.long, policy.short)})


def alerts(
    counts: Mapping[timedelta, Count], *, may_miss: Fraction, policies: Sequence[Policy] = POLICIES
) -> list[Alert]:
    """The policies that fire, the fastest first. `counts`: of the last so long, for all their windows.

    Raises KeyError for a window that was not counted.
    """
    found, least = [], LEAST_MISSED if may_miss else 1
    for policy in policies:
        rates = [_rate(counts[length], may_miss) for length in (policy.long, policy.short)]
        if counts[policy.long].missed >= least and all(_over(rate, policy.rate) for rate in rates):
            found.append(Alert(policy, *rates))
    return sorted(found, key=lambda alert: -alert.policy.rate)


def _rate(count: Count, may_miss: Fraction) -> Fraction | None:
    return burn_rate(missed=count.missed, total=count.total, may_miss=may_miss)


def _over(rate: Fraction | None, limit: Decimal) -> bool:
    return rate is None or rate > Fraction(limit)
