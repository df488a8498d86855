"""Axes have few, round ticks, in the hours and days of the reader."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.charts import units
from portal.core.charts.labels import apart, plain
from portal.core.charts.scale import scale
from portal.core.charts.times import ticks
from tests.charts.gallery import DOCUMENTS, NOON, PACIFIC

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("values", "unit", "from_zero", "wanted"),
    [
        ([84.6, 99.6, 99], units.PERCENT, False, [80, 85, 90, 95, 100]),
        ([0, 121], DOCUMENTS, True, [0, 50, 100, 150]),
        ([3], DOCUMENTS, True, [0, 1, 2, 3]),
        ([], DOCUMENTS, True, [0, 1]),
        ([0], units.PERCENT, True, [0, 1]),
        ([30], units.SECONDS, True, [0, 10, 20, 30]),
        ([700], units.SECONDS, True, [0, 300, 600, 900]),
        ([0.25], units.SECONDS, True, [0, 0.05, 0.1, 0.15, 0.2, 0.25]),
        ([100, 100], units.PERCENT, False, [99, 100]),
    ],
)
def test_the_axis_has_round_ticks(values, unit, from_zero, wanted) -> None:
    assert list(scale(values, unit, from_zero=from_zero).ticks) == pytest.approx(wanted)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=9), st.booleans())
def test_the_axis_holds_every_value_in_few_steps(values: list[float], from_zero: bool) -> None:
    made = scale(values, DOCUMENTS, from_zero=from_zero)
    slack = 1e-6 * max(abs(value) for value in [*values, 1.0])
    assert made.low - slack <= min(values)
    assert max(values) <= made.high + slack
    assert 2 <= len(made.ticks) <= 7


def labels(first, last, zone=PACIFIC):
    return [tick.label for tick in ticks(first, last, zone)]


def test_six_hours_have_a_tick_an_hour_in_the_reader_s_zone() -> None:
    # NOON is 12:00 in California
    hours = ["12:00", "13:00", "14:00", "15:00", "16:00", "17:00", "18:00"]
    assert labels(NOON, NOON + timedelta(hours=6)) == hours


def test_midnight_is_said_as_the_day() -> None:
    assert labels(NOON, NOON + timedelta(hours=24)) == [
        "12:00", "18:00", "9 Apr", "06:00", "12:00",
    ]  # fmt: skip


def test_a_zone_half_an_hour_off_has_its_own_full_hours() -> None:
    assert labels(NOON, NOON + timedelta(hours=3), ZoneInfo("Asia/Kolkata"))[:2] == [
        "00:30",
        "01:00",
    ]
    assert labels(NOON, NOON + timedelta(hours=7), ZoneInfo("Asia/Kolkata"))[0] == "01:00"


def test_a_month_of_days_names_the_month_once() -> None:
    assert labels(date(2026, 4, 1), date(2026, 4, 30)) == ["1 Apr", "8", "15", "22", "29"]
    assert labels(date(2026, 3, 30), date(2026, 4, 2)) == ["30 Mar", "31", "1 Apr", "2"]


def test_ten_days_of_hours_have_their_midnights() -> None:
    began = datetime(2026, 10, 29, 12, tzinfo=UTC)
    found = ticks(began, began + timedelta(days=10), PACIFIC)
    assert [tick.label for tick in found] == ["31 Oct", "2 Nov", "4", "6", "8"]
    # The night of 1 November is an hour longer: 2 days and an hour between these two midnights.
    assert found[1].position - found[0].position == (48 + 1) * 3_600_000


@given(st.integers(1, 60 * 24 * 800))
def test_there_are_never_more_than_a_few_ticks(minutes: int) -> None:
    assert len(ticks(NOON, NOON + timedelta(minutes=minutes), PACIFIC)) <= 9


@given(st.lists(st.floats(0, 100), max_size=8))
def test_names_stand_apart_in_their_order_and_within_the_axis(places: list[float]) -> None:
    moved = apart(places, least=10, low=0, high=100)
    order = sorted(range(len(places)), key=lambda n: places[n])
    for a, b in pairwise(order):
        assert moved[b] - moved[a] >= 10 - 1e-9
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in moved)


def test_names_without_room_are_spread_evenly() -> None:
    assert apart([5, 5, 6], least=60, low=0, high=100) == [0, 50, 100]


def test_text_is_text() -> None:
    assert plain("a<b>&\nc") == "a&lt;b&gt;&amp; c"
