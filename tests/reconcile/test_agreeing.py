"""From run to run: what is said twice is told, what comes back has another root."""

from datetime import timedelta

import pytest

from monitoring.reconcile import Key, Past, Seen, judge
from tests.reconcile.sides import HOUR, TWO, erp, level, movement, run, warehouse

pytestmark = pytest.mark.pure
KEY = Key("RNO1", "TENT-2P")
DAY = timedelta(days=1)


def judged(gap, past=None, *, runs=2, moved=()):
    result = run(
        erp(level("TENT-2P", 100)), warehouse(level("TENT-2P", 100 + gap)), movements=moved
    )
    return judge(result.rows, {KEY: past} if past else {}, at=TWO, agreeing_runs=runs)


def past(gap, runs=1, **more):
    return Past(gap, runs, TWO - DAY, (Seen(TWO - DAY, gap),), **more)


def test_one_run_alone_tells_nobody():
    (found,) = judged(-5)
    assert (found.runs, found.is_told, found.first_seen) == (1, False, TWO)


def test_two_runs_that_agree_tell():
    (found,) = judged(-5, past(-5))
    assert (found.runs, found.is_told, found.first_seen) == (2, True, TWO - DAY)
    assert [seen.gap for seen in found.trail] == [-5, -5]


def test_another_gap_begins_to_count_anew():
    (found,) = judged(-6, past(-5, runs=9))
    assert (found.runs, found.is_told) == (1, False)


def test_more_runs_may_be_asked_for():
    assert [judged(-5, past(-5, runs=n), runs=3)[0].is_told for n in (1, 2)] == [False, True]


def test_a_gap_that_grows_day_by_day_is_told_though_no_two_runs_agree():
    trail = tuple(Seen(TWO - n * DAY, gap) for n, gap in ((3, -2), (2, -3), (1, -4)))
    (grown,) = judged(-5, Past(-4, 1, TWO - 3 * DAY, trail))
    assert (grown.runs, grown.is_told) == (1, True)
    (other,) = judged(-4, Past(-4, 1, TWO - 3 * DAY, trail), runs=3)
    assert other.is_told is False


def test_what_moved_lately_waits_for_another_run():
    lately = movement("TENT-2P", -4, TWO - HOUR)
    (found,) = judged(-5, past(-9), moved=[lately._replace(posted={"ERP": TWO, "3PL": TWO})])
    assert (found.row.state, found.is_told) == ("variance", False)


def test_an_accepted_gap_is_silent_until_it_changes():
    (same,), (other,) = judged(-5, past(-5, accepted=-5)), judged(-6, past(-6, accepted=-5))
    assert (same.is_accepted, same.is_told) == (True, False)
    assert (other.is_accepted, other.is_told) == (False, True)


def test_the_same_gap_after_its_correction_has_another_root():
    (back,), (other,) = judged(-5, past(-5, corrected=-5)), judged(-6, past(-6, corrected=-5))
    assert (back.is_back, other.is_back) == (True, False)


def test_a_trail_keeps_the_last_sixty_runs():
    trail = tuple(Seen(TWO - n * HOUR, -5) for n in range(80, 0, -1))
    (found,) = judged(-5, Past(-5, 80, TWO - 4 * DAY, trail))
    assert (len(found.trail), found.trail[-1].at, found.runs) == (60, TWO, 81)


def test_what_agrees_is_not_judged():
    assert judged(0) == []
