"""Local hours as real time, on the nights that have one more or one less."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.expect.hours import hours
from tests.customers.calendars import local, utc
from tests.customers.test_calendar_properties import ZONES, instants

pytestmark = pytest.mark.pure

LA = "America/Los_Angeles"


def test_the_hour_that_comes_twice_is_two_hours_of_one_name():
    found = list(hours(LA, local("2026-11-01 00:00"), local("2026-11-01 03:00")))
    assert [hour.hour for hour in found] == [0, 1, 1, 2]
    assert {hour.day for hour in found} == {date(2026, 11, 1)}


def test_the_hour_that_is_left_out_is_none():
    found = list(hours(LA, local("2026-03-08 00:00"), local("2026-03-08 05:00")))
    assert [hour.hour for hour in found] == [0, 1, 3, 4]


def test_hours_begin_where_the_clocks_of_the_zone_say():
    found = list(hours("Asia/Kathmandu", utc("2026-03-08 00:00"), utc("2026-03-08 00:30")))
    # 05:45 there, so that 05:00 began at 23:15
    assert found[0].begins == utc("2026-03-07 23:15")
    assert [hour.hour for hour in found] == [5, 6]


@given(st.sampled_from(ZONES), instants, st.integers(1, 60))
def test_hours_cover_the_time_without_a_gap(zone, start, length):
    end = start + timedelta(hours=length)
    found = list(hours(zone, start, end))
    assert found[0].begins <= start and found[-1].ends >= end
    assert all(before.ends == after.begins for before, after in pairwise(found))
    for hour in found:
        shown = hour.begins.astimezone(ZoneInfo(zone))
        assert (shown.date(), shown.hour) == (hour.day, hour.hour)
        assert timedelta(minutes=30) <= hour.ends - hour.begins <= timedelta(minutes=90)
