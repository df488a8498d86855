"""The time an objective is about."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.slo import Interval, TimeWindow, days, slots
from tests.customers.calendars import local
from tests.customers.test_calendar_properties import ZONES, instants
from tests.slo.scenery import at

pytestmark = pytest.mark.pure

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("unit", "begins", "ends", "hours"),
    [
        ("d", "2026-03-08", "2026-03-09", 23),  # clocks go on
        ("w", "2026-03-02", "2026-03-09", 7 * 24 - 1),
        ("M", "2026-03-01", "2026-04-01", 31 * 24 - 1),
        ("Q", "2026-01-01", "2026-04-01", 90 * 24 - 1),
    ],
)
def test_a_calendar_window_begins_and_ends_at_local_midnight(unit, begins, ends, hours):
    window = TimeWindow(unit, zone=NEW_YORK).of(local("2026-03-08 12:00", NEW_YORK))
    assert window == (local(f"{begins} 00:00", NEW_YORK), local(f"{ends} 00:00", NEW_YORK))
    assert window.length == timedelta(hours=hours)


def test_november_with_its_second_hour_has_more_slots():
    month = TimeWindow("M", zone=NEW_YORK)
    assert len([*slots(month.of(local("2026-11-15 12:00", NEW_YORK)))]) == 30 * 288 + 12
    assert len([*slots(month.of(local("2026-03-15 12:00", NEW_YORK)))]) == 31 * 288 - 12


@pytest.mark.parametrize(
    ("window", "hours"),
    [(TimeWindow("d", 30, rolling=True), 720), (TimeWindow("h", 6, rolling=True), 6)],
)
def test_a_rolling_window_is_elapsed_time_up_to_now(window, hours):
    now = at("03-20 10:17")
    assert window.of(now) == (now - timedelta(hours=hours), now)
    assert window.before(window.of(now)) == (
        now - timedelta(hours=2 * hours),
        now - timedelta(hours=hours),
    )


def test_the_window_before_january_is_december():
    month = TimeWindow("M", zone=NEW_YORK)
    january = month.of(local("2026-01-10 00:00", NEW_YORK))
    assert month.before(january) == (local("2025-12-01 00:00", NEW_YORK), january.begins)
    quarter = TimeWindow("Q", zone=NEW_YORK)
    assert quarter.before(quarter.of(january.begins)).begins == local("2025-10-01 00:00", NEW_YORK)


def test_a_midnight_that_clocks_skip_is_the_jump():
    day = TimeWindow("d", zone="America/Havana").of(local("2026-03-08 12:00", "America/Havana"))
    assert day == (at("03-08 05:00"), at("03-09 04:00"))  # 00:00 became 01:00


def test_the_days_of_a_window():
    march = TimeWindow("M", zone=NEW_YORK).of(local("2026-03-08 12:00", NEW_YORK))
    found = [*days(march, NEW_YORK)]
    assert (found[0][0], found[-1][0], len(found)) == (date(2026, 3, 1), date(2026, 3, 31), 31)
    assert found[7][1].length == timedelta(hours=23)
    assert (found[0][1].begins, found[-1][1].ends) == march


@given(st.sampled_from("dwMQ"), st.sampled_from(ZONES), instants)
def test_windows_follow_each_other_without_a_gap(unit, zone, moment):
    kind = TimeWindow(unit, zone=zone)
    window = kind.of(moment)
    assert window.begins <= moment < window.ends
    assert kind.of(window.begins) == window
    assert kind.of(window.ends).begins == window.ends
    assert kind.before(window).ends == window.begins


@given(st.sampled_from(ZONES), instants, st.integers(1, 5000))
def test_days_cover_their_window(zone, moment, length):
    window = Interval(moment, moment + timedelta(minutes=length))
    found = [span for _, span in days(window, zone)]
    assert (found[0].begins, found[-1].ends) == window
    assert all(a.ends == b.begins for a, b in pairwise(found))
