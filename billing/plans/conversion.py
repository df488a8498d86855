"""Money of one currency in another."""

from decimal import Decimal

from portal.core.money import EXACT, round_money


def convert(amount: Decimal, rate: Decimal, currency: str) -> Decimal:
    """`amount` × `rate` in `currency`, rounded once. `rate`: how much of it one unit is worth. ValueError
    for a rate that is not above 0."""
    if rate <= 0:
        raise ValueError(f"A rate is above 0, not {rate}.")
    return round_money(EXACT.multiply(amount, rate), currency)
