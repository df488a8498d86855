"""How likely it is that so few came."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.expect.chance import Expected, at_most

pytestmark = pytest.mark.pure


def expected(*documents, clump=1.0, by_hour=1e-9, level=1e-9, spread=1e-9):
    found = Expected(clump=clump, by_hour=by_hour, level=level)
    for day, count in enumerate(documents):
        found.add(count, day=day, spread=spread)
    return found


def test_without_swings_none_is_as_likely_as_poisson_says():
    assert at_most(0, mean=10, spread=1e-9) == pytest.approx(math.exp(-10), rel=1e-6)
    # e^-2 (1 + 2 + 2)
    assert at_most(2, mean=2, spread=1e-9) == pytest.approx(5 * math.exp(-2), rel=1e-6)


def test_a_spread_makes_few_likelier():
    # size 4: (1 + 10/4)^-4, and k = 1 adds 4 times that times 10/14
    none = 3.5**-4
    assert at_most(0, mean=10, spread=0.25) == pytest.approx(none)
    assert at_most(1, mean=10, spread=0.25) == pytest.approx(none * (1 + 4 * 10 / 14))


def test_documents_that_come_three_at_a_time_are_a_third_as_many_chances():
    assert expected(30, clump=3).chance(0) == pytest.approx(math.exp(-10), rel=1e-6)
    assert expected(30, clump=3).chance(2) == expected(30, clump=3).chance(0)
    assert expected(30, clump=3).events == 10


def test_swings_of_days_even_out_over_days():
    # relative variance 0.2 in one day, 0.2 × (20² + 20²) / 40² = 0.1 in two
    assert expected(40, spread=0.2).chance(0) == pytest.approx((1 + 40 * 0.2) ** -5, rel=1e-4)
    assert expected(20, 20, spread=0.2).chance(0) == pytest.approx((1 + 40 * 0.1) ** -10, rel=1e-4)


def test_swings_of_hours_even_out_over_the_hours_of_a_day():
    one = Expected(clump=1, by_hour=0.4, level=1e-9)
    for _ in range(4):
        one.add(5, day="today", spread=1e-9)
    # 0.4 × 4 × 5² / 20² = 0.1
    assert one.chance(0) == pytest.approx((1 + 20 * 0.1) ** -10, rel=1e-4)


def test_where_nothing_is_expected_nothing_is_no_surprise():
    assert expected().chance(0) == 1
    assert expected(0, 0).chance(0) == 1


@pytest.mark.parametrize(("mean", "spread"), [(-1, 0.1), (1, 0), (1, -0.1)])
def test_counts_that_cannot_be_are_refused(mean, spread):
    with pytest.raises(ValueError, match="no such spread"):
        at_most(0, mean=mean, spread=spread)


means, spreads = st.floats(0.01, 200), st.floats(0.01, 3)


@given(means, spreads, st.integers(0, 50))
def test_more_is_likelier_than_less_and_nothing_is_likelier_than_certain(mean, spread, seen):
    assert (
        0 < at_most(seen, mean=mean, spread=spread) <= at_most(seen + 1, mean=mean, spread=spread)
    )
    assert at_most(seen + 1, mean=mean, spread=spread) <= 1


@given(means, spreads, st.floats(1, 500))
def test_the_more_is_expected_the_less_likely_is_none(mean, spread, more):
    few, many = (at_most(0, mean=m, spread=spread) for m in (mean, mean + more))
    assert many < few
