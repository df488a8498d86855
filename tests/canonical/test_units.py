from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.canonical.units import convert, only_the_same, shown, whole

pytestmark = pytest.mark.pure

UNITS = [
    {"uom": "EA", "factor": "1"},
    {"uom": "CA", "factor": "12"},
    {"uom": "PL", "factor": "480"},
]


def test_cases_become_pieces_and_back():
    assert convert("2", source="CA", target="EA", units=UNITS, path="q") == 24
    assert convert("24", source="EA", target="CA", units=UNITS, path="q") == 2
    assert convert("1", source="PL", target="CA", units=UNITS, path="q") == 40


def test_a_third_of_a_case_stays_exact():
    assert convert("4", source="EA", target="CA", units=UNITS, path="q") == Fraction(1, 3)


def test_a_unit_the_item_does_not_have_is_a_problem_and_never_a_factor_of_one():
    problem = convert("2", source="CS", target="EA", units=UNITS, path="lines[0].uom")
    assert problem == (
        "uom_mismatch",
        "lines[0].uom",
        "CS",
        "Unit CS has no conversion for this item.",
    )
    assert convert("2", source="EA", target="BDL", units=UNITS, path="q").value == "BDL"


def test_the_same_unit_needs_no_row():
    assert convert("2.5", source="MTR", target="MTR", units=[], path="q") == Fraction(5, 2)


@given(st.integers(1, 10**9), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_there_and_back_is_the_same_quantity(amount, one, other):
    there = convert(str(amount), source=one["uom"], target=other["uom"], units=UNITS, path="q")
    factor = Fraction(int(other["factor"]), int(one["factor"]))
    assert there * factor == amount


def test_a_part_of_a_case_is_not_whole():
    assert whole(Fraction(24), uom="EA", path="q") == "24"
    assert whole(Fraction(1, 3), uom="CA", path="q") == (
        "uom_mismatch",
        "q",
        "1/3",
        "The quantity is not a whole number of CA.",
    )


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Fraction(24), "24"),
        (Fraction(3, 2), "1.5"),
        (Fraction(1, 3), "0.333"),
        (Fraction(1, 16), "0.0625"),
        (Fraction(0), "0"),
    ],
)
def test_a_quantity_is_shown_exact_where_it_has_an_end(quantity, text):
    assert shown(quantity) == text


def test_without_a_product_only_the_same_unit_has_a_rate():
    assert (only_the_same("A", "EA", "EA"), only_the_same("A", "CA", "EA")) == (1, None)
