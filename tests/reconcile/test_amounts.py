"""Quantities, exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.reconcile.amounts import (
    QuantityError,
    amount,
    counted,
    shown,
    signed,
    text,
    worth,
)

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("said", "found"),
    [("24", 24), ("-3", -3), ("12.50", Fraction(25, 2)), ("1/3", Fraction(1, 3)), ("7.000", 7),
     (Decimal("2.5"), Fraction(5, 2)), (Decimal(8), 8), (9, 9)],
)  # fmt: skip
def test_a_quantity_is_read_as_it_was_said(said, found):
    assert amount(said) == found
    assert isinstance(amount(said), int) is (found == int(found))


@pytest.mark.parametrize(
    "said",
    ["", "many", "1,5", "NaN", "1e3000000", "1e-3000000", "9" * 5000, "0." + "1" * 5000, "1/0",
     "1/" + "9" * 65, "٣", "1_000", "-", ".", Decimal("1e3000000"), Decimal("1e-3000000"),
     Decimal("NaN")],
)  # fmt: skip
def test_what_is_no_number_is_an_error(said):
    with pytest.raises(QuantityError, match="is no quantity"):
        amount(said)


@pytest.mark.parametrize(
    ("said", "found"),
    [("9999999999999", 9999999999999), ("24.000000000000000000", 24), ("1E+2", 100),
     ("0.30000000000000004", Fraction(30000000000000004, 10**17)), (" 7 ", 7), ("+3", 3)],
)  # fmt: skip
def test_what_systems_count_is_read_in_the_ways_they_write_it(said, found):
    assert counted(said) == found


@pytest.mark.parametrize("said", ["10000000000000", "-1e13", "1e99", "1e-99"])
def test_more_digits_than_a_document_has_are_no_quantity_from_outside(said):
    with pytest.raises(QuantityError, match="is no quantity"):
        counted(said)


@pytest.mark.parametrize(
    ("value", "written"),
    [(480, "480"), (-2, "-2"), (Fraction(25, 2), "12.5"), (Fraction(-1, 4), "-0.25"),
     (Fraction(1, 3), "1/3"), (Fraction(1, 100_000_000), "0.00000001")],
)  # fmt: skip
def test_text_ends_where_the_decimals_end(value, written):
    assert text(value) == written


@given(st.fractions(-(10**32), 10**32, max_denominator=10**32))
def test_a_quantity_survives_its_text(value):
    assert amount(text(value)) == value


def test_people_see_a_real_minus_and_a_sign():
    assert (shown(-2), signed(-2), signed(60), signed(0)) == ("−2", "−2", "+60", "0")


def test_worth_is_exact_to_the_cent():
    assert worth(-2, Decimal("61.50")) == Decimal("123.00")
    assert worth(Fraction(1, 3), Decimal("1.00")) == Decimal("0.33")


def test_people_see_thousands_apart_and_machines_do_not():
    assert (shown(-8050), signed(1250), shown(amount("8050.5"))) == ("−8,050", "+1,250", "8,050.5")
    assert (shown(amount("1000/3")), text(8050)) == ("1,000/3", "8050")
