"""When far fewer come than should."""

from datetime import timedelta

import pytest

from monitoring.expect import drop
from monitoring.expect.words import drop_words
from tests.customers.calendars import local
from tests.expect.scenery import ZONE, outlook

pytestmark = pytest.mark.pure

NOW = local("2026-03-04 10:20", ZONE)
HOUR = timedelta(hours=1)
WHOLE = local("2026-03-04 10:00", ZONE)


def counts(per_hour, *, hours=120):
    return {WHOLE - n * HOUR: per_hour(n) for n in range(1, hours + 1)}


def judged(per_hour, *, earliest=WHOLE - 200 * HOUR, judge=drop.judge, **given):
    return judge(outlook(**given), counts(per_hour), earliest=earliest, now=NOW)


def test_one_of_two_channels_lost_is_a_drop_of_a_day():
    found = judged(lambda n: 2 if n <= 24 else 4)
    # of 24 h 48 where 96 were to come; of 48 h 144 where 192 were, which is likelier
    assert (found.seen, found.expected, found.until - found.since) == (48, 96, 24 * HOUR)
    assert found.is_one
    assert found.chance == pytest.approx(4.52e-8, rel=0.01)


def test_the_hour_that_still_runs_does_not_count():
    assert judged(lambda n: 4).until == WHOLE


def test_a_little_less_is_no_drop_however_sure():
    # 70 of 100 in four days: rare by chance, and still no channel lost
    found = judged(lambda n: 14, rate=20.0)
    assert found.chance < found.limit
    assert not found.is_one


def test_days_that_swing_explain_a_drop():
    assert not judged(lambda n: 2 if n <= 24 else 4, by_day=0.2).is_one


def test_a_drop_must_be_rarer_than_the_scarcest_day_that_was_none():
    assert not judged(lambda n: 2 if n <= 24 else 4, least_chance=1e-8).is_one


def test_too_little_to_expect_says_nothing():
    # 96 h at 0.1 an hour are 9.6 documents, and 12 are needed
    assert judged(lambda n: 0, rate=0.1) is None


def test_nothing_before_the_earliest_counts():
    found = judged(lambda n: 0 if n > 6 else 4, earliest=WHOLE - 6 * HOUR)
    assert (found.seen, found.expected) == (24, 24)
    assert judged(lambda n: 0, earliest=WHOLE - 5 * HOUR) is None


def test_a_drop_is_over_when_enough_came_again():
    # 24 documents to expect take 6 h at 4 an hour
    found = judged(lambda n: 3 if n <= 6 else 1, judge=drop.latest)
    assert (found.seen, found.expected, found.is_over) == (18, 24, True)
    assert not judged(lambda n: 1, judge=drop.latest).is_over


def test_a_drop_says_its_numbers():
    assert drop_words(judged(lambda n: 2 if n <= 24 else 4), ZONE) == (
        "expected 96, seen 48, since Tue 10:00, chance by itself 1 in 22,000,000"
    )


def test_what_may_be_chance_still_makes_a_feed_scarce():
    # of 6 h 7 where 24 were to come, 1 in 950 by chance: a drop is 1 in 5,000, and scarce is 1 in 50
    found = judged(lambda n: 1 if n <= 5 else 2 if n == 6 else 4, by_hour=0.2)
    assert not found.is_one
    assert judged(lambda n: 1 if n <= 5 else 2 if n == 6 else 4, by_hour=0.2, judge=drop.is_scarce)


def test_a_feed_that_brings_its_usual_is_not_scarce():
    assert not judged(lambda n: 3, judge=drop.is_scarce)
    assert not judged(lambda n: 0, judge=drop.is_scarce, earliest=WHOLE - 5 * HOUR)
