"""Bars, one a slot of time; several series stand on each other."""

from typing import Any

from portal.core.charts import times
from portal.core.charts.chart import Chart, Series
from portal.core.charts.frame import TOKENS
from portal.core.charts.lines import said

_FILLED = 0.8  # of its slot


def traces(chart: Chart) -> list[dict[str, Any]]:
    """Raises ValueError where nobody has said how long a slot is."""
    if chart.slot < 1:
        raise ValueError("bars want `slot`: the seconds one of them stands for")
    return [_bars(chart, series) for series in chart.series]


def _bars(chart: Chart, series: Series) -> dict[str, Any]:
    width = chart.slot * 1000
    return {
        "type": "bar",
        "x": [times.position(when) + width / 2 for when, _ in series.points],
        "y": [None if value is None else float(value) for _, value in series.points],
        "width": width * _FILLED,
        "marker": {"color": TOKENS[series.role], "line": {"width": 0}},
        "hoverinfo": "text",
        "hovertext": said(chart, series),
        "textposition": "none",
    }


def heights(chart: Chart) -> list[float]:
    """How high each stack is."""
    totals: dict[int, float] = {}
    for series in chart.series:
        for when, value in series.points:
            at = times.position(when)
            totals[at] = totals.get(at, 0.0) + float(value or 0)
    return list(totals.values())
