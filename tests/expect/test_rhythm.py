"""The schedule a feed keeps by itself."""

import random
from datetime import timedelta

import pytest

from monitoring.expect.rhythm import learn
from monitoring.expect.schedule import Daily, Every
from tests.customers.calendars import calendar, local
from tests.expect.scenery import feed

pytestmark = pytest.mark.pure

OFFICE = calendar()
HOUR = timedelta(hours=1)
MONDAY = local("2026-02-02 00:00")


def test_what_comes_every_hour_is_expected_every_hour():
    rng = random.Random(1)
    came = [MONDAY + n * HOUR + rng.randrange(6) * timedelta(minutes=1) for n in range(24 * 14)]
    found = learn(came, OFFICE)
    assert isinstance(found, Every) and not found.in_hours
    # of what comes so often one may be left out, and a quarter more: 1.25 × 60
    assert found == Every(60, grace=75)


def test_what_comes_every_hour_of_the_day_and_never_at_night_counts_open_hours():
    came = [
        MONDAY + day * 24 * HOUR + hour * HOUR
        for day in range(28)
        if day % 7 < 5
        for hour in range(7, 20)
    ]
    found = learn(came, OFFICE)
    assert isinstance(found, Every) and found.in_hours
    assert found.minutes == 60


def test_hours_that_are_sometimes_left_out_widen_the_grace():
    came = [MONDAY + n * HOUR for n in range(24 * 14) if n % 40 > 1]
    # a gap of 180 in every 40: 1.25 × 180 − 60
    assert learn(came, OFFICE) == Every(60, grace=165)


def test_what_comes_on_working_nights_is_a_window_of_those():
    rng = random.Random(2)
    came = [
        local("2026-02-02 22:20") + day * 24 * HOUR + rng.randrange(50) * timedelta(minutes=1)
        for day in range(28)
        if day % 7 < 5
    ]
    found = learn(came, OFFICE)
    assert isinstance(found, Daily)
    assert found.weekdays == {0, 1, 2, 3, 4}
    assert 22 * 60 + 20 <= found.begins < found.ends <= 23 * 60 + 15


def test_a_window_may_lie_around_midnight():
    came = [
        MONDAY + day * 24 * HOUR + (-20 if day % 2 else 20) * timedelta(minutes=1)
        for day in range(1, 29)
    ]
    found = learn(came, OFFICE)
    assert isinstance(found, Daily)
    assert (found.begins, found.ends) == (23 * 60 + 40, 25)
    assert found.weekdays == set(range(7))


def test_parts_of_one_report_are_one_arrival():
    came = [
        MONDAY + day * 24 * HOUR + part * timedelta(minutes=5)
        for day in range(20)
        for part in range(3)
    ]
    assert learn(came, OFFICE).begins == 0


def test_what_comes_at_random_keeps_no_schedule():
    _, arrivals = feed(5, a_day=20, weeks=4)
    assert learn(arrivals, OFFICE) is None
    assert learn(arrivals[:5], OFFICE) is None
    assert learn([], OFFICE) is None
