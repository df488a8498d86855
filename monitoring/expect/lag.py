"""How long the next document of a business object takes, given by a person or learned from past legs."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import NormalDist, median
from typing import Final, NamedTuple

from portal.customers.calendar import Calendar, after

FEWEST: Final = 20  # legs; of fewer nothing can be said
SHARE: Final = 0.95  # of 99 in 100, a warehouse's back orders would say how long all may take
FLOOR: Final = 15.0  # minutes
CAP: Final = 60.0 * 24 * 30
_ALONE_A_MONTH: Final = 0.01  # single documents that may be called missing by chance
_OVER_LONGEST: Final = 2.0
_SPARE: Final = 0.5


class Lag(NamedTuple):
    """Minutes as the one who has to act counts them.

    `usual`: the middle leg. `due`: when a leg is due. `late`: several that are later than this are missing,
    if none was met meanwhile. `missing`: a single one is. `legs`: learned from so many; 0: given.
    """

    usual: float
    due: float
    late: float
    missing: float
    legs: int = 0

    @property
    def is_learned(self) -> bool:
        return self.legs > 0


def given(minutes: float, *, grace: float = 0) -> Lag:
    """What people agreed on. Raises ValueError for less than a minute or more than 365 days."""
    if not 1 <= minutes <= 60 * 24 * 365:
        raise ValueError(f"A lag of {minutes:g} minutes is not from 1 minute to 365 days.")
    if grace < 0:
        raise ValueError(f"A grace of {grace:g} minutes is below none.")
    return Lag(minutes, minutes, minutes + grace, minutes + grace)


def learn(
    minutes: Sequence[float],
    *,
    a_month: float,
    longest: float = 0.0,
    floor: float = FLOOR,
    cap: float = CAP,
) -> Lag | None:
    """From how long past legs took. `a_month`: legs in 30 days. `longest`: of more than these. None for
    fewer than 20.

    `due` is the 95th of 100 by nearest rank. `missing` goes on from there as a logarithmic normal would,
    and is twice as long as the longest that was met: some are stuck for days, and come.
    """
    if len(minutes) < FEWEST:
        return None
    ranked = sorted(max(1.0, one) for one in minutes)
    usual, high = median(ranked), ranked[math.ceil(SHARE * len(ranked)) - 1]
    due = _within(high, floor, cap)
    late = _within(due + max(floor, _SPARE * due), floor, cap)
    alone = max(_far_out(usual, high, a_month), _OVER_LONGEST * max(longest, ranked[-1]))
    return Lag(usual, due, late, _within(alone, late, max(late, cap)), len(ranked))


def _far_out(usual: float, high: float, a_month: float) -> float:
    chance = min(1 - SHARE, _ALONE_A_MONTH / max(1.0, a_month))
    normal = NormalDist()
    return usual * (high / usual) ** (normal.inv_cdf(1 - chance) / normal.inv_cdf(SHARE))


def _within(value: float, least: float, most: float) -> float:
    return min(most, max(least, value))


def moment(began: datetime, minutes: float, calendar: Calendar | None) -> datetime:
    """The instant `minutes` after `began` in the hours of who has to act; None: who never closes."""
    if calendar is None:
        return began + timedelta(minutes=minutes)
    return after(calendar, began, minutes)
