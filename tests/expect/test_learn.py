"""What is learned of feeds, and how rarely it is wrong."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from monitoring.expect import drop, silence
from monitoring.expect.days import Days, Mark
from monitoring.expect.learn import Seen, learn
from monitoring.expect.profile import Outlook
from monitoring.expect.profile_json import profile_json, profile_of
from tests.customers.calendars import calendar, local
from tests.expect.scenery import BEGINS, WEEK, ZONE, feed, gaps

pytestmark = pytest.mark.pure

DAYS = Days(calendar(zone=ZONE))
HOUR = timedelta(hours=1)


def learned(counts, *, weeks=8, days=DAYS, **given):
    return learn(counts, days, since=BEGINS, until=BEGINS + weeks * WEEK, **given)


def even(weeks, per_hour):
    """So many documents in each hour of the time."""
    span = int(weeks * WEEK / HOUR)
    return {BEGINS + n * HOUR: Seen(per_hour(n), 1) for n in range(span) if per_hour(n)}


def test_what_is_always_the_same_is_learned_as_it_is():
    found = learned(even(8, lambda n: 3))
    assert [rate for day in found.week for rate in day] == pytest.approx([3] * 168)
    assert (found.weeks, found.longest_quiet) == (pytest.approx(8, abs=0.02), 0)


def test_each_hour_of_the_week_has_its_own():
    found, _ = feed(1, a_day=100, weeks=8)
    week = learned(found).week
    assert week[2][10] == pytest.approx(10, rel=0.15)
    assert week[2][3] == pytest.approx(0.2, abs=0.15)
    assert sum(week[6]) == pytest.approx(24, rel=0.15)


def test_one_burst_is_not_usual():
    counts = even(8, lambda n: 3)
    counts[BEGINS + 7 * WEEK + 30 * HOUR] = Seen(900, 12)
    rate = learned(counts).week[1][6]  # 30 h after Monday midnight
    assert rate == pytest.approx(3, rel=0.01)


def test_an_outage_left_out_leaves_no_trace():
    out = (BEGINS + 7 * WEEK, BEGINS + 7 * WEEK + 48 * HOUR)
    counts = {at: seen for at, seen in even(8, lambda n: 3).items() if not out[0] <= at < out[1]}
    assert learned(counts, without=[out]).week[0][5] == pytest.approx(3)
    assert learned(counts, gaps=[out]).longest_quiet == 0  # one long quiet may have been a fault
    assert learned(counts).week[0][5] < 3


def test_growth_is_followed():
    counts, _ = feed(2, a_day=100, weeks=10, growth=0.05)
    week = learned(counts, weeks=10).week
    # 5 % a week for ten weeks: 16.3 an hour at the end, and two weeks' middle is a week behind
    assert week[2][10] == pytest.approx(15.5, rel=0.12)


def test_promotions_and_holidays_are_no_usual_days():
    weeks = 8
    promoted = {(BEGINS + 49 * 24 * HOUR + n * HOUR) for n in range(7 * 24)}
    counts = {at: Seen(30, 1) if at in promoted else seen
              for at, seen in even(weeks, lambda n: 3).items()}  # fmt: skip
    mark = Mark(date(2026, 2, 23), date(2026, 3, 1), 10, "Winter sale")
    days = Days(calendar(zone=ZONE), [mark])
    assert learned(counts, days=days).week[2][10] == pytest.approx(3)


def test_what_a_holiday_brings_is_learned_as_a_share():
    holiday = local("2026-02-16 00:00", ZONE)
    days = Days(calendar(zone=ZONE, holidays=("2026-02-16",)))
    counts = even(8, lambda n: 4)
    for n in range(24):
        counts[holiday + n * HOUR] = Seen(1, 1)
    assert learned(counts, days=days).holiday == pytest.approx(0.25)
    assert learned(even(8, lambda n: 4)).holiday is None


def test_documents_that_come_in_tens_are_a_clump():
    counts = {at: Seen(10, 1) for n, at in enumerate(even(8, lambda n: 1)) if n % 5 == 0}
    # one slot of twelve: −12 ln(11/12) = 1.044 arrivals, 10 / 1.044
    assert learned(counts).clump == pytest.approx(9.58, abs=0.01)


def test_the_longest_quiet_but_one_is_kept_in_documents():
    noon = BEGINS + 49 * 24 * HOUR + 12 * HOUR
    found = learned(even(8, lambda n: 4), gaps=[(noon, noon + n * HOUR) for n in (1, 3, 5)])
    assert found.longest_quiet == pytest.approx(3 * 4)


def test_swings_from_day_to_day_are_seen():
    calm = learned(feed(3, a_day=200, weeks=10)[0], weeks=10)
    wild = learned(feed(3, a_day=200, weeks=10, by_day=0.2)[0], weeks=10)
    assert calm.by_day == pytest.approx(0.01, abs=0.005)
    assert wild.by_day == pytest.approx(0.2, abs=0.1)


def test_of_few_documents_the_usual_is_less_sure():
    # every hour one, or one in 24: 1.6 / 336 and 1.6 / 14 of variance, as far as they differ
    often, rare = learned(even(8, lambda n: 1)), learned(even(8, lambda n: int(n % 24 == 9)))
    apart = rare.level - often.level - 1.6 * (rare.by_day - often.by_day) / 14
    assert apart == pytest.approx(1.6 / 14 - 1.6 / 336, rel=0.01)


def test_too_little_to_learn_from_is_not_learned_from():
    assert learned(even(8, lambda n: int(n % 400 == 0))) is None  # 4 documents
    assert learned(even(1, lambda n: 3), weeks=1) is None
    assert learned({}) is None


def test_a_profile_is_the_same_after_it_was_kept():
    found = learned(even(8, lambda n: 3))
    again = profile_of(profile_json(found))
    assert again.week[3][4] == pytest.approx(found.week[3][4], abs=1e-6)
    assert again == profile_of(profile_json(again))


def test_a_year_of_healthy_hours_gives_hardly_an_alarm():
    """At most one in 22 weeks of each of three feeds, where one a month would be allowed: 15."""
    feeds = [(6, 0.05), (60, 0.15), (200, 0.03)]
    assert sum(_alarms(11, a_day, by_day) for a_day, by_day in feeds) <= 1


def _alarms(seed, a_day, by_day):
    counts, arrivals = feed(seed, a_day=a_day, weeks=52, by_day=by_day)
    alarms = 0
    for week in range(8, 52, 4):
        now = BEGINS + week * WEEK
        past = gaps([at for at in arrivals if at < now])
        ahead = Outlook(learn(counts, DAYS, since=BEGINS, until=now, gaps=past), DAYS)
        alarms += _silences(ahead, arrivals, now) + _drops(ahead, counts, now)
    return alarms


def _silences(ahead, arrivals, now):
    ours = [at for at in arrivals if now - WEEK <= at < now + 2 * WEEK]
    pairs = [(a, b) for a, b in pairwise(ours) if b >= now and b - a > HOUR / 2]
    return sum((silence.due_at(ahead, a) or b) < b for a, b in pairs)


def _drops(ahead, counts, now):
    seen = {at: one.documents for at, one in counts.items()}
    found = [drop.judge(ahead, seen, earliest=BEGINS, now=now + n * 12 * HOUR) for n in range(28)]
    return any(one and one.is_one for one in found)
