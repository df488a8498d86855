"""The one rule for parts of a month."""

from datetime import date
from decimal import ROUND_CEILING, Context, Decimal
from typing import Final, NamedTuple

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


class Days(NamedTuple):
    """The days of a month that are billed, half open, and the currency they are billed in."""

    month: Month
    begins: date
    ends: date
    currency: str

    @property
    def billed(self) -> int:
        """How many they are."""
        return (self.ends - self.begins).days

    @property
    def is_whole(self) -> bool:
        return self.billed == self.month.days

    @property
    def before(self) -> int:
        """Days of the month before the first one."""
        return (self.begins - self.month.begins).days

    def share(self, amount: Decimal) -> Decimal:
        """See `share`."""
        return share(amount, self.month, begins=self.begins, ends=self.ends, currency=self.currency)

    def units(self, whole: Decimal) -> Decimal:
        """What of the units of a whole month is for these days, up to a whole unit where it is a part."""
        if self.is_whole:
            return whole
        return part(whole, self.billed, self.month.days).to_integral_value(rounding=ROUND_CEILING)
