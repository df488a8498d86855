"""The figures of a run."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from monitoring.reconcile import Item, Judged, Seen, drift, judge, metrics, oversell_risk
from tests.reconcile.sides import TWO, erp, level, run, warehouse

pytestmark = pytest.mark.pure
DAY = timedelta(days=1)
ITEMS = {"A": Item(value=Decimal(2)), "B": Item(value=Decimal(10)), "C": Item(value=Decimal(1))}


def test_the_figures_of_a_run_are_those_of_its_rows():
    left = erp(level("A", 50), level("B", 4), level("C", 100))
    right = warehouse(level("A", 50), level("B", 0), level("C", 102))
    result = run(left, right, items=ITEMS)
    judged = [
        Judged(one.row, 2, TWO - days * DAY, (), is_told=True)
        for one, days in zip(judge(result.rows, {}, at=TWO, agreeing_runs=2), (1, 4), strict=True)
    ]
    found = metrics(result, judged)
    assert found.by_sku == Fraction(1, 3)
    assert found.by_value == Fraction(100, 240)  # 50 × 2 of 100 + 40 + 100
    assert found.variance == Fraction(6, 154)  # 4 + 2 of 50 + 4 + 100
    assert (found.net, found.phantom) == (-2, 1)
    assert (found.off_value, found.mean_age) == (Decimal("42.00"), Fraction(5, 2))


def test_a_run_without_pairs_has_no_rates():
    found = metrics(run(erp(), warehouse()), [])
    assert (found.by_sku, found.by_value, found.variance, found.mean_age) == (None, None, None, 0)


def test_drift_is_the_slope_of_the_net_variance_a_day():
    assert drift([Seen(TWO + n * DAY, gap) for n, gap in enumerate([0, -2, -4, -6])]) == -2
    # Days 0, 1, 2 with 0, 1, 5: mean 1 and 2, so (−1×−2 + 0 + 1×3) / 2 = 2.5.
    assert drift([Seen(TWO + n * DAY, gap) for n, gap in enumerate([0, 1, 5])]) == Fraction(5, 2)
    assert drift([Seen(TWO, 4), Seen(TWO + 36 * DAY / 24, 7)]) == 2


def test_less_than_a_day_is_no_drift_to_speak_of():
    assert (drift([]), drift([Seen(TWO, 5)])) == (None, None)
    assert drift([Seen(TWO, 4), Seen(TWO + 23 * DAY / 24, 5)]) is None
    assert drift([Seen(TWO, 4), Seen(TWO + DAY, 5)]) == 1


def test_a_channel_that_promises_more_than_is_free_may_oversell():
    published = [
        ("shop", "A", 10),
        ("market", "A", 12),
        ("shop", "B", 5),
        ("shop", "C", 1),
        ("shop", "D", 0),
    ]
    found = oversell_risk(published, {"A": 10, "B": -3, "C": 1, "D": -1})
    assert [(one.channel, one.sku, one.short) for one in found] == [
        ("shop", "B", 8),
        ("market", "A", 2),
    ]
