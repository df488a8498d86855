"""How many units to hold back from a channel whose feed is slow."""

from decimal import ROUND_CEILING, Decimal


def buffer_from_data(*, z: Decimal, hours: Decimal, sigma: Decimal) -> int:
    """⌈z × √hours × sigma⌉: the safety stock formula for what sells before the channel hears.

    `z`: 1.65 covers 95 % of cases, 2.33 covers 99 %. `hours`: delay of the feed plus its interval.
    `sigma`: standard deviation of hourly sales, in units. Raises ValueError below zero.
    """
    if min(z, hours, sigma) < 0:
        raise ValueError("z, hours and sigma must not be below 0")
    return int((z * hours.sqrt() * sigma).to_integral_value(rounding=ROUND_CEILING))
