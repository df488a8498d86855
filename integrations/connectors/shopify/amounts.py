"""Shopify's amounts: decimal text in the shop's currency, per line as ordered. Pure."""

from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten

ZERO: Final = Decimal(0)
_WIDE: Final = Context(prec=60)
_LARGEST: Final = 18  # digits before the point, as in the canonical schemas
_SIXTH_PLACE: Final = Decimal("0.000001")


def amount(value: Any, path: str, problems: list[Problem]) -> Decimal:
    """A number; nothing is zero, and anything else a problem."""
    if value is None or value == "":
        return ZERO
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if found.is_finite() and abs(found.adjusted()) <= _LARGEST:
        return found
    text = f"{path} is “{shorten(value)}”; a number is needed."
    problems.append(Problem("wrong_format", path, shorten(value), text))
    return ZERO


def shop_money(holder: Mapping[str, Any], name: str, path: str, problems: list[Problem]) -> Decimal:
    """The amount of a MoneyBag in the shop's own currency."""
    bag = holder.get(name)
    money = bag.get("shopMoney") if isinstance(bag, Mapping) else None
    value = money.get("amount") if isinstance(money, Mapping) else None
    return amount(value, f"{path}{name}.shopMoney.amount", problems)


def part_of(whole: Decimal, count: Decimal, of: Decimal) -> Decimal:
    """What of `whole` falls on `count` of `of` pieces."""
    if count == of or not of:
        return whole
    return _WIDE.divide(_WIDE.multiply(whole, count), of)


def text(value: Decimal) -> str:
    """Plain decimal text with six places at most, and no zeros after the second."""
    if -value.as_tuple().exponent > 6:  # type: ignore[operator]
        value = value.quantize(_SIXTH_PLACE, context=_WIDE)
    whole, point, fraction = format(value, "f").partition(".")
    if len(fraction) > 2:
        fraction = fraction[:2] + fraction[2:].rstrip("0")
    return whole + (point and fraction and "." + fraction)
