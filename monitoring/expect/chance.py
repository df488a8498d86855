"""How likely it is that so few documents came, when so many were to be expected.

Documents come in clumps, and a whole hour or a whole day may be busier or quieter than another: the count
of a span is taken as a negative binomial, whose variance is that of the clumps and of these swings.
"""

import math
from collections.abc import Hashable
from typing import Final

_LEAST: Final = 1e-300


class Expected:
    """What to expect of a span, added up piece by piece.

    `clump`: how many documents come together. `by_hour`, `level`: the relative variance of an hour beside
    its day, and of what we take for the usual. That of a day is given with the piece.
    """

    def __init__(self, *, clump: float, by_hour: float, level: float) -> None:
        self.documents = 0.0
        self._clump, self._by_hour, self._level = clump, by_hour, level
        self._hours = 0.0
        self._day: Hashable = None
        self._of_day = self._spread_of_day = self._days = 0.0

    def add(self, documents: float, *, day: Hashable, spread: float) -> None:
        """A piece of an hour of `day`; `spread`: the relative variance of that day. Days in a row."""
        if day != self._day:
            self._days += self._spread_of_day * self._of_day**2
            self._day, self._of_day = day, 0.0
        self._spread_of_day = spread
        self._of_day += documents
        self.documents += documents
        self._hours += documents**2

    @property
    def events(self) -> float:
        """How often something was to come, however much at a time."""
        return self.documents / self._clump

    def chance(self, seen: int) -> float:
        """Of `seen` documents or fewer, 0 to 1."""
        if self.documents <= 0:
            return 1.0
        return at_most(seen / self._clump, mean=self.events, spread=self._spread())

    def _spread(self) -> float:
        days = self._days + self._spread_of_day * self._of_day**2
        return self._level + (days + self._by_hour * self._hours) / self.documents**2


def at_most(seen: float, *, mean: float, spread: float) -> float:
    """P(X ≤ seen) of a negative binomial of that mean, with variance mean + spread × mean².

    Raises ValueError for a mean below 0 or a spread not above 0.
    """
    if mean < 0 or spread <= 0:
        raise ValueError(f"no such spread of counts: mean {mean}, spread {spread}")
    size, odds = 1 / spread, mean * spread / (1 + mean * spread)
    chance = total = max(_LEAST, math.exp(-size * math.log1p(mean * spread)))
    for k in range(math.floor(seen)):
        chance *= (k + size) / (k + 1) * odds
        total += chance
    return min(1.0, total)
