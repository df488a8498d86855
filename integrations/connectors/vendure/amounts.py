"""Vendure's amounts: integers that count the smallest unit. Pure."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten

ZERO: Final = Decimal(0)
_MOST_DIGITS: Final = 18
_WHOLE: Final = re.compile(rf"-?[0-9]{{1,{_MOST_DIGITS}}}", re.ASCII)


def amount(value: Any, path: str, digits: int, problems: list[Problem]) -> Decimal:
    """An amount in the currency's own unit; nothing is zero, and what is no integer a problem."""
    return count(value, path, problems).scaleb(-digits)


def count(value: Any, path: str, problems: list[Problem]) -> Decimal:
    """An integer; nothing is zero, and anything else a problem."""
    if value is None:
        return ZERO
    # Integers that doubles cannot hold are decoded as their digits.
    if not isinstance(value, bool) and _WHOLE.fullmatch(str(value)):
        return Decimal(str(value))
    text = f"{path} is “{shorten(value)}”; a whole number is needed."
    problems.append(Problem("wrong_format", path, shorten(value), text))
    return ZERO


def smallest(value: Any, path: str, digits: int) -> int | Problem:
    """The amount in the smallest unit; a problem where it is none, or finer than that."""
    try:
        units = Decimal(str(value)).scaleb(digits)
        if units == int(units) and 0 <= units < 10**_MOST_DIGITS:
            return int(units)
    except (InvalidOperation, ValueError, OverflowError):
        pass
    text = f"The shop's amounts have {digits} decimal places, and this is “{shorten(value)}”."
    return Problem("wrong_format", path, shorten(value), text)


def text(value: Decimal) -> str:
    """Plain decimal text."""
    return format(value, "f")
