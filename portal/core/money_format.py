"""Money as people read it. Formatting never rounds."""

from portal.core.currencies import minor_unit
from portal.core.money import Money

MINUS = "−"
_SIGNS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}


def format_money(money: Money, *, signed: bool = False, with_currency: bool = False) -> str:
    """−1234.5 USD as "−1,234.50": at least the minor unit, more where the amount has more.

    `signed` writes + before a gain, for differences. `with_currency` gives "−$1,234.50", or the
    code and a no-break space where the currency has no sign of its own.
    """
    digits = max(minor_unit(money.currency), _decimals(money))
    grouped = f"{money.amount.copy_abs():,.{digits}f}"
    return _sign(money, signed=signed) + _currency(money, shown=with_currency) + grouped


def _decimals(money: Money) -> int:
    return len(f"{money.amount:f}".partition(".")[2].rstrip("0"))


def _sign(money: Money, *, signed: bool) -> str:
    if money.amount < 0:
        return MINUS
    return "+" if signed and money.amount > 0 else ""


def _currency(money: Money, *, shown: bool) -> str:
    if not shown:
        return ""
    return _SIGNS.get(money.currency, f"{money.currency}\u00a0")
