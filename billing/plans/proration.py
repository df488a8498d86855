"""The one rule for parts of a month."""

from datetime import date
from decimal import Context, Decimal
from typing import Final

from billing.plans.month import Month
from portal.core.money import EXACT, round_money

_DIVIDING: Final = Context(prec=60)


def share(amount: Decimal, month: Month, *, begins: date, ends: date, currency: str) -> Decimal:
    """What of a month's `amount` is for the days from `begins` up to and without `ends`, rounded to the
    currency.

    What is due until the end less what was due until the beginning, each rounded: parts of a month, split
    anywhere, add up to the whole to the cent. ValueError for days that are not of the month.
    """
    if not month.begins <= begins <= ends <= month.ends:
        raise ValueError(f"{begins} to {ends} are no days of {month.key}.")
    until_end = round_money(part(amount, (ends - month.begins).days, month.days), currency)
    until_begin = round_money(part(amount, (begins - month.begins).days, month.days), currency)
    return until_end - until_begin


def part(amount: Decimal, days: int, of: int) -> Decimal:
    """`days` of `of` of the amount; not rounded but to 60 digits."""
    return _DIVIDING.divide(EXACT.multiply(amount, Decimal(days)), Decimal(of))
