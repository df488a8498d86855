"""Percentiles, exact and in few counts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.slo import Sketch, percentile
from monitoring.slo.sketch import SMALLEST

pytestmark = pytest.mark.pure

values = st.lists(st.floats(SMALLEST, 1e7), min_size=1, max_size=60)
shares = st.integers(1, 1000).map(lambda n: Decimal(n) / 1000)


@pytest.mark.parametrize(
    ("share", "expected"),
    [("0.01", 1), ("0.07", 7), ("0.5", 50), ("0.95", 95), ("0.955", 96), ("0.99", 99), ("1", 100)],
)
def test_nearest_rank_of_a_hundred(share, expected):
    assert percentile(range(1, 101), Decimal(share)) == expected


@pytest.mark.parametrize("share", ["0", "1.01", "-0.5"])
def test_a_percentile_is_a_share(share):
    with pytest.raises(ValueError, match="A percentile is a share above 0 and at most 1"):
        percentile([1], Decimal(share))


def test_no_values_have_no_percentile():
    with pytest.raises(ValueError, match="No values have no percentile"):
        percentile([], Decimal("0.5"))


@given(values, shares)
def test_a_percentile_is_the_smallest_value_with_so_many_up_to_it(found, share):
    value = percentile(found, share)
    assert sum(one <= value for one in found) >= Fraction(share) * len(found)
    assert sum(one < value for one in found) < Fraction(share) * len(found)


@given(values, shares, st.sampled_from([0.01, 0.02, 0.05]))
def test_a_sketch_is_within_its_error_of_the_nearest_rank(found, share, error):
    exact = percentile(found, share)
    assert Sketch(error).with_values(found).quantile(share) == pytest.approx(
        exact, rel=error * 1.0001
    )


@given(values, values)
def test_sketches_of_parts_add_up_to_that_of_the_whole(one, other):
    both = Sketch().with_values(one).merged(Sketch().with_values(other))
    assert both == Sketch().with_values(one + other)
    assert both.total == len(one) + len(other)


@given(values)
def test_a_sketch_is_stored_and_read_back(found):
    sketch = Sketch().with_values([0.0, *found])
    assert Sketch.from_json(sketch.to_json()) == sketch
    assert sketch.quantile(Decimal("0.001")) == 0


def test_sketches_of_different_errors_do_not_add_up():
    with pytest.raises(ValueError, match="do not add up"):
        Sketch(0.01).merged(Sketch(0.02))


def test_no_duration_is_below_nothing():
    with pytest.raises(ValueError, match="0 or more seconds"):
        Sketch().with_values([-1])
