"""A price for each package that was begun."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from billing.rating import rated
from billing.rating.rated import Line, Rated
from billing.rating.terms import negative, refuse
from billing.rating.usage import Usage
from portal.core.money import EXACT


@dataclass(frozen=True, slots=True)
class Package:
    """`amount` for every `package_size` units or a part of them, after the first `free_units`."""

    amount: Decimal
    package_size: Decimal
    free_units: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        refuse(self._problems())

    def rate(self, usage: Usage) -> Rated:
        free = min(usage.quantity, self.free_units)
        lines = [rated.free(free, up_to=self.free_units)] if free else []
        if usage.quantity > free:
            begun = _begun(usage.quantity - free, self.package_size)
            lines.append(
                Line("packages", begun, self.amount, EXACT.multiply(begun, self.amount), free)
            )
        return Rated(usage.quantity, tuple(lines))

    def _problems(self) -> Iterator[tuple[str, str]]:
        yield from negative(amount=self.amount, free_units=self.free_units)
        if self.package_size <= 0:
            yield "package_size", f"It is {self.package_size}; a package holds more than nothing."


def _begun(quantity: Decimal, size: Decimal) -> Decimal:
    whole, rest = EXACT.divmod(quantity, size)
    return whole + 1 if rest else whole
