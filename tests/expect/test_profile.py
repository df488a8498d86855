"""What is to be expected of pieces of time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.expect.hours import hours
from tests.customers.calendars import calendar, local
from tests.expect.scenery import ZONE, outlook

pytestmark = pytest.mark.pure

HOUR = timedelta(hours=1)
TEN = local("2026-03-04 10:00", ZONE)


def test_a_piece_of_an_hour_is_to_bring_its_part():
    shares = [*outlook(4.0).shares(TEN + HOUR / 4, TEN + 3 * HOUR / 2)]
    assert [(s.begins, s.ends, s.documents) for s in shares] == [
        (TEN + HOUR / 4, TEN + HOUR, 3.0), (TEN + HOUR, TEN + 3 * HOUR / 2, 2.0),
    ]  # fmt: skip


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
    minutes=st.integers(0, 60 * 24 * 5),
    zone=st.sampled_from([ZONE, "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London"]),
)
def test_hours_that_were_asked_for_before_are_the_same(start, minutes, zone):
    from monitoring.expect.days import Days

    ahead = outlook(6.0, days=Days(calendar(zone=zone)))
    start = local(start.isoformat(sep=" ", timespec="minutes"), "UTC")
    end = start + timedelta(minutes=minutes)
    first = [*ahead.shares(start, end)]
    assert [*ahead.shares(start, end)] == first
    assert [s.day for s in first] == [h.day for h in hours(zone, start, end)]
    assert sum(s.documents for s in first) == pytest.approx(6 * minutes / 60)
