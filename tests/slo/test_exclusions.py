"""Time that both sides agreed not to count."""

from datetime import date

import pytest

from monitoring.slo import Exclusion, ExclusionError, Feed, Interval, Reading, Recurrence
from monitoring.slo.exclusions import LAST, excused
from tests.customers.calendars import local
from tests.slo.scenery import APRIL, at, event, figures, held, in_time, minutes, span, track, usual

pytestmark = pytest.mark.pure


def agreed(begins="04-12 02:00", ends="04-12 02:40", *, approver="p2", name="EX-1", **more):
    once = None if "recurs" in more else span(begins, ends)
    return Exclusion(name, "maintenance", "ERP update", "p1", approver, once=once, **more)


def weekly(**more):
    rule = {"zone": "America/New_York", "at": 2 * 60, "minutes": 60, "since": date(2026, 1, 1)}
    return Recurrence(**({"weekday": 6} | rule | more))


def local_times(rule, window):
    zone = rule.zone
    return [
        f"{one.begins.astimezone(local('2026-01-01 00:00', zone).tzinfo):%m-%d %H:%M}"
        for one in rule.times(window)
    ]


MARCH = Interval(
    local("2026-03-01 00:00", "America/New_York"), local("2026-04-01 00:00", "America/New_York")
)
OPEN = usual("flow_availability")
DOWN = track(held("us", "04-12 02:00", "04-12 03:00"))


def test_agreed_slots_are_not_counted_and_are_listed():
    found = figures(OPEN, [DOWN], exclusions=[agreed()])
    assert (found.total, found.missed.total) == (
        8640 - 8,
        4,
    )  # 40 min are 8 slots, 20 min were over
    left = found.tally.excluded
    assert (len(left), sum(one.minutes for one in left), sum(one.things for one in left)) == (
        8,
        40,
        8,
    )
    assert {(one.exclusion, one.kind, one.text) for one in left} == {
        ("EX-1", "maintenance", "ERP update")
    }
    assert [one.span for one in found.excused] == [span("04-12 02:00", "04-12 02:40")]


def test_what_nobody_approved_counts_as_ever():
    found = figures(OPEN, [DOWN], exclusions=[agreed(approver="")])
    assert (found.total, found.missed.total, found.tally.excluded) == (8640, 12, ())


def test_nobody_approves_what_they_asked_for():
    with pytest.raises(
        ExclusionError, match="Somebody else than who asked for it has to approve it"
    ):
        agreed(approver="p1")


def test_the_clock_of_an_item_stands_for_agreed_time_and_the_minutes_are_listed():
    late = event("SO-1", "04-12 01:55", "04-12 02:50")  # 55 min, 15 of them counted
    found = figures(usual("ingestion_latency"), [late, *in_time(3)], exclusions=[agreed()])
    assert (found.good, found.total) == (4, 4)
    assert found.slowest == minutes(15)
    (left,) = found.tally.excluded
    assert (left.subject, left.minutes, left.things) == ("SO-1", 40, 0)


def test_an_open_item_is_due_later_by_the_agreed_time():
    late = event("SO-1", "04-12 01:55")
    (miss,) = figures(usual("ingestion_latency"), [late], exclusions=[agreed()]).tally.misses
    assert miss.at == at("04-12 02:50")  # 15 min and 40 that do not count


def test_what_has_a_cut_off_is_left_out_whole_where_agreed_time_met_it():
    due = at("04-12 03:00")
    orders = [
        event("SO-1", "04-12 01:00", "04-12 03:10", due=due),
        event("SO-2", "04-12 02:45", "04-12 03:10", due=due),
    ]
    found = figures(usual("cutoff"), orders, exclusions=[agreed()])
    assert [miss.id for miss in found.tally.misses] == ["SO-2"]
    assert [(one.subject, one.things) for one in found.tally.excluded] == [("SO-1", 1)]


def test_agreed_minutes_of_old_stock_are_listed_for_each_place():
    feed = Feed("RNO1", (Reading(at("04-12 00:00"), at("04-12 00:00")),), weight=10)
    window = span("04-12 00:00", "04-12 03:00")
    found = figures(usual("freshness"), [feed], window=window, exclusions=[agreed()])
    assert (found.total, found.missed.total) == ((180 - 40) * 10, 80 * 10)
    (left,) = found.tally.excluded
    assert (left.subject, left.minutes) == ("RNO1", 400)


def test_a_minute_is_left_out_once():
    both = excused([agreed(), agreed("04-12 02:20", "04-12 03:00", name="EX-2")], APRIL)
    assert [(one.exclusion.id, one.span) for one in both] == [
        ("EX-1", span("04-12 02:00", "04-12 02:40")),
        ("EX-2", span("04-12 02:40", "04-12 03:00")),
    ]


def test_what_returns_each_week_keeps_its_wall_clock_and_its_length():
    times = [*weekly().times(MARCH)]
    assert local_times(weekly(), MARCH) == [
        "03-01 02:00",
        "03-08 03:00",
        "03-15 02:00",
        "03-22 02:00",
        "03-29 02:00",
    ]
    assert {one.length for one in times} == {
        minutes(60)
    }  # 8 March has no 02:00: it begins at the jump
    assert times[0].begins == at("03-01 07:00") and times[2].begins == at("03-15 06:00")


def test_a_time_that_comes_twice_is_the_first_of_both():
    november = Interval(
        local("2026-11-01 00:00", "America/New_York"), local("2026-11-02 00:00", "America/New_York")
    )
    (one,) = weekly(at=90).times(november)
    assert (one.begins, one.ends) == (at("11-01 05:30"), at("11-01 06:30"))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"nth": 2}, ["03-08 03:00"]),
        ({"nth": LAST}, ["03-29 02:00"]),
        ({"weekday": 0, "nth": 1}, ["03-02 02:00"]),
        ({"weekday": None, "day": 31}, ["03-31 02:00"]),
        ({"until": date(2026, 3, 8)}, ["03-01 02:00", "03-08 03:00"]),
        ({"since": date(2026, 3, 22)}, ["03-22 02:00", "03-29 02:00"]),
    ],
)
def test_what_returns_by_its_rule(rule, expected):
    assert local_times(weekly(**rule), MARCH) == expected


def test_a_month_without_the_31st_goes_without():
    assert (
        [*weekly(weekday=None, day=31).times(APRIL)]
        == [
            # what began on 31 March at 02:00 in New York was over before April began
        ]
    )


def test_what_reaches_over_midnight_belongs_to_both_months():
    late = weekly(weekday=1, at=23 * 60 + 30)  # Tuesday 31 March, 23:30 to 00:30
    april = Interval(MARCH.ends, local("2026-05-01 00:00", "America/New_York"))
    assert [*late.times(MARCH)][-1] == next(late.times(april))


def test_recurring_work_is_left_out_each_time():
    found = figures(OPEN, [track()], exclusions=[agreed(recurs=weekly())])
    assert found.total == 8640 - 4 * 12  # 5, 12, 19 and 26 April


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"zone": "Mars/Base"}, "zone", "There is no time zone Mars/Base. Use one like Europe/Oslo."),
        ({"at": 1440}, "at", "It begins between 00:00 and 23:59."),
        ({"minutes": 0}, "minutes", "It takes at least 1 minute, and at most 7 days."),
        ({"until": date(2025, 12, 31)}, "until", "It ends before it begins."),
        ({"day": 3}, "weekday", "It returns on a weekday or on a day of the month: give one of them."),
        ({"weekday": 7}, "weekday", "A weekday is 0 for Monday to 6 for Sunday."),
        ({"nth": 5}, "nth", "It is the 1st, 2nd, 3rd, 4th or last (-1) of its month."),
        ({"weekday": None, "day": 32}, "day", "A day of the month is 1 to 31."),
    ],
)  # fmt: skip
def test_a_rule_nobody_can_go_by_says_what_is_wrong(change, field, sentence):
    with pytest.raises(ExclusionError) as refused:
        weekly(**change)
    assert (field, sentence) in refused.value.problems


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "holiday"}, "There is no such reason. There are: maintenance, force_majeure, source_outage."),
        ({"text": " "}, "Say why this time does not count."),
        ({"author": ""}, "Somebody asks for it."),
        ({"once": None}, "It is once or it recurs: give one of them."),
        ({"once": Interval(at("04-12 03:00"), at("04-12 02:00"))}, "It ends before it begins."),
    ],
)  # fmt: skip
def test_an_exclusion_nobody_can_go_by_says_what_is_wrong(change, sentence):
    given = {
        "id": "EX-1",
        "kind": "maintenance",
        "text": "ERP",
        "author": "p1",
        "once": span("04-12 02:00", "04-12 03:00"),
    }
    with pytest.raises(ExclusionError, match=sentence):
        Exclusion(**(given | change))
