from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from portal.core import clock

pytestmark = pytest.mark.pure
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_frozen_clock_stands_still_until_it_is_moved():
    with clock.freeze(NOON) as frozen:
        before = clock.monotonic()
        assert clock.now() == clock.now() == NOON
        frozen.move(90)
        assert clock.now() == datetime(2026, 3, 2, 12, 1, 30, tzinfo=UTC)
        assert clock.monotonic() - before == pytest.approx(90)


def test_the_real_time_comes_back_even_after_an_error():
    before = clock.monotonic()
    with pytest.raises(RuntimeError), clock.freeze(datetime(2020, 1, 1, tzinfo=UTC)) as frozen:
        frozen.move(1_000_000)
        raise RuntimeError
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert 0 <= clock.monotonic() - before < 60


def test_frozen_clocks_nest():
    with clock.freeze(NOON):
        with clock.freeze(NOON + timedelta(days=1)):
            assert clock.now().day == 3
        assert clock.now() == NOON


def test_a_frozen_clock_holds_for_every_thread():
    seen = []
    with clock.freeze(NOON):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [NOON]


def test_another_zone_is_turned_into_utc():
    with clock.freeze(datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=-5)))):
        assert clock.now().isoformat() == "2026-03-02T17:00:00+00:00"


def test_a_naive_moment_and_a_backward_move_are_refused():
    with pytest.raises(ValueError, match="aware"), clock.freeze(datetime(2026, 3, 2)):
        pass
    with clock.freeze(NOON) as frozen, pytest.raises(ValueError, match="backwards"):
        frozen.move(-1)
