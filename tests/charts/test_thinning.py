"""No chart draws more than 2,000 points, and it says what became of the rest."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.charts.chart import Series
from portal.core.charts.shown import shown
from portal.core.charts.thinning import MOST_POINTS, thin
from tests.charts import gallery

pytestmark = pytest.mark.pure


def line(count: int, *, every=lambda n: n % 100):
    points = [(gallery.NOON + timedelta(minutes=n), every(n)) for n in range(count)]
    return replace(gallery.latency(), series=[Series(label="a", points=points)], breaches=[])


def test_what_fits_stays_as_it_is() -> None:
    chart = line(2_000)
    assert thin(chart) == (chart, "")


def test_of_a_long_line_the_lowest_and_the_highest_of_each_stretch_are_drawn() -> None:
    # A spike and a gap among 12,960 values: neither may be lost.
    chart = line(12_960, every=lambda n: 5_000 if n == 6_001 else None if n == 7_777 else n % 10)
    drawn, rule = thin(chart)
    values = [value for _, value in drawn.series[0].points]
    # 3 × 12,960 ÷ 1,999 is 19.4, so each stretch is 20 long: 648 of them, with 2 points each, one gap
    # and the last point.
    assert rule == "Drawn from 12,960 values: of each 20 in turn the lowest and the highest."
    assert len(values) <= MOST_POINTS
    assert values.count(5_000) == 1
    assert values.count(None) == 1


def test_the_page_says_the_rule_and_its_table_has_the_points_drawn() -> None:
    page = shown(line(12_960))
    assert page["note"].startswith("Drawn from 12,960 values")
    assert len(page["table"].rows) == len(page["figure"]["data"][0]["y"]) <= MOST_POINTS


@given(st.integers(1, 9_000), st.integers(1, 4))
def test_all_series_together_stay_below_the_limit_and_end_where_they_ended(
    count: int, many: int
) -> None:
    chart = line(count)
    chart = replace(chart, series=[replace(chart.series[0], label=str(n)) for n in range(many)])
    drawn, _ = thin(chart)
    assert sum(len(one.points) for one in drawn.series) <= MOST_POINTS
    assert [one.points[-1] for one in drawn.series] == [one.points[-1] for one in chart.series]
    times = [when for when, _ in drawn.series[0].points]
    assert times == sorted(times)


def test_bars_are_added_up_and_none_is_lost() -> None:
    slots = [(gallery.NOON + timedelta(minutes=5 * n), 1) for n in range(5_000)]
    chart = replace(gallery.throughput(), series=[Series(label="a", points=slots)])
    drawn, rule = thin(chart)
    # 5,000 ÷ 2,000 is 2.5: three slots a bar, 1,667 bars, the last with the 2 that are left
    assert rule == "Each bar adds up 3 slots of time."
    assert (len(drawn.series[0].points), drawn.slot) == (1_667, 900)
    assert sum(value for _, value in drawn.series[0].points) == 5_000


def test_a_lollipop_of_too_many_days_is_refused() -> None:
    days = [(date(2020, 1, 1) + timedelta(days=n), 99) for n in range(2_001)]
    chart = replace(gallery.lollipop(), series=[Series(label="a", points=days)])
    with pytest.raises(ValueError, match="2,001 days are too many"):
        thin(chart)


def test_a_heat_map_of_too_many_cells_is_refused() -> None:
    heat = replace(
        gallery.heat(),
        columns=[gallery.NOON + timedelta(hours=n) for n in range(400)],
        cells=[[0] * 400 for _ in range(6)],
    )
    with pytest.raises(ValueError, match="at most 2,000 cells"):
        shown(heat)
