"""A chart as its page shows it: the figure for the browser, and the table with the same numbers."""

import math
from datetime import datetime
from typing import Any, NamedTuple

from portal.core.charts import bars, heats, lines, lollipops, times
from portal.core.charts.chart import Chart, HeatMap, Value
from portal.core.charts.frame import EDGE, frame, y_ticks_of
from portal.core.charts.marks import marks
from portal.core.charts.scale import scale
from portal.core.charts.thinning import thin

HALF_DAY = 43_200_000
NONE = "none"


class Table(NamedTuple):
    """`head` names the columns, the first one that of the rows; each row is what it is about, then values."""

    head: list[str]
    rows: list[list[str]]


def shown(chart: Chart | HeatMap) -> dict[str, Any]:
    """What `components/chart.html` takes: {id, figure_id, title, sentence, note, keys,
    figure, table, size, is_empty}.

    Raises ValueError for values that are no numbers, and for more than can be drawn.
    """
    if isinstance(chart, HeatMap):
        return _page(chart, figure=heats.figure(chart), table=_heat_table(chart), rule="")
    _check(chart)
    drawn, rule = thin(chart)
    return _page(drawn, figure=_figure(drawn), table=_table(drawn), rule=rule)


def _page(chart: Chart | HeatMap, *, figure: Any, table: Table, rule: str) -> dict[str, Any]:
    return {
        "id": f"chart-{chart.slug}",
        "figure_id": f"chart-{chart.slug}-figure",
        "title": chart.title,
        "sentence": chart.sentence,
        "note": rule,
        "figure": figure,
        "table": table,
        "keys": _keys(chart),
        "size": chart.size,
        "is_empty": not table.rows,
    }


def _keys(chart: Chart | HeatMap) -> list[dict[str, str]]:
    """What the colours of stacked bars mean; lines have their names beside them."""
    if isinstance(chart, HeatMap) or chart.kind != "bar" or len(chart.series) < 2:
        return []
    return [{"label": one.label, "role": one.role} for one in chart.series]


def _check(chart: Chart) -> None:
    for series in chart.series:
        for when, value in series.points:
            if value is not None and not math.isfinite(value):
                raise ValueError(
                    f"{series.label} at {when} is {value}; a chart wants numbers or None"
                )


def _figure(chart: Chart) -> dict[str, Any]:
    axis = scale(_values(chart), chart.unit, from_zero=chart.from_zero or chart.kind == "bar")
    x_ticks, x_range = _x(chart)
    layout = frame(x_ticks, y_ticks_of(axis, chart.unit), size=chart.size, x_range=x_range)
    beside = marks(chart)
    shapes, words = beside.shapes, beside.words
    if chart.kind == "line":
        data = lines.traces(chart)
        words += lines.names(chart, axis)
        layout["margin"]["r"] = EDGE + lines.room_for_names(chart)
    elif chart.kind == "bar":
        data = bars.traces(chart)
        layout["barmode"] = "stack"
    else:
        data = lollipops.traces(chart)
        shapes += lollipops.stems(chart)
        words += lollipops.values(chart)
    layout.update(shapes=shapes, annotations=words)
    return {"data": data, "layout": layout}


def _values(chart: Chart) -> list[float]:
    known = [float(v) for one in chart.series for _, v in one.points if v is not None]
    if chart.kind == "bar":
        known = bars.heights(chart)
    return [*known, chart.promise.value] if chart.promise else known


def _x(chart: Chart) -> tuple[list[times.Tick], tuple[float, float]]:
    moments = sorted({when for one in chart.series for when, _ in one.points}, key=times.position)
    if not moments:
        return [], (0, 1)
    first, last = times.position(moments[0]), times.position(moments[-1])
    if chart.kind == "lollipop":
        return lollipops.ticks(chart), (first - HALF_DAY, last + HALF_DAY)
    ticks = times.ticks(moments[0], moments[-1], chart.zone)
    end = last + chart.slot * 1000 if chart.kind == "bar" else max(last, first + 1)
    if chart.now is not None:
        end = max(end, times.position(chart.now))
    return ticks, (first, end)


def _table(chart: Chart) -> Table:
    head = [_x_head(chart), *(_column(one.label, chart.unit.word) for one in chart.series)]
    by_series = [dict(one.points) for one in chart.series]
    moments = sorted({when for one in by_series for when in one}, key=times.position)
    rows = [
        [times.said(when, chart.zone), *(_cell(one.get(when), chart) for one in by_series)]
        for when in moments
    ]
    return Table(head, rows)


def _x_head(chart: Chart) -> str:
    moments = [w for one in chart.series for w, _ in one.points if isinstance(w, datetime)]
    zone = times.zone_name(moments, chart.zone)
    return f"{chart.x_label}, {zone}" if zone else chart.x_label


def _column(label: str, word: str) -> str:
    return f"{label}, {word}" if word and word not in label else label


def _cell(value: Value, chart: Chart) -> str:
    return NONE if value is None else chart.unit.say(float(value))


def _heat_table(heat: HeatMap) -> Table:
    """A row an hour, a column a bin: on a phone the hours run down, as the page does."""
    head = [f"{heat.x_label}, {times.zone_name(heat.columns, heat.zone)}", *heat.rows]
    rows = [
        [times.said(when, heat.zone), *(heat.unit.say(row[n]) for row in heat.cells)]
        for n, when in enumerate(heat.columns)
    ]
    return Table(head, rows)
