import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import RFC_4122, UUID

import pytest

from portal.core import clock, ids

pytestmark = pytest.mark.pure


def test_an_id_is_a_uuid_of_version_7():
    made = ids.uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert UUID(str(made)) == made
    assert hash(UUID(str(made))) == hash(made)


def test_an_id_starts_with_the_millisecond_it_was_made_in():
    before = time.time_ns() // 1_000_000
    stamp = ids.uuid7().int >> 80
    # Ids made in a burst run ahead of the clock by well under a second.
    assert before <= stamp <= time.time_ns() // 1_000_000 + 1_000


def test_a_hundred_thousand_ids_are_in_order_and_different():
    made = [ids.uuid7() for _ in range(100_000)]
    assert made == sorted(made)
    assert len(set(made)) == 100_000
    assert [str(one) for one in made[:1000]] == sorted(str(one) for one in made[:1000])


def test_threads_get_different_ids_and_each_its_own_in_order():
    def some(_: int) -> list[UUID]:
        return [ids.uuid7() for _ in range(5_000)]

    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(some, range(8)))
    assert all(batch == sorted(batch) for batch in batches)
    assert len({one for batch in batches for one in batch}) == 40_000


def test_ids_stay_in_order_when_the_clock_steps_back(monkeypatch):
    first = ids.uuid7()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_600_000_000_000_000_000)
    second, third = ids.uuid7(), ids.uuid7()
    assert first < second < third


def test_a_frozen_clock_does_not_disturb_the_order():
    first = ids.uuid7()
    with clock.freeze(datetime(2020, 1, 1, tzinfo=UTC)):
        assert ids.uuid7() > first


def test_a_short_id_is_eight_readable_characters_of_the_random_end():
    assert ids.short(UUID("019535d9-3df7-79fb-b466-fa907fa17f9e")) == "J1ZT2ZWY"
    assert ids.short(UUID(int=0)) == "00000000"
    assert ids.short(UUID(int=(1 << 128) - 1)) == "ZZZZZZZZ"


def test_no_id_made_from_a_moment_on_is_smaller_than_the_first_of_it():
    before = ids.uuid7()
    time.sleep(0.002)
    moment = datetime.now(UTC)
    assert before < ids.first_id_at(moment) < ids.uuid7()
