"""The next document: how long it may take, and what is missing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.expect import lag
from monitoring.expect.awaited import Leg, judge, may_be_missing, state_of
from monitoring.expect.words import missing_words
from tests.customers.calendars import calendar, local

pytestmark = pytest.mark.pure

OFFICE = calendar()  # Los Angeles, Mon–Fri 07:00–19:00
FOUR_HOURS = lag.given(240, grace=30)
MINUTE = timedelta(minutes=1)


def leg(began, number="SO-1", amount=None):
    return Leg(number, local(began), None, amount and Decimal(amount), "USD" if amount else "")


def judged(legs, at, *, by=FOUR_HOURS, calendar=None, last_met=None):
    met = local(last_met) if last_met else None
    return judge(legs, by, calendar=calendar, last_met=met, now=local(at))


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-03-04 12:59", "not yet due"),
        ("2026-03-04 13:00", "due"),
        ("2026-03-04 13:30", "overdue"),
    ],
)
def test_a_leg_is_due_and_then_overdue(at, state):
    assert state_of(leg("2026-03-04 09:00"), FOUR_HOURS, None, local(at)) == state


def test_a_leg_that_ended_is_met():
    ended = leg("2026-03-04 09:00")._replace(ended=local("2026-03-04 20:00"))
    assert state_of(ended, FOUR_HOURS, None, local("2026-03-04 21:00")) == "met"
    assert state_of(ended, FOUR_HOURS, None, local("2026-03-04 19:00")) == "overdue"


def test_a_warehouse_does_not_work_at_night():
    friday = leg("2026-03-06 17:00")  # two hours before it closes
    assert state_of(friday, FOUR_HOURS, OFFICE, local("2026-03-09 08:59")) == "not yet due"
    assert state_of(friday, FOUR_HOURS, OFFICE, local("2026-03-09 09:00")) == "due"


def test_what_was_agreed_is_missing_as_soon_as_one_is_overdue():
    found = judged([leg("2026-03-04 09:00"), leg("2026-03-04 12:00")], "2026-03-04 13:30")
    assert (found.documents, found.waiting) == (1, 2)
    assert found.window_ended == local("2026-03-04 13:30")
    assert judged([leg("2026-03-04 09:00")], "2026-03-04 13:29") is None


LEARNED = lag.Lag(usual=30, due=60, late=75, missing=400, legs=200)


def test_several_late_ones_without_any_answer_are_one_finding():
    legs = [leg("2026-03-04 09:00", "SO-1", "100.50"), leg("2026-03-04 09:10", "SO-2", "20.00"),
            leg("2026-03-04 09:20", "SO-3"), leg("2026-03-04 10:30", "SO-4", "9.00")]  # fmt: skip
    assert judged(legs, "2026-03-04 10:34", by=LEARNED) is None
    found = judged(legs, "2026-03-04 10:35", by=LEARNED, last_met="2026-03-04 09:30")
    assert (found.documents, found.waiting, found.oldest.number) == (3, 4, "SO-1")
    assert found.quiet_since == local("2026-03-04 09:30")
    assert found.at_risk == {"USD": Decimal("120.50")}
    assert found.window_ended == local("2026-03-04 10:35")
    assert missing_words(found, "order", "America/Los_Angeles", local("2026-03-04 11:00")) == (
        "3 orders wait too long, the oldest, SO-1, since 09:00"
    )


def test_late_ones_are_no_silence_while_others_are_answered():
    legs = [leg(f"2026-03-04 09:{n}0") for n in range(4)]
    assert judged(legs, "2026-03-04 12:00", by=LEARNED, last_met="2026-03-04 11:00") is None


def test_one_that_was_left_behind_hides_no_silence():
    legs = [leg("2026-03-04 06:00"), *(leg(f"2026-03-04 09:{n}0") for n in range(3))]
    # due at 10:00 to 10:20, all after the last that came; the third is late at 10:35
    found = judged(legs, "2026-03-04 10:35", by=LEARNED, last_met="2026-03-04 09:50")
    assert (found.documents, found.window_ended) == (4, local("2026-03-04 10:35"))
    assert found.quiet_since == local("2026-03-04 09:50")
    assert judged(legs, "2026-03-04 10:35", by=LEARNED, last_met="2026-03-04 10:05") is None


def test_a_single_one_is_missing_when_it_is_later_than_any_would_be():
    one = [leg("2026-03-04 09:00")]
    assert judged(one, "2026-03-04 15:39", by=LEARNED, last_met="2026-03-04 15:00") is None
    found = judged(one, "2026-03-04 15:40", by=LEARNED, last_met="2026-03-04 15:00")
    assert (found.documents, found.quiet_since) == (1, None)


def test_nothing_waits_too_long_where_nothing_waits():
    assert judged([], "2026-03-04 15:00") is None


def test_a_lag_is_learned_from_the_slowest_in_twenty():
    found = lag.learn([*range(1, 101)], a_month=100)
    # nearest rank: the 95th of 100; half of 95 on top
    assert (found.usual, found.due, found.late) == (50.5, 95, 95 * 1.5)
    # one in 10,000 lies 3.719 / 1.645 times as far out, which is more than twice the longest
    assert found.missing == pytest.approx(50.5 * (95 / 50.5) ** (3.719 / 1.6449), rel=0.001)
    assert found.is_learned and found.legs == 100
    assert lag.learn([*range(1, 101)], a_month=100, longest=150).missing == 300


def test_a_single_one_is_missing_where_a_logarithmic_normal_would_not_reach():
    # one in 10,000 lies 3.719 / 1.645 times as far out on the scale of logarithms
    found = lag.learn([*[20.0] * 90, *[100.0] * 10], a_month=100)
    assert found.missing == pytest.approx(20 * 5 ** (3.719 / 1.6449), rel=0.001)


def test_a_lag_has_a_floor_and_a_cap():
    quick = lag.learn([1.0] * 50, a_month=100)
    assert (quick.due, quick.late, quick.missing) == (15, 30, 30)
    slow = lag.learn([10_000.0] * 50, a_month=100, cap=5000)
    assert (slow.due, slow.late, slow.missing) == (5000, 5000, 5000)


def test_of_few_legs_nothing_is_learned():
    assert lag.learn([30.0] * 19, a_month=100) is None


@pytest.mark.parametrize("minutes", [0, 0.5, 60 * 24 * 366])
def test_a_lag_nobody_can_keep_is_refused(minutes):
    with pytest.raises(ValueError, match="is not from 1 minute to 365 days"):
        lag.given(minutes)
    with pytest.raises(ValueError, match="below none"):
        lag.given(60, grace=-1)


@given(st.lists(st.floats(0, 50_000), min_size=20, max_size=200), st.integers(0, 5000))
def test_later_words_come_later(minutes, a_month):
    found = lag.learn(minutes, a_month=a_month)
    assert lag.FLOOR <= found.due <= found.late <= found.missing <= max(found.late, lag.CAP)


@given(st.lists(st.integers(0, 900), max_size=12), st.none() | st.integers(0, 900))
def test_what_cannot_be_missing_is_found_without_asking_what_was_met(ages, met):
    """Legs so many minutes old, and the last that was met so many minutes ago."""
    now = local("2026-03-04 18:00")
    legs = [Leg("", now - age * MINUTE) for age in sorted(ages, reverse=True)]
    last = None if met is None else now - met * MINUTE
    found = judge(legs, LEARNED, calendar=None, last_met=last, now=now)
    close = may_be_missing(legs, LEARNED, calendar=None, now=now)
    assert close or found is None
    assert close == (sum(a >= 75 for a in ages) >= 3 or any(a >= 400 for a in ages))
