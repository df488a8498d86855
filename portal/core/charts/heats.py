"""A heat map: the more often, the darker, in five steps that each are a multiple of the last."""

from typing import Any, Final

from portal.core.charts import times
from portal.core.charts.chart import HeatMap
from portal.core.charts.frame import frame
from portal.core.charts.labels import plain
from portal.core.charts.thinning import MOST_POINTS

STEPS: Final = 5
_HOUR = 3_600_000


def figure(heat: HeatMap) -> dict[str, Any]:
    """Raises ValueError where the cells do not fit the rows and columns, or there are too many."""
    _check(heat)
    at = [times.position(when) for when in heat.columns]
    width = at[1] - at[0] if len(at) > 1 else _HOUR
    most = max((count for row in heat.cells for count in row), default=0)
    trace = {
        "type": "heatmap",
        "x": [one + width / 2 for one in at],
        "y": list(range(len(heat.rows))),
        "z": [list(row) for row in heat.cells],
        "zmin": 0,
        "zmax": max(most, 1),
        "colorscale": _colours(most),
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hoverinfo": "text",
        "hovertext": _said(heat),
    }
    words = [plain(row) for row in heat.rows]
    y_axis = {"tickvals": list(range(len(words))), "ticktext": words, "showgrid": False,
              "range": [-0.5, len(words) - 0.5]}  # fmt: skip
    last = at[-1] + width if at else width
    ticks = times.ticks(heat.columns[0], heat.columns[-1], heat.zone) if at else []
    layout = frame(ticks, y_axis, size=heat.size, x_range=(at[0] if at else 0, last))
    return {"data": [trace], "layout": layout}


def _check(heat: HeatMap) -> None:
    widths = {len(row) for row in heat.cells}
    if len(heat.cells) != len(heat.rows) or widths - {len(heat.columns)}:
        raise ValueError(
            f"cells for {len(heat.rows)} rows of {len(heat.columns)} columns are wanted,"
            f" not {len(heat.cells)} of {sorted(widths)}"
        )
    if len(heat.rows) * len(heat.columns) > MOST_POINTS:
        raise ValueError(
            f"a heat map has at most {MOST_POINTS:,} cells: choose longer hours or bins"
        )


def edges(most: int) -> list[int]:
    """The highest count of each step, the last being `most`: 1 to 3, to 10, to 31, to 100, to 316."""
    highest = (most ** (n / STEPS) for n in range(1, STEPS + 1))
    return sorted({max(round(one), 1) for one in highest}) if most else []


def _colours(most: int) -> list[list[Any]]:
    """Nothing is the page's surface; each step keeps its colour from its first count to its last."""
    highest = edges(most)
    if not highest:
        return [[0, "var(--heat-0)"], [1, "var(--heat-0)"]]
    first = (
        STEPS - len(highest) + 1
    )  # few counts: the darkest steps, so that the most is always dark
    found: list[list[Any]] = [[0, "var(--heat-0)"], [0.5 / most, "var(--heat-0)"]]
    for n, edge in enumerate(highest):
        colour, end = f"var(--heat-{first + n})", min((edge + 0.5) / most, 1)
        found += [[found[-1][0], colour], [end, colour]]
    return found


def _said(heat: HeatMap) -> list[list[str]]:
    hours = [times.said(when, heat.zone) for when in heat.columns]
    unit = heat.unit
    return [
        [
            f"{unit.say(n)} {unit.word}, {plain(name)}, {at}"
            for at, n in zip(hours, row, strict=True)
        ]
        for name, row in zip(heat.rows, heat.cells, strict=True)
    ]
