"""How long somebody waits, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.waits import LONGEST, Standing, after_wrong, wait_ends

pytestmark = pytest.mark.pure
T = datetime(2026, 12, 1, 9, tzinfo=UTC)


def minutes(number: float) -> datetime:
    return T + timedelta(minutes=number)


def wrong(*at: float, most: int = 5) -> Standing:
    standing = Standing()
    for moment in at:
        standing = after_wrong(standing, at=minutes(moment), most=most)
    return standing


def test_four_wrong_tries_make_nobody_wait():
    assert wait_ends(wrong(0, 1, 2, 3), at=minutes(3)) is None


def test_the_fifth_within_fifteen_minutes_makes_one_minute():
    assert wait_ends(wrong(0, 1, 2, 3, 14.9), at=minutes(14.9)) == minutes(15.9)


def test_the_fifth_after_the_first_has_become_old_makes_none():
    assert wait_ends(wrong(0, 1, 2, 3, 15), at=minutes(15)) is None


def test_each_further_one_waits_twice_as_long_up_to_fifteen_minutes():
    # 5 wrong at 0: until 1. Then one at each end: +2 = 3, +4 = 7, +8 = 15, +15 = 30, +15 = 45.
    standing, ends = wrong(0, 0, 0, 0, 0), [1.0]
    for _ in range(5):
        standing = after_wrong(standing, at=minutes(ends[-1]), most=5)
        assert standing.until is not None
        ends.append((standing.until - T).total_seconds() / 60)
    assert ends == [1, 3, 7, 15, 30, 45]


def test_after_fifteen_quiet_minutes_it_begins_anew():
    standing = after_wrong(wrong(0, 0, 0, 0, 0), at=minutes(16), most=5)  # the wait was over at 1
    assert (len(standing.recent), standing.waits, standing.until) == (1, 0, None)


@given(st.lists(st.integers(0, 3600), min_size=1, max_size=60), st.integers(1, 30))
def test_nobody_waits_longer_than_the_longest_or_without_enough_wrong_tries(gaps, most):
    standing, now = Standing(), T
    for gap in gaps:
        now = max(now + timedelta(seconds=gap), standing.until or now)
        standing = after_wrong(standing, at=now, most=most)
        ends = wait_ends(standing, at=now)
        assert ends is None or ends - now <= LONGEST
        assert len(standing.recent) <= most
    if len(gaps) < most:
        assert standing.until is None


@given(st.integers(1, 40))
def test_whoever_never_stops_gets_in_five_tries_and_then_one_per_wait(tries):
    standing, now = Standing(), T
    for _ in range(tries):
        now = standing.until or now
        standing = after_wrong(standing, at=now, most=5)
    # 5 at once, then after 1, 2, 4, 8 and from there on every 15 minutes.
    waits = [1, 2, 4, 8] + [15] * 40
    assert now - T == timedelta(minutes=sum(waits[: max(0, tries - 5)]))
