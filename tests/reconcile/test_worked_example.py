"""The worked example: site RNO1, TENT-2P, as of 02:00."""

from datetime import timedelta
from decimal import Decimal

import pytest

from monitoring.reconcile import Key, Past, Seen, causes, judge, metrics
from tests.reconcile.sides import HOUR, TENT, TWO, erp, level, movement, run, warehouse

pytestmark = pytest.mark.pure

MINUTE = timedelta(minutes=1)
KEY = Key("RNO1", "TENT-2P")
UNPOSTED = [
    movement("TENT-2P", -36, TWO - 5 * HOUR, "ship", "SH-1", order="SO-1"),
    movement("TENT-2P", 60, TWO - 4 * HOUR, "receive", "RC-1"),
    movement("TENT-2P", -2, TWO - 3 * HOUR, "adjust", "ADJ-1"),
]
PICKS = [
    movement("TENT-2P", -3, TWO + 5 * MINUTE, "pick", "P-1"),
    movement("TENT-2P", -3, TWO + 12 * MINUTE, "pick", "P-2"),
]


def first_run():
    right = warehouse(level("TENT-2P", 494), as_of=TWO + 20 * MINUTE)
    return run(erp(level("TENT-2P", 480)), right, movements=UNPOSTED + PICKS)


def second_run():
    """An hour later both were read again: the picks are posted and older than two intervals."""
    at = TWO + 3 * HOUR
    posted = [m._replace(posted={**m.posted, "ERP": at}) for m in PICKS]
    return run(
        erp(level("TENT-2P", 474), as_of=at),
        warehouse(level("TENT-2P", 494), as_of=at),
        movements=UNPOSTED + posted,
        at=at,
    )


def test_both_sides_are_rolled_to_the_same_instant():
    (row,) = first_run().rows
    assert (row.left, row.left_at) == (480, 502)  # 480 − 36 + 60 − 2
    assert (row.right, row.right_at) == (494, 500)  # 494 + 3 + 3
    assert (row.gap, row.value) == (-2, Decimal("123.00"))  # 2 × 61.50, under the limit of 250


def test_the_first_run_marks_a_variance_and_waits_because_the_item_moved():
    result = first_run()
    (row,) = result.rows
    assert (row.state, row.moved) == ("variance", True)
    (judged,) = judge(result.rows, {}, at=TWO, agreeing_runs=2)
    assert (judged.runs, judged.is_told) == (1, False)


def test_the_second_run_agrees_and_tells():
    past = {KEY: Past(-2, 1, TWO, (Seen(TWO, -2),))}
    result = second_run()
    (judged,) = judge(result.rows, past, at=result.at, agreeing_runs=2)
    assert (judged.row.left_at, judged.row.right_at) == (496, 494)  # 474 − 36 + 60 − 2
    assert (judged.row.gap, judged.row.moved, judged.runs, judged.is_told) == (-2, False, 2, True)


def test_the_gap_is_just_the_947_so_it_was_sent_or_booked_twice():
    (judged,) = judge(second_run().rows, {}, at=TWO, agreeing_runs=1)
    (first, *_) = causes(judged, item=TENT)
    assert (first.code, first.evidence) == ("doubled_947", (("Adjustment", "ADJ-1: -2"),))


def test_a_947_booked_with_the_wrong_sign_doubles_the_variance():
    at = TWO + 24 * HOUR
    booked = [m._replace(posted={**m.posted, "ERP": TWO + 5 * HOUR}) for m in UNPOSTED]
    # The ERP booked all three, the 947 as +2: 474 − 36 + 60 + 2 = 500; the warehouse has 496 − 2 + 2 = 496.
    left, right = (erp(level("TENT-2P", 500), as_of=at), warehouse(level("TENT-2P", 496), as_of=at))
    past = {KEY: Past(-2, 2, TWO, (Seen(TWO, -2), Seen(TWO + HOUR, -2)))}
    (judged,) = judge(run(left, right, movements=booked, at=at).rows, past, at=at, agreeing_runs=2)
    assert judged.row.gap == -4
    assert causes(judged, item=TENT)[0].code == "sign_error"


def test_the_figures_of_the_first_run():
    result = first_run()
    found = metrics(result, judge(result.rows, {}, at=TWO, agreeing_runs=2))
    assert (found.by_sku, found.net, found.off_value) == (0, -2, Decimal("123.00"))
    assert round(float(found.variance), 4) == 0.0040  # 2 of 502: 0.4 %
