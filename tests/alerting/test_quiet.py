"""Quiet hours, also when clocks change."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerting.quiet import Quiet, quiet_until
from tests.customers.calendars import local, utc
from tests.customers.test_calendar_properties import ZONES, instants

pytestmark = pytest.mark.pure

LA = ZoneInfo("America/Los_Angeles")
NIGHT = Quiet(22 * 60, 7 * 60, LA)
LUNCH = Quiet(12 * 60, 13 * 60, LA)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-25 21:59", None),
        ("2026-11-25 22:00", "2026-11-26 07:00"),
        ("2026-11-26 00:00", "2026-11-26 07:00"),
        ("2026-11-26 06:59", "2026-11-26 07:00"),
        ("2026-11-26 07:00", None),
    ],
)
def test_a_night_is_quiet_from_its_beginning_to_its_end(at, until):
    assert quiet_until(NIGHT, local(at)) == (until and local(until))


def test_hours_within_a_day_are_quiet_on_that_day_only():
    assert quiet_until(LUNCH, local("2026-11-25 12:30")) == local("2026-11-25 13:00")
    assert quiet_until(LUNCH, local("2026-11-25 13:00")) is None
    assert quiet_until(LUNCH, local("2026-11-26 00:30")) is None


def test_the_night_clocks_go_forward_in_is_an_hour_shorter():
    # 22:00 PST is 06:00 UTC, 07:00 PDT is 14:00 UTC: eight hours instead of nine.
    assert quiet_until(NIGHT, utc("2026-03-08 06:00")) == utc("2026-03-08 14:00")
    assert quiet_until(NIGHT, utc("2026-03-08 13:59")) == utc("2026-03-08 14:00")
    assert quiet_until(NIGHT, utc("2026-03-08 14:00")) is None


def test_the_night_clocks_go_back_in_is_an_hour_longer():
    # 22:00 PDT is 05:00 UTC, 07:00 PST is 15:00 UTC: ten hours.
    assert quiet_until(NIGHT, utc("2026-11-01 05:00")) == utc("2026-11-01 15:00")
    assert quiet_until(NIGHT, utc("2026-11-01 14:59")) == utc("2026-11-01 15:00")


def test_quiet_hours_that_end_at_a_skipped_time_end_with_the_jump():
    # 02:30 is skipped on 8 March: clocks go from 02:00 PST, 10:00 UTC, to 03:00 PDT.
    quiet = Quiet(22 * 60, 2 * 60 + 30, LA)
    assert quiet_until(quiet, utc("2026-03-08 09:59")) == utc("2026-03-08 10:00")
    assert quiet_until(quiet, utc("2026-03-08 10:00")) is None


def test_quiet_hours_that_end_at_a_time_that_comes_twice_end_the_first_time():
    # 01:30 comes at 08:30 UTC and again at 09:30 UTC on 1 November.
    quiet = Quiet(22 * 60, 90, LA)
    assert quiet_until(quiet, utc("2026-11-01 08:29")) == utc("2026-11-01 08:30")
    assert quiet_until(quiet, utc("2026-11-01 09:00")) is None


def test_hours_without_a_length_are_none():
    with pytest.raises(ValueError, match="begin and end at different times"):
        Quiet(60, 60, LA)


@given(instants, st.sampled_from(ZONES), st.integers(0, 1439), st.integers(0, 1439))
def test_after_their_end_it_is_not_quiet_any_more(at, zone, begins, ends):
    if begins == ends:
        return
    quiet = Quiet(begins, ends, ZoneInfo(zone))
    until = quiet_until(quiet, at)
    if until:
        assert at < until <= at + timedelta(hours=49)  # Apia left out a day
        following = quiet_until(quiet, until)
        # Only where the jump of a left-out day ends one night and begins the next does it go on.
        assert following is None or zone == "Pacific/Apia"
