"""An order's discount, shipping or tax spread over its lines."""

from collections.abc import Sequence
from decimal import Decimal

from portal.core.money import Money, allocate


def prorate(amount: str, weights: Sequence[str], *, currency: str) -> list[str]:
    """`amount` split by `weights` (all decimal text) in the currency's minor unit, adding up
    exactly; the last line takes the remainder. Lines without any weight share alike.

    10.00 over 49.99, 19.99, 5.00 gives 6.67, 2.67, 0.66. ValueError for no lines, a negative
    weight or an unknown currency.
    """
    shares = [Decimal(weight) for weight in weights]
    if not any(shares):
        shares = [Decimal(1)] * len(shares)
    return [str(part.amount) for part in allocate(Money.parse(amount, currency), shares)]
