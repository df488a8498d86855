"""How much counts swing around what is usual: by clumps, from hour to hour, from day to day."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple, Protocol

SLOTS: Final = 12  # five minutes each, of an hour
_FULL: Final = 11.5  # slots with something, where all have: how much more came is not to be seen
_HOUR: Final = (0.02, 3.0)
_DAY: Final = (0.01, 1.0)
_FARTHEST: Final = 50
_LUMP: Final = 2.0  # more is swings from hour to hour


class Counted(Protocol):
    @property
    def documents(self) -> int: ...

    @property
    def slots(self) -> int: ...


class Swings(NamedTuple):
    """`lump`: the variance of an hour over its mean, 1 for documents that come one by one. The others are
    relative variances."""

    lump: float
    by_hour: float
    by_day: float


Rated = tuple[date, float, int]


def clump_of(seen: Iterable[Counted]) -> float:
    """How many documents come at a time, from how few of the five minutes have any."""
    documents = arrivals = 0.0
    for one in seen:
        documents += one.documents
        arrivals += -SLOTS * math.log1p(-min(one.slots, _FULL) / SLOTS)
    return max(1.0, documents / arrivals) if arrivals else 1.0


def swings(rated: Sequence[Rated]) -> Swings:
    """From hours in order: (local date, documents to expect, documents seen)."""
    days = [list(of_day) for _, of_day in groupby(rated, key=lambda one: one[0])]
    even = [hour for day in days for hour in _evened(day)]
    hourly = _calm([(rate, seen) for _, rate, seen in even])
    daily = _calm([(sum(rate for _, rate, _ in d), sum(seen for _, _, seen in d)) for d in days])
    lump = max(1.0, min(_LUMP, _over_mean(hourly)))
    return Swings(
        lump, _within(_HOUR, _relative(hourly, lump)), _within(_DAY, _relative(daily, lump))
    )


def _evened(day: Sequence[Rated]) -> list[Rated]:
    """The hours of a day as if the day had been as large as it was."""
    should, came = sum(rate for _, rate, _ in day), sum(seen for _, _, seen in day)
    share = came / should if should else 0.0
    return [(on, rate * share, seen) for on, rate, seen in day]


def _calm(counts: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without the farthest off, one in fifty: an outage, or what had piled up behind one."""
    by_distance = sorted(counts, key=lambda one: abs(one[1] - one[0]))
    return by_distance[: len(counts) - math.ceil(len(counts) / _FARTHEST)]


def _over_mean(counts: Sequence[tuple[float, float]]) -> float:
    mean = sum(rate for rate, _ in counts)
    return sum((seen - rate) ** 2 for rate, seen in counts) / mean if mean else 1.0


def _relative(counts: Sequence[tuple[float, float]], clump: float) -> float:
    """What is left of the variance, per square of what was to be expected, once the clumps' is taken
    off. Of pairs: to expect, seen."""
    squares = sum(rate**2 for rate, _ in counts)
    left = sum((seen - rate) ** 2 - clump * rate for rate, seen in counts)
    return left / squares if squares else 0.0


def _within(limits: tuple[float, float], value: float) -> float:
    least, most = limits
    return min(most, max(least, value))
