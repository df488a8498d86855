"""Figures name the page's colours, plotly takes them, and nothing in them is what a name says it is."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import plotly.graph_objects as go
import pytest

from portal.core.charts import heats, units
from portal.core.charts.chart import Chart, Promise, Series
from portal.core.charts.shown import shown
from tests.charts import gallery

pytestmark = pytest.mark.pure

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", re.IGNORECASE)
EVERY = [gallery.lollipop, gallery.latency, gallery.throughput, gallery.heat]


def strings(value: Any, key: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [found for name, one in value.items() for found in strings(one, name)]
    if isinstance(value, list):
        return [found for one in value for found in strings(one, key)]
    return [(key, value)] if isinstance(value, str) else []


@pytest.mark.parametrize("make", EVERY)
def test_every_colour_of_a_figure_is_the_name_of_one_of_the_page(make: Any) -> None:
    found = strings(shown(make())["figure"])
    colours = [text for key, text in found if re.search(r"color(scale)?s?$", key)]
    assert colours
    assert [text for text in colours if not re.fullmatch(r"var\(--[a-z0-9-]+\)", text)] == []
    assert [text for _, text in found if COLOUR.search(text)] == []


@pytest.mark.parametrize("make", EVERY)
def test_plotly_accepts_every_property_of_a_figure(make: Any) -> None:
    figure = go.Figure(shown(make())["figure"])
    assert len(figure.data) >= 1


@pytest.mark.parametrize("make", EVERY)
def test_a_figure_is_json_without_what_json_has_not(make: Any) -> None:
    json.dumps(shown(make())["figure"], allow_nan=False)


def test_a_day_that_broke_the_promise_hangs_from_it_on_a_red_stem() -> None:
    layout = shown(gallery.lollipop())["figure"]["layout"]
    stems = [one for one in layout["shapes"] if one["line"]["color"] == "var(--bad)"]
    assert [(one["y0"], one["y1"]) for one in stems] == [(99, 84.6), (99, 89.2), (99, 92.4)]
    dashed = [one for one in layout["shapes"] if one["line"].get("dash") == "dash"]
    assert [(one["y0"], one["y1"]) for one in dashed] == [(99, 99)]
    assert [one["text"] for one in layout["annotations"]] == [
        "promise 99 %", "84.6 %", "89.2 %", "92.4 %",
    ]  # fmt: skip
    assert layout["xaxis"]["ticktext"] == ["1 Apr", "8", "17", "23", "30"]


def test_a_promise_of_at_most_is_broken_by_more() -> None:
    chart = replace(gallery.lollipop(), promise=Promise(value=90, better="less"))
    stems = [
        one
        for one in shown(chart)["figure"]["layout"]["shapes"]
        if one["line"]["color"] == "var(--bad)"
    ]
    # 30 days, of which 8 April (84.6) and 17 April (89.2) have at most 90
    assert len(stems) == 28


def test_a_gap_stays_a_gap_and_is_said_in_the_table() -> None:
    page = shown(gallery.latency())
    half = page["figure"]["data"][1]
    assert half["y"][5] is None
    assert half["connectgaps"] is False
    assert page["table"].rows[5][2] == "none"


def test_what_broke_and_now_are_marked_with_words() -> None:
    words = [one["text"] for one in shown(gallery.latency())["figure"]["layout"]["annotations"]]
    assert words[:3] == ["ERP down", "now", "promise 30 s"]
    assert words[3:] == ["slowest 1 of 20", "half of them"]


def test_stacked_bars_say_what_their_colours_mean_and_reach_the_top_of_the_stack() -> None:
    page = shown(gallery.throughput())
    assert page["keys"] == [
        {"label": "Delivered", "role": "subject"},
        {"label": "Held", "role": "bad"},
    ]
    # The highest stack is 120 + 1, so the axis goes to 150 in steps of 50.
    assert page["figure"]["layout"]["yaxis"]["ticktext"] == ["0", "50", "100", "150"]


HOSTILE = "<img src=x onerror=alert(1)> & <b>Ann</b>"


def test_a_name_that_looks_like_markup_is_a_name() -> None:
    chart = replace(
        gallery.latency(),
        series=[
            Series(label=HOSTILE, points=[(gallery.NOON, 1), (gallery.NOON + timedelta(hours=1), 2)]),
            Series(label="b", points=[(gallery.NOON, 1)]),
        ],
    )  # fmt: skip
    texts = [text for key, text in strings(shown(chart)["figure"]) if key in {"text", "hovertext"}]
    assert any("&lt;img src=x onerror=alert(1)&gt; &amp; &lt;b&gt;Ann" in text for text in texts)
    assert [text for text in texts if "<" in text] == []


def test_a_bin_that_looks_like_markup_is_a_bin() -> None:
    heat = replace(gallery.heat(), rows=[HOSTILE, *gallery.heat().rows[1:]])
    assert [t for _, t in strings(shown(heat)["figure"]) if "<" in t] == []


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused_with_its_place(bad: float) -> None:
    chart = Chart(
        slug="x", title="x", sentence="x", kind="line", unit=units.PERCENT,
        series=[Series(label="Share", points=[(gallery.NOON, bad)])],
    )  # fmt: skip
    with pytest.raises(ValueError, match="Share at 2026-04-08 19:00:00"):
        shown(chart)


@pytest.mark.parametrize("kind", ["line", "bar", "lollipop"])
def test_a_chart_without_points_is_empty_and_draws(kind: Any) -> None:
    chart = Chart(
        slug="x", title="x", sentence="x", kind=kind, unit=units.PERCENT, slot=300,
        series=[Series(label="a", points=[])],
    )  # fmt: skip
    page = shown(chart)
    assert page["is_empty"]
    go.Figure(page["figure"])


def test_one_point_is_a_chart() -> None:
    chart = Chart(
        slug="x", title="x", sentence="x", kind="line", unit=units.PERCENT,
        series=[Series(label="a", points=[(gallery.NOON, 50)])],
    )  # fmt: skip
    low, high = shown(chart)["figure"]["layout"]["xaxis"]["range"]
    assert low < high


def test_bars_want_to_know_how_long_a_slot_is() -> None:
    with pytest.raises(ValueError, match="slot"):
        shown(replace(gallery.throughput(), slot=0))


def test_steps_of_a_heat_map_are_multiples_of_each_other() -> None:
    # the fifth roots of 1000: 3.98, 15.8, 63.1, 251.2, 1000
    assert heats.edges(1000) == [4, 16, 63, 251, 1000]
    assert heats.edges(2) == [1, 2]
    assert heats.edges(0) == []


def test_the_colours_of_a_heat_map_rise_to_its_highest_count_and_nothing_is_surface() -> None:
    colours = shown(gallery.heat())["figure"]["data"][0]["colorscale"]
    stops = [stop for stop, _ in colours]
    assert stops == sorted(stops)
    assert (stops[0], stops[-1]) == (0, 1)
    assert colours[0][1] == "var(--heat-0)"
    assert colours[-1][1] == "var(--heat-5)"


def test_a_heat_map_of_nothing_has_one_colour() -> None:
    heat = replace(gallery.heat(), cells=[[0] * 24 for _ in range(6)])
    colours = {name for _, name in shown(heat)["figure"]["data"][0]["colorscale"]}
    assert colours == {"var(--heat-0)"}


def test_cells_that_do_not_fit_their_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="6 rows of 24 columns"):
        shown(replace(gallery.heat(), cells=[[1, 2]]))
