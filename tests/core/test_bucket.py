import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.bucket import Bucket, available, correct, from_json, full, shut, take, to_json

pytestmark = pytest.mark.pure


def drained(*, rate=2.0, burst=10.0, now=0.0):
    bucket, wait = take(full(rate=rate, burst=burst, now=now), now=now, count=int(burst))
    assert wait == 0
    return bucket


def test_a_full_bucket_gives_its_burst_and_then_asks_to_wait():
    bucket = full(rate=2, burst=10, now=0)
    assert available(bucket, now=0) == 10
    bucket, wait = take(bucket, now=0, count=10)
    assert wait == 0
    assert take(bucket, now=0) == (bucket, 0.5)
    assert take(bucket, now=0, count=4) == (bucket, 2.0)


def test_it_refills_at_its_rate_and_never_above_its_burst():
    assert available(drained(), now=1.6) == 3
    assert available(drained(), now=1_000) == 10


def test_waiting_as_long_as_asked_is_enough():
    bucket = drained(rate=0.0056, burst=20)
    for _ in range(50):
        _, wait = take(bucket, now=bucket.at)
        bucket, again = take(bucket, now=bucket.at + wait)
        assert again == 0


def test_a_clock_that_steps_back_adds_nothing():
    bucket = drained(now=100)
    assert available(bucket, now=50) == 0
    assert take(bucket, now=50)[1] == 0.5


def test_more_than_the_burst_can_never_be_had():
    with pytest.raises(ValueError, match="cannot give 11"):
        take(full(rate=2, burst=10, now=0), now=0, count=11)


@pytest.mark.parametrize("count", [0, -1])
def test_taking_nothing_is_refused(count):
    with pytest.raises(ValueError, match="cannot give"):
        take(full(rate=2, burst=10, now=0), now=0, count=count)


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0), (float("nan"), 1)])
def test_a_bucket_that_never_gives_is_refused(rate, burst):
    with pytest.raises(ValueError, match="rate above 0"):
        full(rate=rate, burst=burst, now=0)


def test_the_servers_own_count_is_believed():
    bucket = full(rate=2, burst=40, now=0)
    assert available(correct(bucket, now=0, remaining=3), now=0) == 3
    assert available(correct(drained(), now=0, remaining=7), now=0) == 7
    assert available(correct(bucket, now=0, remaining=-5), now=0) == 0


def test_a_new_rate_and_burst_from_the_server_apply_at_once():
    bucket = correct(full(rate=2, burst=40, now=0), now=0, rate=4, burst=20)
    assert (bucket.rate, bucket.burst, bucket.tokens) == (4, 20, 20)


def test_while_shut_it_gives_nothing_and_afterwards_starts_from_one():
    bucket = shut(full(rate=2, burst=10, now=0), now=0, seconds=30)
    assert available(bucket, now=29.9) == 0
    assert take(bucket, now=10) == (bucket, 20.0)
    assert available(bucket, now=30) == 1
    assert available(bucket, now=31) == 3


def test_a_shorter_shut_does_not_end_a_longer_one_and_a_correction_opens_nothing():
    bucket = shut(full(rate=2, burst=10, now=0), now=0, seconds=30)
    assert shut(bucket, now=1, seconds=2).shut_until == 30
    assert available(correct(bucket, now=5, remaining=9), now=6) == 0


def test_it_survives_a_database_column():
    bucket = shut(drained(), now=1, seconds=2)
    assert from_json(json.loads(json.dumps(to_json(bucket)))) == bucket
    with pytest.raises(TypeError):
        from_json({})


@given(
    st.floats(0.01, 1_000),
    st.integers(1, 100),
    st.lists(st.tuples(st.floats(0, 5), st.integers(1, 5)), max_size=60),
)
def test_no_history_gives_more_than_burst_plus_rate_times_time(rate, burst, history):
    bucket: Bucket = full(rate=rate, burst=burst, now=0)
    now, given_out = 0.0, 0
    for pause, count in history:
        now += pause
        bucket, wait = take(bucket, now=now, count=min(count, burst))
        given_out += 0 if wait else min(count, burst)
    assert given_out <= burst + rate * now + 1e-3
