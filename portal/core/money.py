"""The one money type and the one place that rounds. No floats, anywhere."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from enum import StrEnum
from functools import reduce, total_ordering
from typing import Final

from portal.core.currencies import minor_unit

_AMOUNT = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,8})?", re.ASCII)
# Wide enough that no sum or product of real documents is cut; what would be cut raises instead.
EXACT: Final = Context(prec=60, traps=[InvalidOperation, Inexact, Overflow])
_ROUNDING: Final = Context(prec=60, traps=[InvalidOperation, Overflow])


def add_up(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum; 0 of none."""
    return reduce(EXACT.add, amounts, Decimal(0))


class Rounding(StrEnum):
    """Half up and half even look at the nearest unit; up and down go away from and towards zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


def round_to(amount: Decimal, places: int, *, rule: Rounding = Rounding.HALF_UP) -> Decimal:
    """`amount` with exactly `places` decimals. Halves go away from zero, so a credit note mirrors
    its invoice. Never returns −0."""
    unit = Decimal(1).scaleb(-places)
    rounded = amount.quantize(unit, rounding=f"ROUND_{rule.upper()}", context=_ROUNDING)
    return rounded if rounded else abs(rounded)


def round_money(amount: Decimal, currency: str, *, rule: Rounding = Rounding.HALF_UP) -> Decimal:
    """`amount` in the minor unit of `currency` (ISO 4217)."""
    return round_to(amount, minor_unit(currency), rule=rule)


def parse_amount(text: str) -> Decimal:
    """The decimal in `text`: digits, at most 18 before and 8 after a point, a leading minus.

    Raises TypeError for anything but text (a float has lost its cents already) and ValueError for
    blanks, separators, exponents, NaN and infinity.
    """
    if not isinstance(text, str):
        raise TypeError(f"an amount is read from text, not from {type(text).__name__}")
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a decimal amount such as 1234.50")
    amount = Decimal(text)
    return amount if amount else abs(amount)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in a currency; until rounded it may be finer than the minor unit."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"an amount is a Decimal, not {type(self.amount).__name__}")
        if not self.amount.is_finite():
            raise ValueError("an amount is finite")
        minor_unit(self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """See `parse_amount`."""
        return cls(parse_amount(text), currency)

    def rounded(self, *, rule: Rounding = Rounding.HALF_UP) -> "Money":
        """The same money in whole minor units."""
        return Money(round_money(self.amount, self.currency, rule=rule), self.currency)

    def __add__(self, other: "Money") -> "Money":
        self._check(other)
        return Money(EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._check(other)
        return Money(EXACT.subtract(self.amount, other.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        if isinstance(factor, bool) or not isinstance(factor, Decimal | int):
            raise TypeError(f"money is multiplied by a Decimal or int, not {type(factor).__name__}")
        return Money(EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(EXACT.minus(self.amount), self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._check(other)
        return self.amount < other.amount

    def _check(self, other: object) -> None:
        if not isinstance(other, Money):
            raise TypeError(f"money and {type(other).__name__} do not mix")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")


def total(parts: Iterable[Money], currency: str) -> Money:
    """The sum of `parts`, which are all in `currency`; zero of it for none."""
    return sum(parts, start=Money(Decimal(0), currency))


def allocate(whole: Money, weights: Sequence[Decimal]) -> list[Money]:
    """Split `whole` by `weights` in minor units; the parts add up to it exactly.

    Each part is rounded half up and the last one with a weight takes the remainder: 10.00 over
    49.99, 19.99, 5.00 gives 6.67, 2.67, 0.66. No part gets the opposite sign of `whole`: 0.02 over
    four alike gives 0.01, 0.01, 0, 0. Raises ValueError for negative weights or none above zero.
    """
    if any(weight < 0 for weight in weights) or not any(weights):
        raise ValueError("weights are zero or more, and one of them is more")
    last = max(index for index, weight in enumerate(weights) if weight)
    size = whole.amount.copy_abs()
    everything = sum(weights, start=Decimal(0))
    left, parts = size, []
    for index, weight in enumerate(weights):
        share = _ROUNDING.divide(EXACT.multiply(size, weight), everything)
        part = left if index == last else min(round_money(share, whole.currency), left)
        left = EXACT.subtract(left, part)
        parts.append(Money(part.copy_sign(whole.amount) if part else part, whole.currency))
    return parts
