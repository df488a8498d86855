"""Counting time: slots, and the share of all time."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.slo import Feed, Interval, Reading
from tests.customers.calendars import calendar
from tests.slo.scenery import APRIL, at, figures, held, minutes, span, track, usual

pytestmark = pytest.mark.pure

OPEN = usual("flow_availability")
HOUR = span("04-08 08:00", "04-08 09:00")
NOON = at("04-08 12:00")


def bad_slots(*bad, window=HOUR, **more):
    found = figures(OPEN, [track(*bad)], window=window, **more)
    return [miss.at.strftime("%H:%M") for miss in found.tally.misses]


def test_a_slot_is_bad_when_it_was_down_for_more_than_a_minute():
    assert (
        bad_slots(held("us", "04-08 08:10", "04-08 08:11")) == []
    )  # 4 of 5 min is the target, 0.8
    assert (
        bad_slots(held("us", "04-08 08:09", "04-08 08:11")) == []
    )  # a minute in each of two slots
    assert bad_slots(held("us", "04-08 08:10", "04-08 08:12")) == ["08:10"]


def test_short_outages_of_a_slot_add_up_and_overlaps_do_not():
    first, second = (
        held("us", "04-08 08:10", "04-08 08:11"),
        held("us", "04-08 08:12", "04-08 08:13"),
    )
    assert bad_slots(first, second) == ["08:10"]
    assert bad_slots(first, first) == []


def test_an_outage_that_goes_on_is_bad_up_to_now():
    assert bad_slots(held("us", "04-08 08:40")) == ["08:40", "08:45", "08:50", "08:55"]
    assert bad_slots(held("us", "04-08 08:40"), now=at("04-08 08:49")) == ["08:40"]  # whole slots


def test_the_budget_of_a_running_month_is_that_of_the_whole_month():
    found = figures(OPEN, [track(held("us", "04-08 08:00", "04-08 08:30"))], now=at("04-10 00:00"))
    assert (found.total, found.tally.planned) == (9 * 288, 8640)
    assert (found.budget.allowed, found.budget.used) == (43, 6)
    assert found.burn == Fraction(6, 9 * 288) / Fraction("0.005")


def test_a_slot_is_shared_by_the_time_of_each_party():
    found = figures(
        OPEN,
        [
            track(
                held("third_party", "04-08 08:00", "04-08 08:03", proof="OUT-1"),
                held("us", "04-08 08:03", "04-08 08:05"),
            )
        ],
        window=HOUR,
    )
    (miss,) = found.tally.misses
    assert (miss.shares, miss.proof) == ((Fraction(2, 5), 0, Fraction(3, 5)), "OUT-1")
    assert (found.gross, found.attributable) == (Fraction(11, 12), 1 - Fraction(2, 5) / 12)


def test_slots_outside_of_the_service_hours_do_not_count():
    office = calendar({"wed": "08:00-18:00"}, zone="UTC")  # 8 April 2026 is a Wednesday
    down = track(held("us", "04-08 07:00", "04-08 08:15"))
    found = figures(OPEN, [down], window=span("04-08 00:00", "04-09 00:00"), calendar=office)
    assert (found.total, found.missed.total) == (120, 3)  # 10 h × 12; 08:00, 08:05, 08:10


def test_a_track_counts_from_when_it_began():
    found = figures(OPEN, [track(begins=at("04-08 08:20"))], window=HOUR)
    assert found.total == 8


def test_the_same_outage_by_share_of_time():
    by_time = usual("flow_availability", method="RatioTimeslices", slice_target=None)
    found = figures(by_time, [track(held("us", "04-08 08:10", "04-08 08:12"))], window=HOUR)
    assert (found.total, found.missed.total) == (60, 2)
    assert found.budget.allowed == Fraction(3, 10)  # 0.5 % of 60 min: minutes are not whole
    assert found.budget.share == Fraction(20, 3)


FRESH = usual("freshness")


def test_stock_was_too_old_for_138_percent_of_what_is_allowed():
    month = 30 * 24 * 60
    stale = Feed("RNO1", (
        Reading(at("04-01 00:00"), at("04-01 00:00")),
        Reading(at("04-01 00:00") + minutes(60 + month * 138 // 10_000), at("06-01 00:00")),
    ))  # fmt: skip
    found = figures(FRESH, [stale])
    assert f"{float(found.gross):.2%}" == "98.62%"
    assert f"{float(found.budget.share):.0%}" == "138%"  # 596 of 432 min


def test_what_is_older_than_what_is_shown_replaces_nothing():
    feed = Feed("RNO1", (
        Reading(at("04-08 08:00"), at("04-08 07:50")),
        Reading(at("04-08 08:10"), at("04-08 06:00")),
    ))  # fmt: skip
    found = figures(FRESH, [feed], window=span("04-08 08:00", "04-08 09:00"))
    assert found.good == 50  # until 08:50


def test_old_stock_is_of_who_held_the_next_report_up():
    silent = held(
        "third_party", "04-08 08:00", "04-08 10:30", reason="No stock report", proof="EP-7"
    )
    feed = Feed("RNO1", (
        Reading(at("04-08 08:00"), at("04-08 08:00"), "846-1"),
        Reading(at("04-08 10:45"), at("04-08 10:30"), "846-2"),
    ), holds=(silent,))  # fmt: skip
    found = figures(FRESH, [feed], window=span("04-08 08:00", "04-08 11:00"))
    assert found.missed == (15, 0, 105 - 15)  # stale from 09:00 to 10:45, ours since it had come
    assert {(miss.proof, miss.amount) for miss in found.tally.misses} == {
        ("EP-7", 90),
        ("846-1", 15),
    }


def test_a_place_without_stock_yet_has_nothing_old():
    assert figures(FRESH, [Feed("RNO1", ())]).total == 0


def test_fresh_stock_by_slots_weighs_each_place():
    by_slot = usual("freshness", method="Timeslices", slice_target=OPEN.slice_target)
    old, new = (
        Reading(at("04-08 08:00"), at("04-08 07:00")),
        Reading(at("04-08 08:00"), at("04-08 08:00")),
    )
    few, many = Feed("RNO1", (old,), weight=1), Feed("LAS2", (new,), weight=9)
    assert (
        figures(by_slot, [few, many], window=HOUR).missed.total == 0
    )  # 90 % is fresh in every slot
    assert figures(by_slot, [few._replace(weight=9), many], window=HOUR).missed.total == 12


instants = st.integers(-100, 700).map(lambda n: at("04-08 08:00") + minutes(n))


@st.composite
def outages(draw):
    began = draw(instants)
    party = draw(st.sampled_from(["us", "customer", "third_party"]))
    return held(party, "04-08 08:00")._replace(
        began=began, ended=began + minutes(draw(st.integers(1, 90)))
    )


@given(st.lists(outages(), max_size=6), st.integers(1, 119))
def test_slots_add_up_however_the_day_is_cut(bad, cut):
    whole = span("04-08 08:00", "04-08 18:00")
    middle = whole.begins + cut * minutes(5)
    parts = [Interval(whole.begins, middle), Interval(middle, whole.ends)]
    each = [figures(OPEN, [track(*bad)], window=part) for part in parts]
    found = figures(OPEN, [track(*bad)], window=whole)
    assert found.missed == each[0].missed.plus(each[1].missed)
    assert found.total == each[0].total + each[1].total


@given(st.lists(outages(), max_size=6))
def test_bad_time_is_counted_once_and_is_all_somebodys(bad):
    by_time = usual("flow_availability", method="RatioTimeslices", slice_target=None)
    whole = span("04-08 08:00", "04-08 18:00")
    found = figures(by_time, [track(*bad)], window=whole)
    down = {
        n for n in range(600)
        if any(o.began <= whole.begins + minutes(n) < o.ended for o in bad)
    }  # fmt: skip
    assert found.missed.total == len(down)
    assert found.total == 600


def test_an_outage_in_every_hour_is_a_bad_slot_in_every_hour():
    hourly = [
        held("us", "04-01 00:00")._replace(
            began=APRIL.begins + h * minutes(60), ended=APRIL.begins + h * minutes(60) + minutes(3)
        )
        for h in range(720)
    ]
    assert figures(OPEN, [track(*hourly)]).missed.total == 720
