"""What came of rating: lines that explain an amount, and the amount that is their sum."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from portal.core.money import EXACT, add_up, round_to

Kind = Literal["units", "flat", "packages", "percent", "fixed", "minimum", "maximum", "free"]
UNIT_PLACES = 12
_ZERO = Decimal(0)


class Line(NamedTuple):
    """One step of an amount.

    units: `quantity` × `price`. flat: `price` once for a tier or a charge. packages: so many of them ×
    `price`. percent: `price` per cent of `quantity`. fixed: `price` for each of `quantity` events. minimum,
    maximum: by how much events were raised or cut. free: what costs nothing. Of a tier it tells from above
    which number of units it is, and up to which; None is without end.
    """

    kind: Kind
    quantity: Decimal
    price: Decimal
    amount: Decimal
    above: Decimal | None = None
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """`unit_amount`: what a unit cost in the end, half up to 12 decimals; 0 where nothing was used."""

    quantity: Decimal
    lines: tuple[Line, ...]

    @property
    def amount(self) -> Decimal:
        """Not rounded."""
        return add_up(line.amount for line in self.lines)

    @property
    def unit_amount(self) -> Decimal:
        if not self.quantity:
            return _ZERO
        return round_to(self.amount / self.quantity, UNIT_PLACES)


def units(
    quantity: Decimal, price: Decimal, *, above: Decimal | None = None, up_to: Decimal | None = None
) -> Line:
    return Line("units", quantity, price, EXACT.multiply(quantity, price), above, up_to)


def percent(
    quantity: Decimal, rate: Decimal, *, above: Decimal | None = None, up_to: Decimal | None = None
) -> Line:
    amount = EXACT.multiply(quantity, rate).scaleb(-2, context=EXACT)
    return Line("percent", quantity, rate, amount, above, up_to)


def flat(price: Decimal, *, above: Decimal | None = None, up_to: Decimal | None = None) -> Line:
    return Line("flat", Decimal(1), price, price, above, up_to)


def free(quantity: Decimal, *, up_to: Decimal | None = None) -> Line:
    return Line("free", quantity, _ZERO, _ZERO, _ZERO, up_to)
