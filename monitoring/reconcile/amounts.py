"""Quantities, exact: whole ones are plain integers, all others fractions. No rounding anywhere."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

Amount = int | Fraction
_CENT: Final = Decimal("0.01")
_PLACES: Final = 8
_WHOLE: Final = re.compile(r"\d+")


def amount(said: str | int | Decimal | Fraction) -> Amount:
    """A quantity as a system said it: "24", "12.500", Decimal("-3"), "1/3". ValueError for anything else."""
    if isinstance(said, int):
        return said
    if isinstance(said, str):
        try:
            return int(said)
        except ValueError:
            return plain(Fraction(said))
    return plain(Fraction(said))


def plain(value: Amount) -> Amount:
    """The same quantity, as an integer where it is whole."""
    return value.numerator if value.denominator == 1 else value


def size(value: Amount) -> Amount:
    """The quantity without its sign."""
    return -value if value < 0 else value


def text(value: Amount) -> str:
    """As `amount` reads it again: "-3", "12.5"; "1/3" where decimals do not end."""
    if value.denominator == 1:
        return str(value.numerator)
    scaled = value * 10**_PLACES
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled.numerator)).rjust(_PLACES + 1, "0")
    return f"{sign}{digits[:-_PLACES]}.{digits[-_PLACES:].rstrip('0')}"


def shown(value: Amount) -> str:
    """For people: `text` with thousands apart and a real minus sign, −8,050.5."""
    return _WHOLE.sub(lambda digits: f"{int(digits[0]):,}", text(value), count=1).replace("-", "−")


def signed(value: Amount) -> str:
    """For people, with its sign: +60, −2, +1,250, 0."""
    return f"+{shown(value)}" if value > 0 else shown(value)


def worth(value: Amount, unit_value: Decimal) -> Decimal:
    """What so many are worth, without its sign, to the cent (half even)."""
    exact = Decimal(abs(value.numerator)) * unit_value / value.denominator
    return exact.quantize(_CENT)
