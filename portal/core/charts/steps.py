"""Prices by how many: lines that go in steps along a quantity, for example what the next unit costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.core.charts.chart import Role, Size
from portal.core.charts.frame import (
    BOTTOM,
    EDGE,
    HEIGHTS,
    STRONG,
    TOKENS,
    TOP,
    frame,
    room,
    y_ticks_of,
)
from portal.core.charts.labels import apart, plain
from portal.core.charts.marks import word
from portal.core.charts.scale import Scale, scale
from portal.core.charts.times import Tick
from portal.core.charts.units import Unit, counted

_GAP = 14  # pixels between two names
_TICK_HEIGHT = 0.06  # of the chart
Step = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """`steps`: above which quantity which value holds, from 0 on and rising."""

    label: str
    steps: Sequence[Step]
    role: Role = "subject"
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChart:
    """`until`: where the axis of quantities may end. `ticks`: quantities that are marked on it."""

    slug: str
    title: str
    sentence: str
    x_label: str
    lines: Sequence[StepLine]
    unit: Unit
    until: Decimal
    ticks: Sequence[Decimal] = ()
    size: Size = "usual"


def shown(chart: StepChart) -> dict[str, Any]:
    """What `components/chart.html` takes, as `charts.shown.shown` gives it. ValueError for a line without
    steps."""
    if any(not line.steps for line in chart.lines):
        raise ValueError("A line of steps has at least one.")
    return {
        "id": f"chart-{chart.slug}",
        "figure_id": f"chart-{chart.slug}-figure",
        "title": chart.title,
        "sentence": chart.sentence,
        "note": "",
        "figure": _figure(chart),
        "table": {"head": _head(chart), "rows": _rows(chart)},
        "keys": [],
        "size": chart.size,
        "is_empty": not chart.lines,
    }


def _figure(chart: StepChart) -> dict[str, Any]:
    along = scale([0.0, float(chart.until)], counted(""), from_zero=True)
    values = [float(value) for line in chart.lines for _, value in line.steps]
    upright = scale(values, chart.unit, from_zero=True)
    say = counted("").say
    x_ticks = [Tick(round(at), say(at)) for at in along.ticks]
    layout = frame(
        x_ticks, y_ticks_of(upright, chart.unit), size=chart.size, x_range=(0.0, along.high)
    )
    layout["margin"]["r"] = EDGE + room([line.label for line in chart.lines])
    layout["shapes"] = [_tick(float(at)) for at in chart.ticks if at <= along.high]
    layout["annotations"] = _names(chart, upright, until=along.high)
    return {"data": [_trace(chart, line, along.high) for line in chart.lines], "layout": layout}


def _trace(chart: StepChart, line: StepLine, until: float) -> dict[str, Any]:
    inside = [(float(at), float(value)) for at, value in line.steps if at < until]
    dash = {"dash": "dot"} if line.dashed else {}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*(at for at, _ in inside), until],
        "y": [*(value for _, value in inside), inside[-1][1]],
        "line": {"color": TOKENS[line.role], "width": 2, "shape": "hv", **dash},
        "hoverinfo": "text",
        "hovertext": [*(_said(chart, line, at, value) for at, value in inside), ""],
    }


def _said(chart: StepChart, line: StepLine, at: float, value: float) -> str:
    return f"{plain(line.label)}: {chart.unit.say(value)} above {counted('').say(at)}"


def _tick(at: float) -> dict[str, Any]:
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": _TICK_HEIGHT,
        "line": {"color": STRONG, "width": 2},
    }  # fmt: skip


def _names(chart: StepChart, upright: Scale, *, until: float) -> list[dict[str, Any]]:
    """Each line's name beside its last value."""
    ends = [_last(line, until) for line in chart.lines]
    least = _GAP / (HEIGHTS[chart.size] - TOP - BOTTOM) * (upright.high - upright.low)
    places = apart(ends, least=least, low=upright.low, high=upright.high)
    return [
        word(
            line.label, colour=TOKENS[line.role], name="line-end", xref="paper", yref="y", x=1,
            y=place, xanchor="left", yanchor="middle", xshift=4,
        )
        for line, place in zip(chart.lines, places, strict=True)
    ]  # fmt: skip


def _last(line: StepLine, until: float) -> float:
    return float([value for at, value in line.steps if at < until][-1])


def _head(chart: StepChart) -> list[str]:
    return [chart.x_label, *(f"{line.label}, {chart.unit.word}" for line in chart.lines)]


def _rows(chart: StepChart) -> list[list[str]]:
    """A row for every stretch in which no line changes."""
    edges = sorted({at for line in chart.lines for at, _ in line.steps})
    say = counted("").say
    rows = []
    for above, up_to in zip(edges, [*edges[1:], None], strict=True):
        if up_to is None:
            name = f"above {say(float(above))}" if above else "any"
        else:
            name = f"above {say(float(above))}, up to {say(float(up_to))}"
        rows.append([name, *(chart.unit.say(_at(line, above)) for line in chart.lines)])
    return rows


def _at(line: StepLine, above: Decimal) -> float:
    return float([value for at, value in line.steps if at <= above][-1])
