"""The value axis: round numbers from a little below the lowest to a little above the highest."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from portal.core.charts.units import DECIMAL_STEPS, Unit

MOST_STEPS = 5


class Scale(NamedTuple):
    """Where the axis begins and ends, and its ticks; both ends are ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]


def scale(values: Sequence[float], unit: Unit, *, from_zero: bool) -> Scale:
    """The axis for `values`, in five steps at most. Without values it goes from 0 to one step."""
    lowest, highest = min(values, default=0.0), max(values, default=0.0)
    if from_zero:
        lowest, highest = min(lowest, 0.0), max(highest, 0.0)
    step = _step(max(highest - lowest, unit.least_step), unit)
    first, last = _around(lowest, highest, step)
    if last - first > MOST_STEPS:
        step = _step(step * MOST_STEPS * 1.01, unit)
        first, last = _around(lowest, highest, step)
    if unit.ceiling is not None and last * step > unit.ceiling >= highest:
        last = math.floor(unit.ceiling / step)
        first = min(first, last - 1)
    ticks = tuple(round(n * step, 9) for n in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def _around(lowest: float, highest: float, step: float) -> tuple[int, int]:
    first = math.floor(lowest / step + 1e-9)
    return first, max(math.ceil(highest / step - 1e-9), first + 1)


def _step(length: float, unit: Unit) -> float:
    wanted = max(length / MOST_STEPS, unit.least_step)
    if wanted <= 0:
        return unit.steps[0] if unit.steps else 1.0
    if unit.steps:
        return next((one for one in unit.steps if one >= wanted * (1 - 1e-9)), unit.steps[-1])
    tens = 10 ** math.floor(math.log10(wanted))
    return next(
        (one * tens for one in DECIMAL_STEPS if one * tens >= wanted * (1 - 1e-9)), 10 * tens
    )
