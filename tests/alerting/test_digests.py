"""When a digest goes out."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerting.digests import next_daily, next_hourly
from tests.customers.calendars import local, utc
from tests.customers.test_calendar_properties import ZONES, instants

pytestmark = pytest.mark.pure
BERLIN = ZoneInfo("Europe/Berlin")


def test_an_hourly_one_goes_at_the_full_hour_of_the_receiver():
    assert next_hourly(utc("2026-11-25 08:00"), zone=BERLIN) == utc("2026-11-25 09:00")
    assert next_hourly(utc("2026-11-25 08:59"), zone=BERLIN) == utc("2026-11-25 09:00")
    # India is five and a half hours ahead: 14:00 there is 08:30 UTC.
    kolkata = ZoneInfo("Asia/Kolkata")
    assert next_hourly(utc("2026-11-25 08:10"), zone=kolkata) == utc("2026-11-25 08:30")


def test_a_daily_one_goes_at_its_time_today_or_tomorrow():
    at_seven = {"minute": 7 * 60, "zone": BERLIN}
    assert next_daily(local("2026-11-25 06:59", "Europe/Berlin"), **at_seven) == utc(
        "2026-11-25 06:00"
    )
    assert next_daily(local("2026-11-25 07:00", "Europe/Berlin"), **at_seven) == utc(
        "2026-11-26 06:00"
    )


def test_a_daily_one_keeps_its_local_time_when_clocks_change():
    # 07:00 is 06:00 UTC in winter and 05:00 UTC from 29 March on.
    at_seven = {"minute": 7 * 60, "zone": BERLIN}
    assert next_daily(utc("2026-03-28 06:00"), **at_seven) == utc("2026-03-29 05:00")
    assert next_daily(utc("2026-10-24 05:00"), **at_seven) == utc("2026-10-25 06:00")


@given(instants, st.sampled_from(ZONES), st.integers(0, 1439))
def test_the_next_one_is_always_ahead_and_never_far(at, zone, minute):
    hourly = next_hourly(at, zone=ZoneInfo(zone))
    daily = next_daily(at, minute=minute, zone=ZoneInfo(zone))
    assert at < hourly <= at + timedelta(hours=1)
    assert at < daily <= at + timedelta(hours=49)
