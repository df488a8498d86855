"""Counting things in time."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.slo import Batch, Event, Interval, evaluate
from tests.customers.calendars import calendar
from tests.slo.scenery import APRIL, MAY, at, event, figures, held, in_time, minutes, span, usual

pytestmark = pytest.mark.pure

FAST = usual("ingestion_latency")  # p95 within 15 min


def test_an_open_item_counts_as_missed_from_its_due_time_on():
    orders = [event("SO-1", "04-10 08:00")]
    before = figures(FAST, orders, now=at("04-10 08:14"))
    assert (before.total, before.tally.pending) == (0, 1)
    then = figures(FAST, orders, now=at("04-10 08:15"))
    assert (then.total, then.good, then.tally.pending) == (1, 0, 0)
    (miss,) = then.tally.misses
    assert (miss.at, miss.late, miss.still_open) == (at("04-10 08:15"), minutes(0), True)


def test_an_item_that_takes_its_whole_limit_is_in_time():
    found = figures(FAST, [event("SO-1", "04-10 08:00", "04-10 08:15")])
    assert (found.good, found.total) == (1, 1)


def test_a_thing_counts_in_the_window_in_which_it_was_decided():
    kept = event("SO-1", "04-30 23:50", "05-01 00:02")
    late = event("SO-2", "04-30 23:40", "05-01 00:02")  # due 23:55
    april = figures(FAST, [kept, late])
    may = figures(
        FAST, [kept, late], window=span("05-01 00:00", "06-01 00:00"), now=at("06-01 00:00")
    )
    assert [miss.id for miss in april.tally.misses] == ["SO-2"]
    assert (april.total, may.total, may.good) == (1, 1, 1)


def test_what_happened_after_a_window_does_not_change_it():
    late = event("SO-2", "04-30 23:40")
    at_its_end = figures(FAST, [late])
    later = figures(FAST, [late._replace(ended=at("05-03 12:00"))], now=at("05-20 00:00"))
    assert at_its_end == later
    assert later.slowest == minutes(20)  # by the end of the window


def test_a_day_has_its_items_and_days_add_up_to_their_month():
    orders = [event(f"SO-{n}", f"04-{n:02} 23:50", f"04-{n + 1:02} 00:01") for n in range(1, 29)]
    each = [
        figures(FAST, orders, window=span(f"04-{n:02} 00:00", f"04-{n + 1:02} 00:00"))
        for n in range(1, 30)
    ]
    assert sum(day.total for day in each) == figures(FAST, orders).total == 28


def test_a_cut_off_of_an_events_own_goes_before_the_limit():
    found = figures(FAST, [event("SO-1", "04-10 08:00", "04-10 08:20", due=at("04-10 08:30"))])
    assert found.good == 1


def test_what_began_after_its_due_time_is_late_at_once():
    found = figures(
        usual("cutoff"), [event("SO-1", "04-10 14:10", "04-10 14:20", due=at("04-10 14:00"))]
    )
    assert (found.good, found.total) == (0, 1)
    assert (found.tally.misses[0].at, found.tally.misses[0].late) == (
        at("04-10 14:10"),
        minutes(20),
    )


def test_fewer_than_twenty_are_told_as_counts():
    assert figures(FAST, in_time(19)).few
    assert not figures(FAST, in_time(20)).few


def test_what_was_not_wanted_any_more_counts_only_when_it_was_late_by_then():
    cancelled = event("SO-1", "04-10 08:00", "04-10 08:10", void=True)
    assert figures(FAST, [cancelled]).total == 0
    late = figures(FAST, [cancelled._replace(ended=at("04-10 09:00"))])
    assert (late.total, late.good) == (1, 0)


def test_nothing_counted_is_neither_kept_nor_missed():
    found = figures(FAST, [])
    assert (found.gross, found.attributable, found.delivered, found.kept) == (
        None,
        None,
        None,
        None,
    )
    assert (found.percentile, found.slowest, found.burn) == (None, None, 0)


def test_misses_of_others_count_unless_it_was_agreed_otherwise():
    customer = held("customer", "04-10 08:00", "04-10 10:00", reason="asked")
    orders = [*in_time(30), event("SO-X", "04-10 08:00", "04-10 10:00", holds=(customer,))]
    gross = figures(
        usual("cutoff", limits={}), [one._replace(due=at("04-10 09:00")) for one in orders]
    )
    assert (gross.kept, gross.budget.used) == (False, 1)  # 2 % of 31 allows none
    fair = usual("cutoff", judged_by="attributable")
    ours = figures(fair, [one._replace(due=at("04-10 09:00")) for one in orders])
    assert (ours.kept, ours.budget.used, ours.delivered) == (True, 0, 1)


OFFICE = calendar()  # Mon–Fri 07:00–19:00 in Los Angeles, 14:00–02:00 UTC in April
ANSWER = usual("exception_acknowledge")  # S1 30 min, S2 4 h, S3 a day


def answered(case, now=MAY):
    return figures(ANSWER, [case], calendar=OFFICE, now=now)


def test_the_clock_of_a_problem_runs_in_support_hours_by_severity():
    friday_evening = event("EX-1", "04-11 01:50", "04-13 14:19", grade="1")  # 10 min + 19 on Monday
    assert answered(friday_evening).good == 1
    assert answered(friday_evening._replace(ended=at("04-13 14:21"))).good == 0
    assert answered(friday_evening._replace(ended=at("04-13 17:00"), grade="2")).good == 1


def test_the_clock_of_a_problem_stands_while_others_have_the_ball():
    case = event("EX-1", "04-14 15:00", "04-14 17:00", grade="1")
    asked = held("customer", "04-14 15:20", "04-14 16:55", reason="asked")
    assert answered(case).good == 0
    assert answered(case._replace(holds=(asked,))).good == 1  # 20 + 5 min with us


def test_a_problem_that_waits_for_others_is_not_missed():
    asked = held("customer", "04-14 15:20", reason="asked")
    case = event("EX-1", "04-14 15:00", grade="1", holds=(asked,))
    assert answered(case, now=at("04-20 15:00")).tally.pending == 1


def test_a_miss_in_support_hours_is_due_when_its_limit_was_used_up():
    (miss,) = answered(event("EX-1", "04-11 01:50", "04-13 15:00", grade="1")).tally.misses
    assert (miss.at, miss.late) == (at("04-13 14:20"), minutes(40))


def test_support_hours_need_a_calendar():
    with pytest.raises(
        ValueError, match="exception_acknowledge runs in support hours: it needs a calendar"
    ):
        figures(ANSWER, [])


def test_batches_count_what_they_looked_at():
    runs = [
        Batch("run-1", at("04-10 02:00"), 5000, 60, "third_party", "Counted late"),
        Batch("run-2", at("04-11 02:00"), 5000, 0),
        Batch("run-3", at("05-01 02:00"), 5000, 9),
    ]
    found = figures(usual("reconciliation_accuracy"), runs)
    assert (found.total, found.good) == (10_000, 9_940)
    assert (found.attributable, found.budget.allowed) == (1, 200)
    assert [(miss.id, miss.amount, miss.reason) for miss in found.tally.misses] == [
        ("run-1", 60, "Counted late")
    ]


def test_one_lost_document_breaks_the_promise_of_none():
    books = [Batch("day-1", at("04-10 00:00"), 48_212, 1)]
    found = figures(usual("data_loss"), books)
    assert (found.kept, found.budget.allowed, found.budget.share, found.burn) == (
        False,
        0,
        None,
        None,
    )
    assert figures(usual("data_loss"), [books[0]._replace(missed=0)]).kept


def test_evidence_has_to_fit_its_objective():
    with pytest.raises(ValueError, match="Event is no evidence here: it takes Track or Feed"):
        figures(usual("freshness"), in_time(1))


instants = st.integers(0, 40 * 24 * 60).map(lambda n: APRIL.begins - timedelta(days=4) + minutes(n))


@st.composite
def events(draw):
    began = draw(instants)
    ended = draw(st.none() | st.integers(0, 3000).map(lambda n: began + minutes(n)))
    return Event(str(draw(st.integers())), began, ended)


@given(st.lists(events(), max_size=12), st.lists(instants, max_size=4))
def test_the_parts_of_a_month_add_up_however_it_is_cut(found, cuts):
    inside = sorted({*APRIL, *(cut for cut in cuts if APRIL.begins < cut < APRIL.ends)})
    parts = [Interval(*pair) for pair in pairwise(inside)]
    each = [evaluate(FAST, found, window=part, now=MAY) for part in parts]
    whole = figures(FAST, found)
    assert sum(part.total for part in each) == whole.total
    assert sum(part.missed.total for part in each) == whole.missed.total


@given(st.lists(events(), max_size=12))
def test_p95_is_within_its_limit_when_and_only_when_the_budget_is_enough(found):
    result = figures(FAST, found)
    if result.total:
        assert result.kept == (result.percentile <= FAST.limit)


@given(st.lists(events(), max_size=12), st.integers(1, 60))
def test_a_longer_limit_never_misses_more(found, more):
    longer = usual("ingestion_latency", limits={"": minutes(15 + more)})
    # What began before is decided before by one limit, and in the window by the other.
    within = [one for one in found if one.began >= APRIL.begins]

    def missed(objective):
        return {miss.id for miss in figures(objective, within).tally.misses}

    assert missed(longer) <= missed(FAST)
