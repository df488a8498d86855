"""The two promises of a case, measured."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.clocks import Span, measure, split
from portal.customers.calendar import minutes_between
from tests.customers.calendars import calendar, local
from tests.customers.test_calendar_properties import calendars, instants

pytestmark = pytest.mark.pure

OFFICE = calendar()  # Mon–Fri 07:00–19:00
WEDNESDAY = local("2026-11-25 08:00")


def clock(now, *spans, target=240, start=WEDNESDAY, stopped=None):
    moment = None if stopped is None else local(stopped)
    return measure(OFFICE, spans, target=target, start=start, stopped=moment, now=local(now))


def span(party, began, ended=None):
    return Span(party, "asked", local(began), local(ended) if ended else None)


ASKED = span("customer", "2026-11-25 09:00", "2026-11-25 10:30")


def test_a_new_clock_is_due_when_its_target_is_used_up():
    found = clock("2026-11-25 08:00")
    assert (found.used, found.left, found.share, found.state) == (0, 240, 0, "running")
    assert (found.due, found.warn_at) == (local("2026-11-25 12:00"), local("2026-11-25 11:00"))


def test_a_clock_begun_after_hours_waits_for_the_morning():
    found = clock("2026-11-25 20:00", start=local("2026-11-25 19:30"), target=30)
    assert (found.used, found.state, found.due) == (0, "running", local("2026-11-26 07:30"))


@pytest.mark.parametrize(
    ("now", "used", "left", "state"),
    [
        ("2026-11-25 10:59", 179, 61, "running"),
        ("2026-11-25 11:00", 180, 60, "near"),
        ("2026-11-25 11:59", 239, 1, "near"),
        ("2026-11-25 12:00", 240, 0, "late"),
        ("2026-11-25 12:12", 252, -12, "late"),
    ],
)
def test_a_clock_is_near_at_three_quarters_and_late_at_its_target(now, used, left, state):
    found = clock(now)
    assert (found.used, found.left, found.state) == (used, left, state)
    assert found.due == local("2026-11-25 12:00")


def test_a_share_does_not_grow_beyond_the_whole():
    assert clock("2026-11-25 10:00").share == 0.5
    assert clock("2026-11-25 18:00").share == 1


def test_a_clock_pauses_while_the_customer_has_the_ball():
    found = clock("2026-11-25 10:00", span("customer", "2026-11-25 09:00"))
    assert (found.used, found.state) == (60, "paused")
    assert (found.due, found.warn_at) == (None, None)


def test_the_time_of_others_moves_what_is_due():
    found = clock("2026-11-25 11:00", ASKED)
    assert (found.used, found.state) == (60 + 30, "running")
    assert found.due == local("2026-11-25 13:30")


def test_a_ball_that_comes_back_just_now_is_ours():
    assert clock("2026-11-25 10:30", ASKED).due == local("2026-11-25 13:30")


def test_a_late_clock_stays_late_when_the_ball_goes():
    found = clock("2026-11-25 14:00", span("third_party", "2026-11-25 13:00"))
    assert (found.used, found.state, found.due) == (300, "late", local("2026-11-25 12:00"))


def test_a_pause_after_the_warning_keeps_when_it_was():
    found = clock("2026-11-25 14:00", span("third_party", "2026-11-25 11:30"))
    assert (found.state, found.warn_at, found.due) == ("paused", local("2026-11-25 11:00"), None)


@pytest.mark.parametrize(
    ("stopped", "used", "state"),
    [("2026-11-25 11:59", 239, "kept"), ("2026-11-25 12:00", 240, "missed")],
)
def test_a_stopped_clock_says_whether_it_was_in_time(stopped, used, state):
    found = clock("2026-11-30 12:00", stopped=stopped)
    assert (found.used, found.state, found.stopped_at) == (used, state, local(stopped))
    assert found.due == local("2026-11-25 12:00")


def test_nothing_is_used_before_the_clock_begins():
    found = clock("2026-11-25 07:30")
    assert (found.used, found.state, found.due) == (0, "running", local("2026-11-25 12:00"))


def test_a_target_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 1 minute"):
        clock("2026-11-25 08:00", target=0)


def test_the_time_is_split_by_who_had_the_ball():
    spans = [
        ASKED,
        span("third_party", "2026-11-25 11:00"),
        span("us", "2026-11-25 18:00"),  # ends what came before
    ]
    found = split(OFFICE, spans, start=WEDNESDAY, end=local("2026-11-26 08:00"))
    # 8–9, 10:30–11, 18–19 and 7–8 | 9–10:30 | 11–18
    assert found == (60 + 30 + 60 + 60, 90, 420)


def test_a_span_counts_only_inside_the_time_asked_for():
    spans = [span("customer", "2026-11-24 08:00", "2026-11-25 09:00")]
    assert split(OFFICE, spans, start=WEDNESDAY, end=local("2026-11-25 08:45")) == (0, 45, 0)
    assert split(OFFICE, spans, start=WEDNESDAY, end=WEDNESDAY) == (0, 0, 0)


spans = st.builds(
    Span,
    party=st.sampled_from(("us", "customer", "third_party")),
    reason=st.just("asked"),
    began=instants,
    ended=st.none() | instants,
).map(lambda s: s if s.ended is None or s.ended > s.began else s._replace(ended=None))


@given(calendars, st.lists(spans, max_size=6), instants, instants)
def test_a_split_is_all_of_the_time(calendar, spans, one, two):
    start, end = sorted(moment.replace(second=0, microsecond=0) for moment in (one, two))
    spans = [_on_the_minute(span) for span in spans]
    found = split(calendar, spans, start=start, end=end)
    assert sum(found) == minutes_between(calendar, start, end)
    assert min(found) >= 0


def _on_the_minute(span):
    ended = span.ended and span.ended.replace(second=0, microsecond=0)
    return span._replace(began=span.began.replace(second=0, microsecond=0), ended=ended)


@given(calendars, st.lists(spans, max_size=6), instants, instants, st.integers(1, 5000))
def test_a_clock_uses_what_the_split_calls_ours(calendar, spans, one, two, target):
    start, now = sorted((one, two))
    found = measure(calendar, spans, target=target, start=start, stopped=None, now=now)
    assert found.used == split(calendar, spans, start=start, end=now).us
    assert (found.state == "late") == (found.used >= target)
    if found.state != "paused":
        assert found.due is not None
        assert (found.due <= now) == (found.used >= target)


@given(calendars, instants, st.integers(1, 3000))
def test_a_clock_left_to_run_is_late_when_it_is_due(calendar, start, target):
    due = measure(calendar, [], target=target, start=start, stopped=None, now=start).due
    then = measure(calendar, [], target=target, start=start, stopped=None, now=due)
    just_before = due - timedelta(microseconds=1)
    before = measure(calendar, [], target=target, start=start, stopped=None, now=just_before)
    assert (then.state, then.due) == ("late", due)
    assert before.state != "late"
