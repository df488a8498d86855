"""Quantities from one unit into another, per item and exact."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

from integrations.canonical.problem import Problem


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
