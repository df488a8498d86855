import pytest

from integrations.canonical.totals import warnings
from tests.canonical.bodies import order

pytestmark = pytest.mark.pure

GOOD = {
    "lines": "177.75",
    "discount": "0",
    "shipping": "10.00",
    "tax": "1.35",
    "total": "189.10",
}


def codes(**changes):
    return [w.code for w in warnings("order", order(**changes))]


def test_an_order_that_adds_up_has_no_warning():
    assert codes() == []


def test_a_cent_a_line_is_rounding_and_more_is_a_mismatch():
    assert codes(totals=GOOD | {"total": "189.12"}) == []
    assert codes(totals=GOOD | {"total": "189.13"}) == ["total_mismatch"]


def test_the_warning_says_both_sums():
    (warning,) = warnings("order", order(totals=GOOD | {"total": "398.00"}))
    assert warning == (
        "total_mismatch",
        "totals.total",
        "398.00",
        "Lines, shipping, tax, discount and fees make 189.10, the order says 398.00.",
    )


def test_discount_and_fees_count():
    # 177.75 + 10.00 + 1.35 − 5.00 + 2.50 = 186.60
    assert codes(totals=GOOD | {"discount": "5.00", "fees": "2.50", "total": "186.60"}) == []
    assert codes(totals=GOOD | {"discount": "5.00"}) == ["total_mismatch"]


def test_with_tax_in_the_prices_either_reading_is_right():
    assert codes(totals=GOOD | {"total": "187.75"}) == ["total_mismatch"]
    assert codes(totals=GOOD | {"total": "187.75"}, taxes_included=True) == []
    assert codes(taxes_included=True) == []


def test_other_types_have_no_totals_to_check():
    assert warnings("product", {"sku": "A"}) == []
