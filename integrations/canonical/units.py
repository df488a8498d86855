"""Quantities from one unit into another, per item and exact."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

from integrations.canonical.problem import Problem
from portal.core.decimals import plain_number

# How many of `target` one `source` of an item is, by (sku, source, target). None where that is not known.
Rate = Callable[[str, str, str], Fraction | None]


class Unit(TypedDict):
    """One row of a product's `units`: `factor` base units are in one `uom`; the base's is "1"."""

    uom: str
    factor: str


def convert(
    quantity: str, *, source: str, target: str, units: Sequence[Unit], path: str
) -> Fraction | Problem:
    """`quantity` (decimal text) of `source` in `target`, exact: 2 CA of 12 EA are 24 EA.

    A unit the item does not have is a `uom_mismatch` at `path`, never a factor of 1. The same unit
    on both sides needs no row.
    """
    amount = Fraction(Decimal(quantity))
    if source == target:
        return amount
    factors = {unit["uom"]: Fraction(Decimal(unit["factor"])) for unit in units}
    for uom in (source, target):
        if uom not in factors:
            return Problem(
                "uom_mismatch",
                path,
                uom,
                f"Unit {uom} has no conversion for this item.",
            )
    return amount * factors[source] / factors[target]


def whole(quantity: Fraction, *, uom: str, path: str) -> str | Problem:
    """`quantity` as text of a whole number; a `uom_mismatch` if the goods would have to be cut."""
    if quantity.denominator == 1:
        return str(quantity.numerator)
    text = f"The quantity is not a whole number of {uom}."
    return Problem("uom_mismatch", path, str(quantity), text)


def only_the_same(_sku: str, source: str, target: str) -> Fraction | None:
    """The rate of items nothing is known of."""
    return Fraction(1) if source == target else None


def shown(quantity: Fraction) -> str:
    """For a person: exact where that has an end, else three places."""
    number = Decimal(quantity.numerator) / Decimal(quantity.denominator)
    return plain_number(number if Fraction(number) == quantity else round(number, 3))
