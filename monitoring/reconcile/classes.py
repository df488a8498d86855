"""Which items matter most: A, B and C by what their stock is worth."""

from collections.abc import Mapping
from decimal import Decimal

_A_SHARE, _B_SHARE = Decimal("0.80"), Decimal("0.95")


def by_value(values: Mapping[str, Decimal]) -> dict[str, str]:
    """SKU → class. The items that make up the first 80 % of the worth are A, up to 95 % B, the rest C.

    The one that reaches a limit is still on its near side. What is worth nothing is C.
    """
    whole = sum((value for value in values.values() if value > 0), Decimal(0))
    found, before = {}, Decimal(0)
    for sku, value in sorted(values.items(), key=lambda item: (-item[1], item[0])):
        found[sku] = _class(before, value, whole)
        before += max(value, Decimal(0))
    return found


def _class(before: Decimal, value: Decimal, whole: Decimal) -> str:
    if value <= 0:
        return "C"
    if before < whole * _A_SHARE:
        return "A"
    return "B" if before < whole * _B_SHARE else "C"
