"""All units at the price of the tier that the whole quantity reaches."""

from dataclasses import dataclass

from billing.rating import rated, tiers
from billing.rating.rated import Rated
from billing.rating.terms import refuse
from billing.rating.tiers import Tier
from billing.rating.usage import Usage


@dataclass(frozen=True, slots=True)
class Volume:
    """One unit more may cost less in all: so it is with volume prices."""

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        refuse(tiers.problems(self.tiers))

    def rate(self, usage: Usage) -> Rated:
        part = tiers.reached(self.tiers, usage.quantity)
        lines = tiers.lines(part, rated.units) if part else ()
        return Rated(usage.quantity, tuple(lines))
