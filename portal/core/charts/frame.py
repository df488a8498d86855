"""The frame of every figure: its two axes, its fonts, and its colours by the names the page has for them."""

from collections.abc import Sequence
from typing import Any, Final

from portal.core.charts.chart import Role, Size
from portal.core.charts.scale import Scale
from portal.core.charts.times import Tick
from portal.core.charts.units import Unit

TOKENS: Final[dict[Role, str]] = {
    "subject": "var(--chosen)",
    "context": "var(--ink-2)",
    "good": "var(--good)",
    "warn": "var(--warn)",
    "bad": "var(--bad)",
}
INK, SECOND = "var(--ink)", "var(--ink-2)"
LINE, STRONG, SURFACE = "var(--line)", "var(--line-strong)", "var(--surface)"
HEIGHTS: Final[dict[Size, int]] = {"low": 120, "usual": 220, "tall": 320}  # as in charts.css
FONT: Final = 11  # pixels, as --t-1
LETTER: Final = 6.2  # the mean width of a letter of that size
TOP, BOTTOM, EDGE = 16, 28, 8
_BESIDE: Final = 0.006  # of the axis: plotly leaves out hairlines that stand on its very ends


def frame(
    x_ticks: Sequence[Tick], y_axis: dict[str, Any], *, size: Size, x_range: tuple[float, float]
) -> dict[str, Any]:
    """A layout that stands still: no zoom, no mode bar, no legend, no motion."""
    words = [str(word) for word in y_axis["ticktext"]]
    return {
        "height": HEIGHTS[size],
        "margin": {"l": room(words), "r": EDGE, "t": TOP, "b": BOTTOM, "pad": 4},
        "paper_bgcolor": SURFACE,
        "plot_bgcolor": SURFACE,
        "font": {"size": FONT, "color": SECOND},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": SURFACE,
            "bordercolor": STRONG,
            "font": {"size": FONT, "color": INK},
            "align": "left",
        },
        "xaxis": {
            **still(x_ticks_of(x_ticks)),
            "showgrid": False,
            "range": list(x_range),
            "tickangle": 0,
            "ticklabelstandoff": 4,
        },
        "yaxis": still(y_axis),
        "annotations": [],
        "shapes": [],
    }


def x_ticks_of(ticks: Sequence[Tick]) -> dict[str, Any]:
    return {"tickvals": [one.position for one in ticks], "ticktext": [one.label for one in ticks]}


def y_ticks_of(scale: Scale, unit: Unit) -> dict[str, Any]:
    """The value axis with a hairline at each of its ticks."""
    beside = _BESIDE * (scale.high - scale.low)
    return {
        "range": [scale.low - beside, scale.high + beside],
        "tickvals": list(scale.ticks),
        "ticktext": [unit.say(tick) for tick in scale.ticks],
        "gridcolor": LINE,
        "gridwidth": 1,
    }


def still(axis: dict[str, Any]) -> dict[str, Any]:
    """An axis nobody drags, without lines of its own."""
    return {
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": FONT, "color": SECOND},
        **axis,
    }


def room(words: Sequence[str]) -> int:
    """The pixels the longest of the words takes beside the chart."""
    return round(EDGE + LETTER * max((len(word) for word in words), default=0))
