"""The small pictures that need no script: lines, parts of a whole, flows, traces."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.charts.chart import Promise
from portal.core.charts.graphs import Edge, Node, graph
from portal.core.charts.proportions import Share, proportion
from portal.core.charts.sparks import HEIGHT, WIDTH, spark
from portal.core.charts.waterfalls import Step, waterfall
from tests.charts import gallery

pytestmark = pytest.mark.pure


def test_a_line_goes_from_edge_to_edge_with_the_highest_at_the_top() -> None:
    made = spark([0, 10], text="x")
    # 76 by 24 with 4 around: from (4, 20) to (72, 4)
    assert made["lines"] == ["4.0,20.0 72.0,4.0"]
    assert made["end"] == {"x": 72.0, "y": 4.0, "part": ""}


def test_a_gap_parts_the_line_and_a_gap_at_the_end_has_no_dot() -> None:
    made = spark([1, 2, None, 3, None], text="x")
    assert len(made["lines"]) == 2
    assert made["end"] is None


def test_the_last_value_is_red_where_it_breaks_the_promise() -> None:
    kept = spark([98, 99.5], text="x", promise=Promise(value=99))
    broken = spark([99.5, 98], text="x", promise=Promise(value=99))
    assert (kept["end"]["part"], broken["end"]["part"]) == ("", "bad")


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=120))
def test_a_line_never_leaves_its_box(values: list[float | None]) -> None:
    for line in spark(values, text="x", promise=Promise(value=5))["lines"]:
        for x, y in (point.split(",") for point in line.split()):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= HEIGHT


def test_too_many_values_for_a_line_are_refused() -> None:
    with pytest.raises(ValueError, match="121 values"):
        spark([1.0] * 121, text="x")


def test_percents_are_whole_and_add_up() -> None:
    # A third each is 33.3: the first gets the point that is left.
    parts = proportion([Share("a", 1, "us"), Share("b", 1, "third"), Share("c", 1, "customer")])
    assert [one["percent"] for one in parts] == [34, 33, 33]
    assert [one["text"] for one in parts] == ["a 34 %", "b 33 %", "c 33 %"]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_whatever_the_parts_are_they_are_a_hundred_percent(amounts: list[int]) -> None:
    parts = proportion([Share(str(n), amount, "us") for n, amount in enumerate(amounts)])
    assert sum(one["percent"] for one in parts) == 100
    assert len(parts) == sum(1 for amount in amounts if amount)


def test_a_whole_of_nothing_has_no_parts_and_less_than_nothing_is_refused() -> None:
    assert proportion([Share("a", 0, "us")]) == []
    with pytest.raises(ValueError, match="not less than nothing"):
        proportion([Share("a", -1, "us")])


def test_each_flow_meets_the_row_it_comes_to() -> None:
    made = gallery.flows()
    # Four receivers with 1, 1, 2 and 1 flows are nine rows; three senders stand in their middle.
    assert (made.rows, len(made.senders), len(made.receivers)) == (9, 3, 9)
    assert [row["label"] for row in made.receivers if row["is_head"]] == [
        "Harbor shop", "Brightmart EDI", "Business Central", "Northwind RNO1",
    ]  # fmt: skip
    # The shop is the first sender, in row 3 of 9 (gap of (9 - 3) / 2); its orders to the ERP come to row 5.
    curve = next(c for c in made.curves if c["state"] == "bad")
    assert curve["path"] == "M0,3.5 C50,3.5 50,5.5 100,5.5"
    assert made.receivers[5]["label"] == "orders"


def test_the_busiest_flow_is_the_thickest_and_a_still_one_is_said_to_be() -> None:
    curves = gallery.flows().curves
    assert max(c["width"] for c in curves) == 9.0
    assert [c["width"] for c in curves if c["is_still"]] == [1.0]


def test_a_flow_to_nowhere_and_too_many_flows_are_refused() -> None:
    nodes = [Node("a", "A"), Node("b", "B")]
    with pytest.raises(ValueError, match="goes from or to c"):
        graph(nodes, [Edge("a", "c", "orders", 1, "1")])
    with pytest.raises(ValueError, match="61 flows are too many"):
        graph(nodes, [Edge("a", "b", "orders", 1, "1")] * 61)


def test_a_graph_of_nothing_is_one_empty_row() -> None:
    assert graph([], []) == ([], [], [], 1)


def step(began: float, ended: float, what: str = "x") -> Step:
    at = gallery.NOON
    return Step("hub", what, at + timedelta(seconds=began), at + timedelta(seconds=ended), "")


def said(length: timedelta) -> str:
    return f"{length.total_seconds():g} s"


def test_steps_stand_on_one_axis() -> None:
    made = waterfall([step(0, 5), step(5, 10)], say=said)
    assert [(s["x"], s["width"]) for s in made.steps] == [(0, 50), (50, 50)]
    assert made.cuts == []


def test_a_long_wait_is_cut_and_written_out() -> None:
    # 10 s of work and 1000 s of waiting: the axis is the 10 s, with 4 % for the cut.
    made = waterfall([step(0, 5), step(1005, 1010)], say=said)
    assert made.cuts == [{"x": 48, "width": 4, "said": "1000 s"}]
    assert [(s["x"], s["width"]) for s in made.steps] == [(0, 48), (52, 48)]


def test_the_axis_says_its_ends_and_quarters() -> None:
    made = waterfall([step(0, 100)], say=said)
    assert [(t["x"], (t["at"] - gallery.NOON).total_seconds()) for t in made.ticks] == [
        (0, 0), (25, 25), (50, 50), (75, 75), (100, 100)]  # fmt: skip


def test_the_axis_says_where_it_goes_on_after_a_cut() -> None:
    # 48 % are the first 5 s, 4 % the cut: quarters of 12 % have no room, and 24 % is the half.
    made = waterfall([step(0, 5), step(1005, 1010)], say=said)
    assert [(t["x"], (t["at"] - gallery.NOON).total_seconds()) for t in made.ticks] == [
        (0, 0), (24, 2.5), (52, 1005), (76, 1007.5), (100, 1010)]  # fmt: skip


def test_a_moment_is_still_seen_and_stays_within_the_axis() -> None:
    made = waterfall([step(0, 10), step(10, 10)], say=said)
    assert made.steps[1]["x"] + made.steps[1]["width"] == pytest.approx(100)


def test_a_step_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        waterfall([step(5, 1)], say=said)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**4)), max_size=20))
def test_every_step_is_within_the_axis_in_the_order_of_time(pairs: list[tuple[int, int]]) -> None:
    made = waterfall([step(began, began + length) for began, length in pairs], say=said)
    places = [one["x"] for one in made.steps]
    assert places == sorted(places) or all(
        abs(a - b) < 1 for a, b in zip(places, sorted(places), strict=True)
    )
    assert all(s["x"] >= -0.01 and s["x"] + s["width"] <= 100.01 for s in made.steps)
