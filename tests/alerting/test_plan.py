"""When somebody is told, and whether alone."""

from zoneinfo import ZoneInfo

import pytest

from monitoring.alerting.plan import Plan, Telling, telling
from tests.customers.calendars import local, utc

pytestmark = pytest.mark.pure
LA, BERLIN = ZoneInfo("America/Los_Angeles"), ZoneInfo("Europe/Berlin")
NIGHT = (22 * 60, 7 * 60)


def plan(timing="at_once", quiet=NIGHT, urgent_passes=True):
    return Plan(timing, 8 * 60, quiet, urgent_passes)


def told(at, *, zone=LA, severity=2, begins=True, **said):
    return telling(plan(**said), at, zone=zone, severity=severity, begins=begins)


def test_by_day_it_is_told_at_once():
    noon = local("2026-11-25 12:00")
    assert told(noon) == Telling(noon, together=False)


def test_by_night_it_waits_for_the_morning_of_the_receiver():
    at = utc("2026-11-25 06:30")  # 22:30 the day before in Los Angeles, 07:30 in Berlin
    assert told(at) == Telling(utc("2026-11-25 15:00"), together=True)
    assert told(at, zone=BERLIN) == Telling(at, together=False)


def test_what_is_urgent_rings_by_night_if_the_rule_says_so():
    at = local("2026-11-25 23:00")
    assert told(at, severity=1) == Telling(at, together=False)
    assert told(at, severity=1, urgent_passes=False).together
    assert told(at, severity=2).together


def test_digests_are_for_what_begins():
    at = local("2026-11-25 12:10")
    assert told(at, timing="hourly") == Telling(local("2026-11-25 13:00"), together=True)
    assert told(at, timing="daily") == Telling(local("2026-11-26 08:00"), together=True)
    assert told(at, timing="daily", begins=False) == Telling(at, together=False)


def test_a_digest_that_falls_into_quiet_hours_waits_for_their_end():
    at = local("2026-11-25 21:30")  # the hour is full at 22:00, as the quiet begins
    assert told(at, timing="hourly") == Telling(local("2026-11-26 07:00"), together=True)


def test_over_a_clock_change_the_morning_is_where_the_clock_says():
    # 22:30 PST on 7 March is 06:30 UTC; 07:00 is PDT by then: 14:00 UTC and not 15:00.
    assert told(utc("2026-03-08 06:30")).at == utc("2026-03-08 14:00")
