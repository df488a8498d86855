"""A fixed amount, however much is used."""

from dataclasses import dataclass
from decimal import Decimal

from billing.rating import rated
from billing.rating.rated import Rated
from billing.rating.terms import negative, refuse
from billing.rating.usage import Usage


@dataclass(frozen=True, slots=True)
class Flat:
    """`amount` for each period, also where nothing was used."""

    amount: Decimal

    def __post_init__(self) -> None:
        refuse(negative(amount=self.amount))

    def rate(self, usage: Usage) -> Rated:
        return Rated(usage.quantity, (rated.flat(self.amount),))
