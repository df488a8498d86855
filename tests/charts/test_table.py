"""The table beside a chart has the numbers of the chart, all of them, in the reader's zone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.charts import times, units
from portal.core.charts.chart import Chart, Series
from portal.core.charts.shown import shown
from tests.charts import gallery

pytestmark = pytest.mark.pure


def parsed(cell: str) -> float | None:
    return None if cell == "none" else float(cell.replace(",", "").removesuffix(" %"))


@pytest.mark.parametrize("make", [gallery.lollipop, gallery.throughput])
def test_each_number_of_the_chart_stands_in_the_table(make: Any) -> None:
    page = shown(make())
    for n, trace in enumerate(page["figure"]["data"], start=1):
        assert [parsed(row[n]) for row in page["table"].rows] == trace["y"]


@given(st.lists(st.none() | st.integers(0, 10**9), min_size=1, max_size=60))
def test_table_and_chart_agree_on_whatever_was_counted(counts: list[int | None]) -> None:
    slots = [(gallery.NOON + timedelta(minutes=5 * n), count) for n, count in enumerate(counts)]
    chart = Chart(
        slug="x", title="x", sentence="x", kind="line", unit=gallery.DOCUMENTS, zone=gallery.PACIFIC,
        series=[Series(label="Received", points=slots)],
    )  # fmt: skip
    page = shown(chart)
    assert [parsed(row[1]) for row in page["table"].rows] == page["figure"]["data"][0]["y"]
    assert [parsed(row[1]) for row in page["table"].rows] == counts


def test_a_heat_map_s_table_has_its_cells_an_hour_a_row() -> None:
    heat = gallery.heat()
    page = shown(heat)
    columns = list(zip(*page["figure"]["data"][0]["z"], strict=True))
    assert [[parsed(cell) for cell in row[1:]] for row in page["table"].rows] == [
        list(column) for column in columns
    ]
    assert page["table"].head == ["Hour, PDT", *heat.rows]


def test_times_are_the_reader_s_and_name_the_zone_once() -> None:
    table = shown(gallery.throughput())["table"]
    assert table.head == ["Time, PDT", "Delivered, documents", "Held, documents"]
    # 19:00 UTC is 12:00 in California in April; 71 slots of 5 minutes later it is 17:55.
    assert table.rows[0][0] == "8 Apr 12:00"
    assert table.rows[-1][0] == "8 Apr 17:55"


def test_days_have_no_zone() -> None:
    table = shown(gallery.lollipop())["table"]
    assert table.head == ["Day", "In time, %"]
    assert table.rows[7] == ["8 Apr", "84.6 %"]


def test_the_hour_that_comes_twice_is_two_rows_of_which_none_is_before_the_other() -> None:
    # In California clocks went back on 1 November 2026 at 02:00 (09:00 UTC): 01:00 comes at 08 and 09 UTC.
    hours = [datetime(2026, 11, 1, 7, tzinfo=UTC) + timedelta(hours=n) for n in range(4)]
    chart = replace(
        gallery.latency(), breaches=[], now=None,
        series=[Series(label="a", points=[(at, n) for n, at in enumerate(hours)])],
    )  # fmt: skip
    page = shown(chart)
    assert [row[0] for row in page["table"].rows] == [
        "1 Nov 00:00", "1 Nov 01:00", "1 Nov 01:00", "1 Nov 02:00",
    ]  # fmt: skip
    assert page["table"].head[0] == "Time, PDT and PST"
    x = page["figure"]["data"][0]["x"]
    assert [b - a for a, b in pairwise(x)] == [3_600_000] * 3


def test_series_of_different_times_share_one_table() -> None:
    chart = replace(
        gallery.latency(), breaches=[], now=None,
        series=[
            Series(label="a", points=[(gallery.NOON, 1)]),
            Series(label="b", points=[(gallery.NOON + timedelta(hours=1), 2)]),
        ],
    )  # fmt: skip
    assert shown(chart)["table"].rows == [
        ["8 Apr 12:00", "1 s", "none"],
        ["8 Apr 13:00", "none", "2 s"],
    ]


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        times.position(datetime(2026, 4, 8, 12))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"), (0.0004, "0.4 ms"), (0.25, "250 ms"), (4.25, "4.2 s"), (59.9, "59.9 s"),
        (60, "1 min"), (130, "2 min 10 s"), (3600, "1 h"), (5046, "1 h 24"), (86_400, "1 d"),
        (180_000, "2 d 2 h"),
    ],
)  # fmt: skip
def test_lengths_of_time_are_said_in_two_units_at_most(seconds: float, said: str) -> None:
    assert units.SECONDS.say(seconds) == said


def test_counts_and_shares_keep_the_decimals_they_have() -> None:
    assert gallery.DOCUMENTS.say(1_204_000) == "1,204,000"
    assert units.PERCENT.say(99.27) == "99.27 %"
    assert units.PERCENT.say(99.5) == "99.5 %"
