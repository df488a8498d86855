"""What is scheduled: windows, their grace, and what was missed."""

import pytest

from monitoring.expect.profile_json import schedule_json, schedule_of
from monitoring.expect.schedule import Daily, Every, next_due, to_judge
from monitoring.expect.words import schedule_words
from tests.customers.calendars import calendar, local

pytestmark = pytest.mark.pure

OFFICE = calendar(holidays=("2026-03-05",))  # Los Angeles, Mon–Fri 07:00–19:00
NIGHTLY = Daily(22 * 60, 23 * 60 + 30, grace=15)
WORKDAYS = frozenset(range(5))


def due(schedule, last):
    return next_due(schedule, OFFICE, local(last))


def test_every_hour_is_due_an_hour_after_the_last():
    found = due(Every(60, grace=20), "2026-03-04 09:05")
    assert found.ends == local("2026-03-04 10:05")
    assert found.missed == local("2026-03-04 10:25")


def test_every_hour_of_the_open_ones_waits_over_night():
    found = due(Every(60, grace=20, in_hours=True), "2026-03-06 18:30")  # a Friday
    assert found.ends == local("2026-03-09 07:30")
    assert found.missed == local("2026-03-09 07:50")


def test_a_nightly_window_is_missed_after_its_grace():
    found = due(NIGHTLY, "2026-03-03 22:40")
    assert (found.begins, found.ends) == (local("2026-03-04 22:00"), local("2026-03-04 23:30"))
    assert found.missed == local("2026-03-04 23:45")


@pytest.mark.parametrize(
    ("last", "begins"),
    [
        ("2026-03-10 21:10", "2026-03-11 22:00"),  # up to an hour early is this window's
        ("2026-03-10 20:59", "2026-03-10 22:00"),
        ("2026-03-11 01:00", "2026-03-11 22:00"),  # late, and the next is awaited
    ],
)
def test_a_document_is_that_windows_that_it_is_near_to(last, begins):
    assert due(NIGHTLY, last).begins == local(begins)


def test_a_window_may_go_over_midnight():
    found = due(Daily(23 * 60, 60), "2026-03-03 12:00")
    assert found.ends == local("2026-03-04 01:00")


def test_holidays_and_other_weekdays_have_no_window():
    workdays = Daily(22 * 60, 23 * 60, weekdays=WORKDAYS)
    assert due(workdays, "2026-03-04 22:10").begins == local("2026-03-06 22:00")
    assert due(workdays, "2026-03-06 22:10").begins == local("2026-03-09 22:00")
    always = Daily(22 * 60, 23 * 60, weekdays=WORKDAYS, on_holidays=True)
    assert due(always, "2026-03-04 22:10").begins == local("2026-03-05 22:00")


def test_a_window_stands_on_the_clocks_of_its_place():
    # on 8 March the clocks are turned on: the next nightly is 23 hours later
    gap = due(NIGHTLY, "2026-03-07 22:30").begins - due(NIGHTLY, "2026-03-06 22:30").begins
    assert gap.total_seconds() == 23 * 3600


def judged(schedule, last, now, *, quiet=()):
    def counts(ends):
        return ends.astimezone(local("2026-03-02").tzinfo).day not in quiet

    return to_judge(schedule, OFFICE, local(last), now=local(now), counts=counts)


def test_the_first_window_that_went_by_is_judged_and_days_that_do_not_count_are_passed_over():
    hourly = Every(60, grace=30)
    assert judged(hourly, "2026-03-02 09:00", "2026-03-02 12:00").ends == local("2026-03-02 10:00")
    on = judged(hourly, "2026-03-02 09:00", "2026-03-04 12:00", quiet=(2, 3))
    assert on.ends == local("2026-03-04 00:00")
    night = judged(NIGHTLY, "2026-03-02 22:10", "2026-03-06 12:00", quiet=(3,))
    assert night.begins == local("2026-03-04 22:00")


def test_what_went_by_on_days_that_do_not_count_leaves_the_one_to_come():
    night = judged(NIGHTLY, "2026-03-02 22:10", "2026-03-04 12:00", quiet=(3,))
    assert night.begins == local("2026-03-04 22:00")
    assert night.missed > local("2026-03-04 12:00")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Every(0), "Every 0 minutes"),
        (lambda: Every(60, grace=-1), "grace"),
        (lambda: Daily(1440, 10), "00:00 to 24:00"),
        (lambda: Daily(0, 10, weekdays=frozenset()), "at least one day"),
        (lambda: Daily(0, 10, weekdays=frozenset([7])), "at least one day"),
    ],
)
def test_a_schedule_nobody_can_keep_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Every(60), "every 1 h"),
        (Every(90, in_hours=True), "every 1 h 30 in business hours"),
        (NIGHTLY, "22:00–23:30, every day"),
        (Daily(0, 30, weekdays=WORKDAYS), "00:00–00:30, Mon–Fri"),
        (Daily(0, 30, weekdays=frozenset([0, 2, 4])), "00:00–00:30, Mon, Wed and Fri"),
        (Daily(0, 30, weekdays=frozenset([5])), "00:00–00:30, Sat"),
    ],
)
def test_a_schedule_is_told_in_words_and_kept_as_it_is(schedule, words):
    assert schedule_words(schedule) == words
    assert schedule_of(schedule_json(schedule)) == schedule
