"""What holds for a while, averaged over the time it held."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Context, Decimal
from typing import Final, NamedTuple

from portal.core.money import EXACT, add_up, round_to

PLACES: Final = 8
_DIVIDING: Final = Context(prec=60)


class Point(NamedTuple):
    """From `at` on the value is `value`."""

    at: datetime
    value: Decimal


def time_weighted(points: Iterable[Point], *, begins: datetime, ends: datetime) -> Decimal:
    """The average of what held from `begins` up to `ends`, half up to 8 decimals.

    A point before `begins` says what held at first; before any point it is 0. 10 GB for the first 10 of 30
    days and 40 for the rest are 30. ValueError for a time of no length.
    """
    if ends <= begins:
        raise ValueError("an average needs some time")
    steps = [Point(max(one.at, begins), one.value) for one in sorted(points) if one.at < ends]
    last = len(steps) - 1
    parts = [
        EXACT.multiply(one.value, _microseconds(one.at, ends if at == last else steps[at + 1].at))
        for at, one in enumerate(steps)
    ]
    return round_to(_DIVIDING.divide(add_up(parts), _microseconds(begins, ends)), PLACES)


def _microseconds(begins: datetime, ends: datetime) -> Decimal:
    length = ends - begins
    return Decimal((length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds)
