"""A statement in the customer's words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from monitoring.statements import words
from tests.statements.april import ANSWERED, APRIL, CUT_OFF, LATENCY, LOST, STOCK, april

pytestmark = pytest.mark.pure


def test_the_result_is_one_sentence():
    assert words.headline(APRIL) == "In April 2026 we kept 4 of 5 promises"
    assert words.headline(april(promises=(CUT_OFF, LOST))) == "In April 2026 we kept all 2 promises"
    assert words.headline(april(promises=(LOST,))) == "In April 2026 we kept our promise"
    assert words.headline(april(promises=())) == "Nothing was measured in April 2026"
    assert words.lead(
        april(
            promises=(), credits=replace(APRIL.credits, lines=(), percent=Decimal(0), amount=None)
        )
    ) == ("No order, problem or report of the month fell under a promise.")


def test_the_lead_says_what_was_missed_whose_fault_it_was_and_what_is_given_back():
    assert words.lead(APRIL) == (
        "Stock shown in your shops no older than 60 minutes: 98.62 % instead of 99.0 %. 34 % of it was our"
        " fault. We propose to give back $61.20, 2 % of the monthly fee."
    )  # 203 of 596 minutes


@pytest.mark.parametrize(
    ("promise", "promised", "delivered", "budget"),
    [
        (STOCK, "99.0 %", "98.62 %", "596 of 432 allowed minutes (43,200 in all)"),
        (CUT_OFF, "98.0 %", "99.27 %", "3 of 8 allowed orders (412 in all)"),
        (LATENCY, "15 min", "4 min 50 s", "1 of 1 allowed orders (20 in all), slowest 21 min"),
        (LOST, "0", "0", "0 of 48,212 documents"),
        (ANSWERED, "95.0 %", "97.30 %", "1 of 1 allowed problems (37 in all)"),
    ],
)
def test_a_promise_is_told_in_its_unit(promise, promised, delivered, budget):
    assert words.target(promise) == promised
    assert words.figure(promise, promise.actual) == delivered
    assert words.budget(promise) == budget


def test_a_finer_target_keeps_its_decimals():
    assert words.target(replace(STOCK, target=Decimal("99.95"))) == "99.95 %"


def test_both_figures_are_told_where_they_differ():
    assert words.attributable(CUT_OFF) == "99.76 % counting only what was ours"
    assert words.attributable(LATENCY) == ""


def test_nothing_that_happened_is_no_nought():
    nothing = replace(CUT_OFF, actual=None, population=Decimal(0), standing="unknown")
    assert words.figure(nothing, None) == "none"
    assert words.budget(nothing) == "no orders"


def test_what_was_saved_is_told():
    assert words.saved(APRIL) == (
        "312 orders worth $84,000.00 were put right before their cut-off, in 11 minutes (median)."
    )
    one = replace(APRIL.delivered, orders=1, worth=(), median_minutes=Decimal("0.4"))
    assert words.saved(april(delivered=one)) == (
        "1 order was put right before its cut-off, in under a minute (median)."
    )


def test_what_it_would_have_been_is_told():
    assert words.without(APRIL.without[0], CUT_OFF) == (
        "Orders at the warehouse before its cut-off: without that work 315 of 412 orders would have missed,"
        " 23.54 % instead of 99.27 %, and the promise would have been broken."
    )


def test_the_seal_and_what_does_not_count_are_told_in_local_time():
    assert words.sealed(APRIL) == "Sealed 1 May 2026, 06:00, Los Angeles time."  # 13:00 UTC
    assert (
        words.not_counted(APRIL) == "Not counted: 40 minutes on 12 Apr: planned work at your ERP."
    )
    assert words.not_counted(april(exclusions=())) == "Nothing was left out."


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ("0", "0 s"),
        ("59.9", "59 s"),
        ("900", "15 min"),
        ("290", "4 min 50 s"),
        ("5160", "1 h 26"),
        ("7200", "2 h"),
    ],
)
def test_spans_are_told_in_two_units_at_most(seconds, said):
    assert words.span(Decimal(seconds)) == said


def test_a_corrected_place_is_told_by_the_name_of_its_promise():
    assert words.place("credits.lines[stock].amount", APRIL) == (
        "credits, lines, Stock shown in your shops no older than 60 minutes, amount"
    )
    assert words.place("promises[cut-off].misses_ours", APRIL).endswith("cut-off, misses ours")
