from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.canonical.proration import prorate

pytestmark = pytest.mark.pure

cents = st.integers(0, 10**7).map(lambda n: f"{n // 100}.{n % 100:02}")


def test_the_last_line_takes_the_remainder():
    # 10 × 49.99 / 74.98 = 6.667, 10 × 19.99 / 74.98 = 2.666, 10 − 6.67 − 2.67 = 0.66
    assert prorate("10.00", ["49.99", "19.99", "5.00"], currency="USD") == [
        "6.67",
        "2.67",
        "0.66",
    ]


def test_a_currency_without_cents_is_split_in_whole_units():
    assert prorate("100", ["1", "1", "1"], currency="JPY") == ["33", "33", "34"]


def test_free_lines_share_alike():
    assert prorate("1.00", ["0", "0"], currency="USD") == ["0.50", "0.50"]


@given(cents, st.lists(cents, min_size=1, max_size=20))
def test_the_parts_add_up_exactly(amount, weights):
    parts = prorate(amount, weights, currency="USD")
    assert sum(map(Decimal, parts)) == Decimal(amount)
    assert len(parts) == len(weights)


def test_no_lines_cannot_carry_an_amount():
    with pytest.raises(ValueError, match="weights"):
        prorate("1.00", [], currency="USD")
