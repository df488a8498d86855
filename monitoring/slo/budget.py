"""How much may go wrong, how much did, and how fast it is used up."""

from fractions import Fraction
from math import floor
from typing import NamedTuple


class Budget(NamedTuple):
    """Allowed and used misses, in the objective's unit.

    `share` is used / allowed; None where nothing is allowed and something was missed. Things and slots
    are allowed as whole ones, so that 43.2 slots are 43; minutes as they are.
    """

    allowed: Fraction
    used: Fraction

    @property
    def left(self) -> Fraction:
        """Below 0 when more was missed than is allowed."""
        return self.allowed - self.used

    @property
    def share(self) -> Fraction | None:
        if not self.allowed:
            return None if self.used else Fraction(0)
        return self.used / self.allowed

    @property
    def kept(self) -> bool:
        return self.used <= self.allowed


def budget(*, total: Fraction, may_miss: Fraction, used: Fraction, whole: bool) -> Budget:
    """The budget of `total` things, of which the share `may_miss` may go wrong."""
    allowed = total * may_miss
    return Budget(Fraction(floor(allowed)) if whole else allowed, used)


def burn_rate(*, missed: Fraction, total: Fraction, may_miss: Fraction) -> Fraction | None:
    """How many times faster than allowed: 1 uses the budget up at the end of its window.

    0 for nothing counted; None (endless) where nothing may be missed and something was.
    """
    if not missed or not total:
        return Fraction(0)
    return missed / total / may_miss if may_miss else None
