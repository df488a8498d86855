"""Percentiles by nearest rank, on raw values: always one of the values, never something in between.

For a promise this is the same question as a share: p95 is at most 15 minutes when, and only when, 95 % of
the durations are. Percentiles of days are never averaged: the month has a percentile of its own.
"""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, Protocol, TypeVar


class _Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Value = TypeVar("Value", bound=_Ordered)


def percentile(values: Collection[Value], share: Decimal) -> Value:
    """The value of rank ceil(share × n), the smallest being of rank 1. `share` above 0, at most 1.

    Raises ValueError for no values or another share.
    """
    return sorted(values)[rank(len(values), share) - 1]


def rank(count: int, share: Decimal) -> int:
    """The nearest rank of a share among `count` values, from 1 on. Exact: 0.07 × 100 is 7, not 8."""
    if not 0 < share <= 1:
        raise ValueError(f"A percentile is a share above 0 and at most 1, not {share}.")
    if count < 1:
        raise ValueError("No values have no percentile.")
    return ceil(Fraction(share) * count)
