"""What a line of an invoice says beside its figures, in sentences."""

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from billing.plans.proration import Days
from billing.plans.term import Discount
from portal.core.decimals import plain_number

COMMITMENT: Final = "Minimum commitment"
CAP: Final = "Monthly cap"
NAMES: Final = MappingProxyType({"#commitment": COMMITMENT, "#cap": CAP, "#discount": "Discount"})


def part_month(days: Days) -> str:
    """Nothing for a whole month."""
    return "" if days.is_whole else f"{days.billed} of {days.month.days} days."


def allowance(whole: Decimal, included: Decimal, days: Days) -> str:
    """For which days usage was counted, and how many units are free."""
    if not whole:
        return part_month(days)
    if included == whole:
        return joined(part_month(days), f"{plain_number(whole)} are included.")
    of = f"{plain_number(included)} of {plain_number(whole)} are included."
    return joined(part_month(days), of)


def percent_off(discounts: Sequence[Discount]) -> str:
    """Each that takes a percentage, with its name."""
    each = [f"{plain_number(one.percent)} % off: {one.name}" for one in discounts if one.percent]
    return f"{'; '.join(each)}." if each else ""


def committed(commitment: Decimal, used: Decimal, days: Days) -> str:
    agreed = f"{_money(commitment, days)} were agreed on; charges before discounts are"
    return joined(part_month(days), f"{agreed} {_money(used, days)}.")


def capped(cap: Decimal, days: Days) -> str:
    return joined(part_month(days), f"A month costs {_money(cap, days)} at most.")


def adjusted(owed: Decimal, before: Decimal) -> str:
    return f"{owed} is owed by what is known now, and {before} was billed before."


def joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def _money(amount: Decimal, days: Days) -> str:
    return f"{amount} {days.currency}"
