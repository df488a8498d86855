"""What to tell a channel when the stock figures are old."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

_MICROSECOND = timedelta(microseconds=1)
_HOUR = Decimal(3_600_000_000)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Up to `limit` a figure is good. Beyond, expected sales times `caution` come off; beyond
    `zero_after`, A items are told as sold out. Raises ValueError for limits out of order."""

    limit: timedelta = timedelta(minutes=60)
    zero_after: timedelta = timedelta(hours=4)
    caution: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.limit <= self.zero_after:
            raise ValueError("limit must not be below zero nor above zero_after")
        if self.caution < 0:
            raise ValueError(f"caution must not be below 0, not {self.caution}")


def fresh_quantity(
    last: int, *, age: timedelta, freshness: Freshness, hourly_sales: Decimal, a_item: bool
) -> int:
    """The quantity to publish when the figures behind `last` are `age` old.

    `hourly_sales`: units expected to sell an hour, 0 or more. `a_item`: one of the fast sellers an
    oversell hurts most. Rounded down, never below zero.
    """
    if age <= freshness.limit:
        return max(0, last)
    if a_item and age > freshness.zero_after:
        return 0
    hours = Decimal(age // _MICROSECOND) / _HOUR
    left = last - freshness.caution * hourly_sales * hours
    return max(0, int(left.to_integral_value(rounding=ROUND_FLOOR)))
