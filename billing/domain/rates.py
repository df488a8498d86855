"""What a currency is worth in another, as somebody entered it."""

from datetime import date
from decimal import Decimal

from billing.models import ExchangeRate


class NoRateError(ValueError):
    """No rate is known; the text says which to enter."""


def rate(base: str, quote: str, *, on: date) -> Decimal:
    """How much of `quote` one of `base` is on a day: the newest rate that has begun. One either way is
    enough. NoRateError for none."""
    if base == quote:
        return Decimal(1)
    known = ExchangeRate.objects.filter(begins__lte=on).order_by("-begins")
    if found := known.filter(base=base, quote=quote).first():
        return found.rate
    if found := known.filter(base=quote, quote=base).first():
        return Decimal(1) / found.rate
    raise NoRateError(f"Enter what 1 {base} is in {quote} from {on:%-d %b %Y} or earlier on.")
