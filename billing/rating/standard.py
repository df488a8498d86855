"""The same price for every unit."""

from dataclasses import dataclass
from decimal import Decimal

from billing.rating import rated
from billing.rating.rated import Rated
from billing.rating.terms import negative, refuse
from billing.rating.usage import Usage


@dataclass(frozen=True, slots=True)
class Standard:
    """`unit_amount` for each unit above the first `free_units`, the included allowance."""

    unit_amount: Decimal
    free_units: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        refuse(negative(unit_amount=self.unit_amount, free_units=self.free_units))

    def rate(self, usage: Usage) -> Rated:
        free = min(usage.quantity, self.free_units)
        lines = [rated.free(free, up_to=self.free_units)] if free else []
        if usage.quantity > free:
            lines.append(rated.units(usage.quantity - free, self.unit_amount, above=free))
        return Rated(usage.quantity, tuple(lines))
