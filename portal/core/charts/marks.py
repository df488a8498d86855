"""What stands beside the values: what was promised, now, and when something was not as it should be."""

from typing import Any, NamedTuple

from portal.core.charts import times
from portal.core.charts.chart import Breach, Chart, Promise
from portal.core.charts.frame import FONT, INK, SECOND, STRONG
from portal.core.charts.labels import plain
from portal.core.charts.units import Unit

Drawn = dict[str, Any]


class Marks(NamedTuple):
    shapes: list[Drawn]
    words: list[Drawn]


def word(text: str, *, colour: str = INK, **where: Any) -> Drawn:
    """A word at a place of the chart, without an arrow."""
    return {
        "text": plain(text),
        "showarrow": False,
        "font": {"size": FONT, "color": colour},
        **where,
    }


def marks(chart: Chart) -> Marks:
    """Everything that stands beside the values of a chart."""
    shapes = [_stretch(one) for one in chart.breaches]
    words = [_of_breach(one) for one in chart.breaches if one.label]
    if chart.now is not None:
        at = times.position(chart.now)
        shapes.append(_upright(at))
        words.append(_above(at, "now"))
    if chart.promise is not None:
        shapes.append(_level(chart.promise.value))
        words.append(_promised(chart.promise, chart.unit, is_left=chart.kind == "line"))
    return Marks(shapes, words)


def _of_breach(breach: Breach) -> Drawn:
    at = times.position(breach.began)
    return word(
        breach.label, colour="var(--bad)", xref="x", yref="paper", x=at, y=0, xanchor="left",
        yanchor="bottom", xshift=2,
    )  # fmt: skip


def _stretch(breach: Breach) -> Drawn:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": times.position(breach.began),
        "x1": times.position(breach.ended),
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": "var(--bad-wash)",
    }


def _upright(at: int) -> Drawn:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "line": {"color": STRONG, "width": 1},
    }


def _level(value: float) -> Drawn:
    return {
        "type": "line",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"color": INK, "width": 1, "dash": "dash"},
    }


def _above(at: int, text: str) -> Drawn:
    return word(
        text, colour=SECOND, xref="x", yref="paper", x=at, y=1, xanchor="right", yanchor="bottom"
    )


def _promised(promise: Promise, unit: Unit, *, is_left: bool) -> Drawn:
    """On the side of the line where what breaks the promise is: nothing that keeps it is covered. Lines
    have their names at the right, so that their promise stands at the left."""
    side = "top" if promise.better == "more" else "bottom"
    place, anchor = (0, "left") if is_left else (1, "right")
    return word(
        f"promise {unit.say(promise.value)}",
        xref="paper", yref="y", x=place, y=promise.value, xanchor=anchor, yanchor=side,
    )  # fmt: skip
