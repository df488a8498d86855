"""Documents of two ledgers matched with each other."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.reconcile.postings import (
    Posting,
    ageing,
    bucket,
    match,
)

pytestmark = pytest.mark.pure
TODAY = date(2026, 3, 31)


def posting(number, amount="10.00", *references, days=0, customer="C1", currency="USD"):
    on = TODAY - timedelta(days=days)
    return Posting(number, references, customer, on, Decimal(amount), currency)


def matched(left, right):
    found = match(left, right)
    return [(pair.left.number, pair.right.number, pair.by) for pair in found.matched]


def test_the_same_number_is_the_surest():
    left = [posting("INV-1", "10.00", "SO-1"), posting("INV-2", "20.00", "SO-2")]
    right = [posting("inv-1", "99.00", "SO-2"), posting("X", "20.00", "SO-2")]
    assert matched(left, right) == [("INV-1", "inv-1", "number"), ("INV-2", "X", "reference")]


def test_an_order_or_po_number_comes_next():
    left, right = [posting("A", "10", "SO-1", "PO-7")], [posting("B", "11", "PO-7")]
    assert matched(left, right) == [("A", "B", "reference")]


@pytest.mark.parametrize(("days", "found"), [(3, [("A", "B", "amount")]), (4, [])])
def test_amount_and_customer_match_within_three_days(days, found):
    assert matched([posting("A", days=days)], [posting("B")]) == found


@pytest.mark.parametrize(
    "other", [posting("B", "10.01"), posting("B", customer="C2"), posting("B", currency="EUR")]
)
def test_another_amount_customer_or_currency_does_not_match(other):
    assert matched([posting("A")], [other]) == []


def test_two_that_could_be_meant_are_for_a_person():
    found = match([posting("A"), posting("B")], [posting("C"), posting("D", days=9)])
    assert found.matched == ()
    assert [one.number for one in found.left] == ["A", "B"]
    assert [one.number for one in found.right] == ["C", "D"]


numbers = st.lists(
    st.tuples(st.sampled_from("ABCDEF"), st.integers(1, 3), st.integers(0, 6)), max_size=12
)


@given(numbers, numbers)
def test_every_document_is_matched_once_or_left_over(left, right):
    ours = [posting(n, str(amount), f"SO-{days}", days=days) for n, amount, days in left]
    theirs = [posting(n.lower(), str(amount), days=days) for n, amount, days in right]
    found = match(ours, theirs)
    assert sorted([pair.left for pair in found.matched] + list(found.left)) == sorted(ours)
    assert sorted([pair.right for pair in found.matched] + list(found.right)) == sorted(theirs)
    assert match(ours[::-1], theirs[::-1]).left == found.left


@pytest.mark.parametrize(
    ("days", "name"),
    [(0, "0-2"), (2, "0-2"), (3, "3-7"), (7, "3-7"), (8, "8-30"), (30, "8-30"), (31, "30+")],
)
def test_what_is_unmatched_ages(days, name):
    assert bucket(TODAY - timedelta(days=days), today=TODAY) == name


def test_ages_are_added_up_by_currency():
    found = ageing(
        [posting("A"), posting("B", "5", days=1), posting("C", "7", currency="EUR", days=40)],
        today=TODAY,
    )
    assert found["0-2"] == (2, {"USD": Decimal("15.00")})
    assert found["30+"] == (1, {"EUR": Decimal("7")})
    assert found["3-7"] == (0, {})
