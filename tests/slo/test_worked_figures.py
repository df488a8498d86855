"""The figures a contract is explained with, one by one."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from monitoring.slo import (
    POLICIES,
    Count,
    Event,
    Feed,
    Interval,
    Reading,
    alerts,
    burn_rate,
    percentile,
    slots,
)
from portal.customers.calendar import minutes_between
from tests.customers.calendars import ALL_HOURS, calendar, local
from tests.slo.scenery import APRIL, at, event, figures, held, in_time, minutes, span, track, usual

pytestmark = pytest.mark.pure

LATENCIES = [22, 31, 35, 40, 44, 48, 51, 55, 58, 60, 63, 66, 70, 75, 81, 90, 112, 140, 290, 1260]


def test_p95_of_twenty_is_the_nineteenth_by_nearest_rank():
    assert percentile(LATENCIES, Decimal("0.95")) == 290  # ceil(0.95 × 20) = 19


def test_a_p95_promise_tells_the_percentile_and_still_lists_the_slowest():
    began = at("04-10 08:00")
    orders = [Event(f"SO-{s}", began, began + timedelta(seconds=s)) for s in LATENCIES]
    found = figures(usual("ingestion_latency"), orders)
    assert found.percentile == timedelta(seconds=290)
    assert found.slowest == timedelta(seconds=1260)
    assert [miss.id for miss in found.tally.misses] == ["SO-1260"]  # 21 min, promised 15
    assert (found.budget.allowed, found.budget.used, found.kept) == (1, 1, True)  # 20 − 19


def down(slots_down):
    """So many slots of 5 minutes in a row on 8 April."""
    began = at("04-08 02:00")
    return track(held("us", "04-08 02:00")._replace(ended=began + slots_down * minutes(5)))


def test_april_has_8640_slots_and_31_bad_ones_use_72_percent_of_99_5():
    assert len([*slots(APRIL)]) == 30 * 24 * 12 == 8640
    found = figures(usual("flow_availability"), [down(31)])
    assert found.missed.total == 31
    assert f"{float(found.gross):.3%}" == "99.641%"  # 8,609 / 8,640
    assert found.budget.allowed == 43  # 0.005 × 8,640 = 43.2, whole slots
    assert f"{float(found.budget.share):.0%}" == "72%"  # 31 / 43
    assert (found.budget.left, found.kept) == (12, True)


def test_31_bad_slots_break_99_9():
    found = figures(usual("flow_availability", "premium"), [down(31)])
    assert (found.budget.allowed, found.kept) == (8, False)  # 0.001 × 8,640 = 8.64


def test_six_of_sixty_failed_orders_burn_20_times_too_fast_and_page():
    may_miss = 1 - Fraction("0.995")
    assert burn_rate(missed=Fraction(6), total=Fraction(60), may_miss=may_miss) == 20  # 0.1 / 0.005
    quiet = {length: Count(Fraction(0), Fraction(10)) for p in POLICIES for length in p[3:]}
    hour, five = timedelta(hours=1), minutes(5)
    counts = quiet | {hour: Count(Fraction(6), Fraction(60)), five: Count(Fraction(1), Fraction(5))}
    (alert,) = alerts(counts, may_miss=may_miss)
    assert (alert.policy.severity, alert.policy.rate, alert.long) == ("page", Decimal("14.4"), 20)


def test_business_time_over_a_change_of_clocks():
    office = calendar(
        zone="America/New_York",
        hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-18:00"),
    )
    opened = local("2026-03-06 16:30", zone="America/New_York")
    solved = local("2026-03-09 10:15", zone="America/New_York")
    assert minutes_between(office, opened, solved) == (1.5 + 2.25) * 60
    closing = local("2026-03-06 18:00", zone="America/New_York")
    opening = local("2026-03-09 08:00", zone="America/New_York")
    around_the_clock = calendar(zone="America/New_York", hours=ALL_HOURS)
    assert (
        minutes_between(around_the_clock, closing, opening) == 61 * 60
    )  # the wall clock says 62 h
    case = Event("EX-1", opened, solved, grade="2")
    resolve = usual("exception_resolve", limits=dict.fromkeys("123", minutes(225)))
    march = Interval(at("03-01 05:00"), at("04-01 04:00"))
    found = figures(resolve, [case], window=march, calendar=office)
    assert found.tally.durations == (minutes(225),)  # 3.75 h, just in time
    assert found.good == 1


def test_a_cut_off_promise_prints_gross_and_attributable():
    cutoff = at("04-10 14:00")
    kept = [one._replace(due=cutoff) for one in in_time(409)]
    sftp = held("third_party", "04-10 08:20", "04-10 14:20", reason="Files were away")
    late = [
        event("SO-A", "04-10 08:30", "04-10 14:21", due=cutoff, holds=(sftp,)),
        event("SO-B", "04-10 08:15", "04-10 14:22", due=cutoff, holds=(sftp,)),
        event("SO-C", "04-10 09:00", "04-10 14:05", due=cutoff),
    ]
    found = figures(usual("cutoff"), kept + late)
    assert (found.good, found.total) == (409, 412)
    assert f"{float(found.gross):.2%}" == "99.27%"
    assert f"{float(found.attributable):.2%}" == "99.76%"  # 411 / 412
    assert [miss.shares for miss in found.tally.misses] == [(0, 0, 1), (0, 0, 1), (1, 0, 0)]
    assert found.tally.misses[0].reason == "Files were away"


def test_a_report_made_50_minutes_before_it_arrived_has_10_minutes_left():
    report = Reading(at("04-10 08:50"), at("04-10 08:00"), "846-1")
    hour = span("04-10 08:50", "04-10 09:50")
    found = figures(usual("freshness"), [Feed("RNO1", (report,))], window=hour)
    assert (found.good, found.total) == (10, 60)
    (miss,) = found.tally.misses
    assert (miss.at, miss.amount, miss.proof) == (at("04-10 09:00"), 50, "846-1")


def test_freshness_counts_each_sku_in_each_shop():
    reports = (
        Reading(at("04-10 08:00"), at("04-10 08:00")),
        Reading(at("04-10 09:30"), at("04-10 09:20")),
    )
    window = span("04-10 08:00", "04-10 10:00")
    found = figures(usual("freshness"), [Feed("RNO1", reports, weight=412)], window=window)
    assert found.total == 120 * 412
    assert found.missed.total == 30 * 412  # from 09:00, when it was an hour old, to 09:30
