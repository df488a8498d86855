"""Quantities, exact: whole ones are plain integers, all others fractions. No rounding anywhere."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

Amount = int | Fraction
_CENT: Final = Decimal("0.01")
_PLACES: Final = 8
_DIGITS: Final = (
    64  # a break keeps its gap in 130 characters: a sign, two such numbers and a stroke
)
# Without bounds "1e3000000" is a number of three million digits, which takes minutes to make.
_WRITTEN: Final = re.compile(
    r"[+-]?(?:"
    r"(?:[0-9]{1,40}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?"
    r"|[0-9]{1,64}/[1-9][0-9]{0,63})"
)
_MOST: Final = 10**13  # as in a canonical document: 13 digits before the point
_FINEST: Final = 10**20  # an ERP that counts in floating point says 0.30000000000000004
_WHOLE: Final = re.compile(r"\d+")


class QuantityError(ValueError):
    """A sentence that says what is no quantity."""


def amount(said: str | int | Decimal | Fraction) -> Amount:
    """A quantity as a system said it or `text` wrote it: "24", "12.500", Decimal("-3"), "1/3".

    QuantityError for anything else, and for more digits than any sum of quantities has.
    """
    if isinstance(said, int):
        return said
    if isinstance(said, str):
        return _read(said)
    if isinstance(said, Decimal) and not _is_bounded(said):
        raise QuantityError(f"“{str(said)[:20]}” is no quantity.")
    return plain(Fraction(said))


def _read(said: str) -> Amount:
    if len(said) <= _DIGITS and said.isascii() and said.isdigit():
        return int(said)
    found = said.strip() if len(said) <= 3 * _DIGITS else ""
    if not _WRITTEN.fullmatch(found):
        raise QuantityError(f"“{said[:20]}” is no quantity.")
    return plain(Fraction(found))


def _is_bounded(said: Decimal) -> bool:
    places = said.as_tuple().exponent
    return isinstance(places, int) and places > -_DIGITS and said.adjusted() < _DIGITS


def counted(said: str) -> Amount:
    """A quantity from outside, whoever says it: at most 13 digits before the point and 20 after.

    QuantityError for anything else.
    """
    found = amount(said)
    if size(found) >= _MOST or found.denominator > _FINEST:
        raise QuantityError(f"“{said[:20]}” is no quantity.")
    return found


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
