"""When a message is tried again."""

from datetime import timedelta

import pytest

from monitoring.alerting.tries import GIVEN_UP_AFTER, again_at
from tests.customers.calendars import utc

pytestmark = pytest.mark.pure
TEN = utc("2026-11-25 10:00")


def wait(tries, *, made_at=TEN, jitter=0.0, **asked):
    found = again_at(tries, at=TEN, made_at=made_at, jitter=lambda: jitter, **asked)
    return None if found is None else (found - TEN).total_seconds()


def test_each_wait_is_twice_the_one_before_up_to_five_minutes():
    assert [wait(n) for n in range(1, 8)] == [15, 30, 60, 120, 240, 300, 300]
    assert wait(10_000) == 300


def test_what_was_asked_for_is_a_floor_and_chance_only_adds():
    assert wait(1, retry_after=90) == 90
    assert wait(6, retry_after=1) == 300
    assert wait(1, jitter=0.5) == pytest.approx(15.75)  # 15 s and half of 10 %


def test_after_a_day_it_is_given_up():
    assert wait(9, made_at=TEN - GIVEN_UP_AFTER + timedelta(seconds=300)) == 300
    assert wait(9, made_at=TEN - GIVEN_UP_AFTER + timedelta(seconds=299)) is None


def test_tries_count_from_one():
    with pytest.raises(ValueError, match="count from 1"):
        wait(0)
