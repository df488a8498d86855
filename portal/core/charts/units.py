"""Units: how the values of a chart are said, and which steps their axis may take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

DECIMAL_STEPS: Final = (1.0, 2.0, 5.0)
_SPAN_STEPS: Final = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200,
    1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
)  # fmt: skip
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """`word` stands in heads of columns; `say` writes one value with its sign of unit, if it has one.

    `steps`: the only steps an axis may take; without them 1, 2, 5 and their tens from `least_step` on.
    `ceiling`: no value is above it, and no axis goes on past it.
    """

    word: str
    say: Callable[[float], str]
    steps: Sequence[float] = ()
    least_step: float = 0.0
    ceiling: float | None = None


def _count(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


def _percent(value: float) -> str:
    return f"{_count(value)} %"


def _span(seconds: float) -> str:
    """0.25 as 250 ms, 5046 as 1 h 24: two units at most, as pages say lengths of time."""
    if 0 < seconds < 1:
        return f"{_count(round(seconds * 1000, 1))} ms"
    if seconds < _MINUTE:
        return f"{_count(round(seconds, 1))} s"
    if seconds < _HOUR:
        minutes, rest = divmod(round(seconds), _MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    if seconds < _DAY:
        hours, rest = divmod(round(seconds), _HOUR)
        minutes = rest // _MINUTE
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    days, rest = divmod(round(seconds), _DAY)
    return f"{days} d {rest // _HOUR} h" if rest >= _HOUR else f"{days} d"


def counted(word: str) -> Unit:
    """Things that are counted: "documents", "orders"."""
    return Unit(word=word, say=_count, least_step=1.0)


PERCENT: Final = Unit(word="%", say=_percent, ceiling=100.0)
SECONDS: Final = Unit(word="time", say=_span, steps=_SPAN_STEPS)
