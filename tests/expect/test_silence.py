"""When a run of silence is more than chance."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.expect import silence
from monitoring.expect.days import Days, Mark
from monitoring.expect.words import quiet_words
from tests.customers.calendars import calendar, local
from tests.customers.test_calendar_properties import ZONES, instants
from tests.expect.scenery import ZONE, outlook

pytestmark = pytest.mark.pure

SINCE = local("2026-03-04 09:00", ZONE)  # a Wednesday
HOUR = timedelta(hours=1)


def judged(at, **given):
    return silence.judge(outlook(**given), since=SINCE, now=SINCE + at)


def test_silence_is_due_when_its_chance_falls_below_the_limit():
    # 1,000 arrivals a month and 0.05 alarms: 1 in 20,000. e^-9.90 is that, 4 an hour: 2 h 29
    found = judged(2 * HOUR)
    assert found.limit == pytest.approx(5e-5)
    assert found.due == SINCE + timedelta(hours=2, minutes=30)
    assert (found.expected, found.chance) == (8, pytest.approx(math.exp(-8), rel=1e-6))
    assert not found.is_silence


def test_what_is_due_has_come_to_pass_at_that_minute():
    due = judged(2 * HOUR).due - SINCE
    assert judged(due).is_silence
    assert not judged(due - timedelta(seconds=1)).is_silence


def test_the_decision_says_its_numbers():
    found = judged(timedelta(hours=2, minutes=30))
    assert quiet_words(found, ZONE) == (
        "expected 10, seen 0, since 09:00, chance by itself 1 in 22,000"
    )


def test_clumps_and_swings_take_longer():
    plain = judged(HOUR).due
    assert judged(HOUR, clump=3.0).due > plain
    assert judged(HOUR, by_day=0.2).due > plain


def test_a_quiet_that_was_no_fault_before_is_none_now():
    # 1.25 × 40 documents at 4 an hour: 12 h 30
    assert judged(HOUR, longest_quiet=40.0).due == SINCE + timedelta(hours=12, minutes=30)


def test_few_documents_missed_are_no_silence_however_rare():
    # at least 4 arrivals, of 30 documents each, at 4 documents an hour: 30 h and then some
    assert judged(HOUR, clump=30.0).due > SINCE + 30 * HOUR


def test_where_nothing_comes_nothing_is_missed():
    assert judged(HOUR, rate=0.0).due is None
    assert judged(HOUR, rate=0.0).chance == 1


def marked(factor):
    on = date(2026, 3, 4)
    return Days(calendar(zone=ZONE), [Mark(on, on, factor, "Stocktaking")])


def test_a_marked_day_brings_its_factor():
    assert judged(2 * HOUR, days=marked(0.5)).expected == 4
    assert judged(2 * HOUR, days=marked(None)).expected == 8
    # nothing until midnight, 15 h, and then 2 h 30 as ever
    assert judged(HOUR, days=marked(0.0)).due == SINCE + timedelta(hours=17, minutes=30)


def test_a_holiday_that_nobody_has_seen_brings_no_more_than_a_sunday():
    days = Days(calendar(zone=ZONE, holidays=("2026-03-04",)))
    week = (*((4.0,) * 24 for _ in range(6)), (1.0,) * 24)
    assert judged(2 * HOUR, days=days, week=week).expected == 2
    assert judged(2 * HOUR, days=days, week=week, holiday=0.1).expected == pytest.approx(0.8)


def test_the_night_clocks_are_turned_back_brings_an_hour_more():
    since = local("2026-11-01 00:00", ZONE)
    found = silence.judge(outlook(), since=since, now=local("2026-11-01 03:00", ZONE))
    assert found.expected == 4 * 4  # 0, 1, 1 again and 2


@given(instants, st.sampled_from(ZONES), st.integers(1, 72), st.floats(0.05, 30))
def test_silence_is_due_at_the_same_time_whenever_it_is_asked(since, zone, later, rate):
    ahead = outlook(rate, days=Days(calendar(zone=zone)), by_day=0.05, by_hour=0.1)
    due = silence.due_at(ahead, since)
    found = silence.judge(ahead, since=since, now=since + timedelta(hours=later))
    assert found.due == due
    if due:
        assert silence.judge(ahead, since=since, now=due + 24 * HOUR).chance < found.limit
