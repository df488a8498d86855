"""Fewer points than there are, by a rule that is said: no chart draws more than `MOST_POINTS`.

Of lines, the lowest and the highest of each stretch are kept, and that there was a gap; no peak is lost.
Bars are added up. Nothing is left out of a lollipop or a heat map: those refuse.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from portal.core.charts.chart import Chart, Point, Series

MOST_POINTS: Final = 2_000
_KEPT: Final = 3  # of each stretch of a line: lowest, highest, a gap


class Thinned(NamedTuple):
    """The chart as it is drawn, and the sentence that says what became of the rest; blank for nothing."""

    chart: Chart
    rule: str


def thin(chart: Chart) -> Thinned:
    """The chart with at most `MOST_POINTS` points in all its series together.

    Raises ValueError for a lollipop of more, which nothing can be left out of.
    """
    longest = max((len(one.points) for one in chart.series), default=0)
    most = MOST_POINTS // max(len(chart.series), 1)
    if longest <= most:
        return Thinned(chart, "")
    if chart.kind == "lollipop":
        raise ValueError(f"{longest:,} days are too many for a lollipop: choose a shorter time")
    if chart.kind == "bar":
        return _added_up(chart, per_bar=-(-longest // most))
    stretch = -(-longest * _KEPT // (most - 1))
    series = [replace(one, points=_extremes(one.points, stretch)) for one in chart.series]
    rule = f"Drawn from {longest:,} values: of each {stretch} in turn the lowest and the highest."
    return Thinned(replace(chart, series=series), rule)


def _extremes(points: Sequence[Point], stretch: int) -> list[Point]:
    """Of each stretch its lowest, its highest and one gap, in order of time; and always the last point."""
    kept: list[Point] = []
    for at in range(0, len(points), stretch):
        part = points[at : at + stretch]
        known = [n for n, (_, value) in enumerate(part) if value is not None]
        places = {
            min(known, key=lambda n: part[n][1], default=-1),  # type: ignore[arg-type, return-value]
            max(known, key=lambda n: part[n][1], default=-1),  # type: ignore[arg-type, return-value]
            next((n for n, (_, value) in enumerate(part) if value is None), -1),
        }
        kept += [part[n] for n in sorted(places) if n >= 0]
    return kept if not points or kept[-1] == points[-1] else [*kept, points[-1]]


def _added_up(chart: Chart, *, per_bar: int) -> Thinned:
    series = [replace(one, points=_sums(one, per_bar)) for one in chart.series]
    rule = f"Each bar adds up {per_bar} slots of time."
    return Thinned(replace(chart, series=series, slot=chart.slot * per_bar), rule)


def _sums(series: Series, per_bar: int) -> list[Point]:
    parts = (series.points[n : n + per_bar] for n in range(0, len(series.points), per_bar))
    return [(part[0][0], sum(value or 0 for _, value in part)) for part in parts]
