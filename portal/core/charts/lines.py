"""Lines, each with its name at its end."""

from typing import Any

from portal.core.charts import times
from portal.core.charts.chart import Chart, Series
from portal.core.charts.frame import BOTTOM, HEIGHTS, TOKENS, TOP, room
from portal.core.charts.labels import apart, plain
from portal.core.charts.marks import word
from portal.core.charts.scale import Scale

_GAP = 14  # pixels between two names


def traces(chart: Chart) -> list[dict[str, Any]]:
    return [_line(chart, series) for series in chart.series]


def _line(chart: Chart, series: Series) -> dict[str, Any]:
    dash = {"dash": "dot"} if series.dashed else {}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [times.position(when) for when, _ in series.points],
        "y": [None if value is None else float(value) for _, value in series.points],
        "line": {"color": TOKENS[series.role], "width": 2, **dash},
        "connectgaps": False,
        "hoverinfo": "text",
        "hovertext": said(chart, series),
    }


def said(chart: Chart, series: Series) -> list[str]:
    """What the pointer is told at each point: the name where there are several, the value, when."""
    name = f"{plain(series.label)}: " if len(chart.series) > 1 else ""
    return [
        ""
        if value is None
        else f"{name}{chart.unit.say(float(value))}, {times.said(when, chart.zone)}"
        for when, value in series.points
    ]


def names(chart: Chart, scale: Scale) -> list[dict[str, Any]]:
    """The names of several lines beside their last values; one alone is what the title says."""
    ends = [(one, value) for one in chart.series if (value := _last(one)) is not None]
    if len(chart.series) < 2:
        return []
    least = _GAP / (HEIGHTS[chart.size] - TOP - BOTTOM) * (scale.high - scale.low)
    places = apart([value for _, value in ends], least=least, low=scale.low, high=scale.high)
    return [
        word(
            series.label, colour=TOKENS[series.role], name="line-end", xref="paper", yref="y",
            x=1, y=place, xanchor="left", yanchor="middle", xshift=4,
        )
        for (series, _), place in zip(ends, places, strict=True)
    ]  # fmt: skip


def room_for_names(chart: Chart) -> int:
    """The pixels that the longest name takes beside the chart."""
    return room([one.label for one in chart.series]) if len(chart.series) > 1 else 0


def _last(series: Series) -> float | None:
    known = (float(value) for _, value in reversed(series.points) if value is not None)
    return next(known, None)
