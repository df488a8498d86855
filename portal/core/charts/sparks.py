"""A line as small as a word, for the row of a table: inline, without a script."""

from collections.abc import Sequence
from typing import Any, Final

from portal.core.charts.chart import Promise

WIDTH, HEIGHT = 76, 24  # as in components/spark.html
_PAD: Final = 4  # the dot at the end is half of that
MOST: Final = 120


def spark(
    values: Sequence[float | None], *, text: str, promise: Promise | None = None
) -> dict[str, Any]:
    """{lines, promise, end, text}: polylines of points, one for each stretch without a gap.

    `text` says the same in a sentence: what it is about, how it began and ended. `end` is the last value's
    dot, red where it breaks the promise. Raises ValueError for more than 120 values.
    """
    if len(values) > MOST:
        raise ValueError(f"{len(values)} values do not fit a line of {WIDTH} pixels: give weeks")
    known = [value for value in values if value is not None]
    levels = [*known, promise.value] if promise else known
    low, high = min(levels, default=0.0), max(levels, default=0.0)

    def place(n: int, value: float) -> tuple[float, float]:
        across = (WIDTH - 2 * _PAD) * n / max(len(values) - 1, 1)
        up = (value - low) / (high - low) if high > low else 0.5
        return round(_PAD + across, 1), round(HEIGHT - _PAD - up * (HEIGHT - 2 * _PAD), 1)

    stretches = [[place(n, value) for n, value in part] for part in _stretches(values)]
    return {
        "lines": [" ".join(f"{x},{y}" for x, y in part) for part in stretches],
        "promise": place(0, promise.value)[1] if promise else None,
        "end": _end(stretches, values, promise),
        "text": text,
    }


def _stretches(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((n, value))
    return [part for part in found if part]


def _end(
    stretches: list[list[tuple[float, float]]],
    values: Sequence[float | None],
    promise: Promise | None,
) -> dict[str, Any] | None:
    if not stretches or values[-1] is None:
        return None
    x, y = stretches[-1][-1]
    broke = promise is not None and not promise.is_kept(values[-1])
    return {"x": x, "y": y, "part": "bad" if broke else ""}
