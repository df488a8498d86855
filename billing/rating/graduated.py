"""Every unit at the price of the tier it is in."""

from dataclasses import dataclass

from billing.rating import rated, tiers
from billing.rating.rated import Rated
from billing.rating.terms import refuse
from billing.rating.tiers import Tier
from billing.rating.usage import Usage


@dataclass(frozen=True, slots=True)
class Graduated:
    """Of every tier that is reached its units at its price, and its flat amount once."""

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        refuse(tiers.problems(self.tiers))

    def rate(self, usage: Usage) -> Rated:
        found = tiers.parts(self.tiers, usage.quantity)
        lines = (line for part in found for line in tiers.lines(part, rated.units))
        return Rated(usage.quantity, tuple(lines))
