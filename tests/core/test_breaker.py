import json

import pytest

from portal.core import breaker
from portal.core.breaker import Breaker, allow, fail, from_json, hold_open, succeed, to_json

pytestmark = pytest.mark.pure


def failed(times, state=None):
    state = state or Breaker()
    for now in times:
        state = fail(state, now=now)
    return state


def test_five_failures_in_a_row_within_ten_minutes_open_it():
    assert failed([0, 100, 200, 300]).state == "closed"
    opened = failed([0, 100, 200, 300, 600])
    assert (opened.state, opened.until) == ("open", 615.0)


def test_five_slow_failures_do_not_open_it_but_the_next_quick_one_does():
    slow = failed([0, 100, 200, 300, 601])
    assert slow.state == "closed"
    # The latest five are now 100, 200, 300, 601, 690: within ten minutes.
    assert fail(slow, now=690).state == "open"


def test_a_success_in_between_starts_the_count_anew():
    state = succeed(failed([0, 1, 2, 3]))
    assert failed([4, 5, 6, 7], state).state == "closed"


def test_an_open_one_refuses_until_its_time_and_then_grants_one_probe():
    opened = failed([0] * 5)
    assert allow(opened, now=14.9) == (opened, False)
    probing, granted = allow(opened, now=15)
    assert granted and probing.state == "half_open"
    assert allow(probing, now=15.1)[1] is False


def test_a_probe_that_works_closes_it_and_forgets_the_past():
    probing, _ = allow(failed([0] * 5), now=15)
    assert succeed(probing) == Breaker()


def test_every_failed_probe_doubles_the_wait_up_to_five_minutes():
    state, now, waits = failed([0] * 5), 0.0, []
    for _ in range(7):
        waits.append(state.until - now)
        now = state.until
        state, granted = allow(state, now=now)
        assert granted
        state = fail(state, now=now)
    assert waits == [15, 30, 60, 120, 240, 300, 300]


def test_a_probe_whose_worker_died_is_granted_anew_after_a_minute():
    probing, _ = allow(failed([0] * 5), now=15)
    assert allow(probing, now=74)[1] is False
    assert allow(probing, now=75)[1] is True


def test_late_answers_from_before_it_opened_change_nothing():
    opened = failed([0] * 5)
    assert fail(opened, now=3) == opened
    assert succeed(opened) == opened


def test_held_open_it_waits_for_a_person():
    held = hold_open(Breaker())
    assert allow(held, now=1e12) == (held, False)
    assert breaker.reset() == Breaker()


@pytest.mark.parametrize(
    "state",
    [Breaker(), failed([0.5, 1]), failed([0] * 5), allow(failed([0] * 5), now=20)[0]]
    + [hold_open(failed([1]))],
)
def test_it_survives_a_database_column(state):
    assert from_json(json.loads(json.dumps(to_json(state)))) == state


def test_an_empty_column_is_a_closed_breaker_and_a_foreign_one_is_refused():
    assert from_json(None) == from_json({}) == Breaker()
    with pytest.raises(TypeError):
        from_json({"state": "open", "colour": "red"})
