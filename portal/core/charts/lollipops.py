"""A dot a day; a day that broke the promise hangs from it on a red stem, with its value."""

from decimal import Decimal
from typing import Any

from portal.core.charts import times
from portal.core.charts.chart import Chart, When
from portal.core.charts.lines import said
from portal.core.charts.marks import word
from portal.core.charts.times import Tick


def missed(chart: Chart) -> list[tuple[When, float]]:
    """The days that broke the promise."""
    return [
        (when, float(value))
        for when, value in chart.series[0].points
        if value is not None and _broke(chart, value)
    ]


def traces(chart: Chart) -> list[dict[str, Any]]:
    """Raises ValueError for anything but one series."""
    if len(chart.series) != 1:
        raise ValueError(f"a lollipop shows one series, not {len(chart.series)}")
    series = chart.series[0]
    late = [value is not None and _broke(chart, value) for _, value in series.points]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [times.position(when) for when, _ in series.points],
            "y": [None if value is None else float(value) for _, value in series.points],
            "marker": {
                "color": ["var(--bad)" if one else "var(--ink-2)" for one in late],
                "size": [8 if one else 6 for one in late],
                "line": {"width": 0},
                "opacity": 1,
            },
            "cliponaxis": False,
            "hoverinfo": "text",
            "hovertext": said(chart, series),
        }
    ]


def stems(chart: Chart) -> list[dict[str, Any]]:
    if chart.promise is None:
        return []
    return [
        _stem(times.position(when), chart.promise.value, value) for when, value in missed(chart)
    ]


def values(chart: Chart) -> list[dict[str, Any]]:
    """The value at the end of each stem."""
    below = chart.promise is not None and chart.promise.better == "more"
    anchor, shift = ("top", -6) if below else ("bottom", 6)
    return [
        word(
            chart.unit.say(value), name="stem-end", xref="x", yref="y", x=times.position(when),
            y=value, xanchor="center", yanchor=anchor, yshift=shift,
        )
        for when, value in missed(chart)
    ]  # fmt: skip


def ticks(chart: Chart) -> list[Tick]:
    """The first day, the last one, and those that broke the promise; if none did, as on any axis."""
    days = [when for when, _ in chart.series[0].points]
    if not days:
        return []
    late = [when for when, _ in missed(chart)]
    if not late:
        return times.ticks(days[0], days[-1], chart.zone)
    return times.labelled(sorted({days[0], *late, days[-1]}, key=times.position))


def _broke(chart: Chart, value: int | float | Decimal) -> bool:
    return chart.promise is not None and not chart.promise.is_kept(float(value))


def _stem(at: int, top: float, bottom: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "yref": "y",
        "x0": at,
        "x1": at,
        "y0": top,
        "y1": bottom,
        "line": {"color": "var(--bad)", "width": 2},
    }
