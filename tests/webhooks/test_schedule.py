"""When a message is tried again, and how long a receiver rests."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Receiver

from portal.webhooks import schedule, signature

pytestmark = pytest.mark.pure
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(
    tries=st.integers(1, 9),
    chance=st.floats(0, 1, exclude_max=True),
    asked=st.none() | st.floats(0, 3600),
)
def test_nobody_comes_back_before_the_time_nor_much_later(tries, chance, asked):
    then = schedule.again_at(tries, at=NOON, jitter=lambda: chance, retry_after=asked)
    seconds = (then - NOON).total_seconds()
    least = max(schedule.WAITS[tries], asked or 0)
    assert least - 0.001 <= seconds <= least * 1.1 + 0.001


def test_the_tenth_failure_is_the_last():
    assert schedule.again_at(9, at=NOON, jitter=lambda: 0.0) == NOON + timedelta(hours=24)
    assert schedule.again_at(10, at=NOON, jitter=lambda: 0.0) is None
    with pytest.raises(ValueError):
        schedule.again_at(0, at=NOON, jitter=lambda: 0.0)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, None), (1, 5), (2, 10), (6, 160), (7, 300), (10_000, 300)],  # 5 × 2^(n − 1)
)
def test_a_receiver_that_keeps_failing_rests_longer_and_longer(failures, seconds):
    until = schedule.rest_until(failures, at=NOON)
    assert until == (None if seconds is None else NOON + timedelta(seconds=seconds))


@given(text=st.text(max_size=200), at=st.integers(1, 4_000_000_000))
def test_every_signature_is_the_one_that_the_other_library_makes(text, at):
    secret = signature.new_secret()
    found = signature.headers("evt_1", text.encode(), at=at, signing=[secret])
    moment = datetime.fromtimestamp(at, tz=UTC)
    assert found["webhook-signature"] == Receiver(secret).sign("evt_1", moment, text)


def test_what_is_no_secret_signs_nothing():
    with pytest.raises(ValueError, match="begins with whsec_"):
        signature.headers("evt_1", b"", at=1, signing=["c2VjcmV0"])
