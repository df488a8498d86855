import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.retry import SCHEDULE, next_delay

pytestmark = pytest.mark.pure


def middle():
    return 0.5


def test_the_schedule_is_tried_in_order_and_then_ends():
    delays = [next_delay(attempt, jitter=middle) for attempt in range(1, 12)]
    assert delays == [0, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800, None]


@pytest.mark.parametrize(("chance", "delay"), [(0.0, 27.0), (0.5, 30.0), (0.75, 31.5)])
def test_the_delay_is_spread_by_a_tenth(chance, delay):
    assert next_delay(2, jitter=lambda: chance) == pytest.approx(delay)


def test_a_longer_wait_that_was_asked_for_is_kept():
    assert next_delay(2, jitter=lambda: 0.0, retry_after=300) == 300
    # Spread upwards only: 300 s × 1.05.
    assert next_delay(2, jitter=middle, retry_after=300) == pytest.approx(315)


def test_a_shorter_wait_that_was_asked_for_does_not_use_up_the_attempts_faster():
    assert next_delay(6, jitter=middle, retry_after=1) == 3600


def test_no_wait_revives_a_spent_schedule():
    assert next_delay(11, jitter=middle, retry_after=5) is None


def test_attempts_count_from_one():
    with pytest.raises(ValueError, match="from 1"):
        next_delay(0, jitter=middle)


@given(st.integers(1, len(SCHEDULE)), st.floats(0, 1, exclude_max=True), st.floats(0, 3600))
def test_nobody_comes_back_before_the_time_asked_for(attempt, chance, asked):
    delay = next_delay(attempt, jitter=lambda: chance, retry_after=asked)
    assert delay >= asked
    assert delay >= SCHEDULE[attempt - 1] * 0.9 - 1e-9
