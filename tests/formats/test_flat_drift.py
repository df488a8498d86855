"""Columns found beside columns expected, and what contracts make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contracts import Drift
from integrations.formats.flat import Moved, Renamed, column_drift

pytestmark = pytest.mark.pure

EXPECTED = ["order", "sku", "qty", "due"]
NAMES = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=8)


def test_the_same_columns_are_no_drift():
    drift = column_drift(EXPECTED, EXPECTED)
    assert not drift
    assert (drift.set_changed, drift.drifts(), drift.problems()) == (False, [], [])


def test_missing_and_new_columns():
    drift = column_drift(EXPECTED, ["order", "sku", "due", "colour of the box", "x"])
    assert (drift.missing, drift.new) == (("qty",), ("colour of the box", "x"))
    assert (drift.renamed, drift.moved, drift.set_changed) == ((), (), True)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("ship_to", "Ship-To"),
        ("quantity", "quantity_"),
        ("quantity", "quantityy"),
        ("Straße", "strasse"),
    ],
)
def test_a_column_that_is_much_alike_seems_renamed(before, now):
    drift = column_drift(["order", before, "sku"], ["order", "sku", now, "one more"])
    assert drift.renamed == (Renamed(before, now),)
    assert (drift.missing, drift.new) == ((), ("one more",))


def test_a_column_at_the_same_place_of_as_many_seems_renamed():
    assert column_drift(EXPECTED, ["order", "item", "qty", "due"]).renamed == (
        Renamed("sku", "item"),
    )
    drift = column_drift(EXPECTED, ["order", "item", "qty", "due", "x"])
    assert (drift.missing, drift.new, drift.renamed) == (("sku",), ("item", "x"), ())


def test_the_name_counts_more_than_the_place():
    drift = column_drift(["a", "Qty", "b"], ["a", "zzz", "qty"])
    assert drift.renamed == (Renamed("Qty", "qty"),)
    assert (drift.missing, drift.new) == (("b",), ("zzz",))


def test_as_few_columns_as_explain_the_order_have_moved():
    assert column_drift(EXPECTED, ["sku", "qty", "due", "order"]).moved == (Moved("order", 1, 4),)
    assert column_drift(EXPECTED, ["new one", *EXPECTED]).moved == ()


def test_it_speaks_as_contracts_do():
    drift = column_drift(
        ["order", "sku", "qty", "a", "b"], ["SKU", "order", "b", "a", "extra column"]
    )
    assert drift.drifts() == [
        Drift(
            "missing_field",
            "qty",
            "there",
            "missing",
            "The column qty has always been there and is missing",
        ),
        Drift("renamed_field", "sku", "sku", "SKU", "sku seems to be SKU now"),
        Drift(
            "new_field",
            "extra column",
            "not there",
            "extra column",
            "The column extra column is new",
        ),
        Drift(
            "moved_field",
            "a",
            "place 4",
            "place 4",
            "The column a has moved from place 4 to place 4",
        ),
    ]
    assert [(p.code, p.path, p.value) for p in drift.problems()] == [
        ("schema_drift", "qty", "missing"),
        ("schema_drift", "sku", "SKU"),
        ("schema_drift", "extra column", "extra column"),
        ("schema_drift", "a", "place 4"),
    ]


@given(NAMES, NAMES)
def test_every_column_is_told_once_and_none_that_is_there(expected, found):
    drift = column_drift(expected, found)
    gone = [*drift.missing, *(pair.before for pair in drift.renamed)]
    come = [*drift.new, *(pair.now for pair in drift.renamed)]
    assert sorted(gone) == sorted(set(expected) - set(found))
    assert sorted(come) == sorted(set(found) - set(expected))
    assert {moved.name for moved in drift.moved} <= set(expected) & set(found)


@given(NAMES, st.randoms())
def test_another_order_is_no_other_set(expected, random):
    found = random.sample(expected, len(expected))
    drift = column_drift(expected, found)
    assert not drift.set_changed
    assert bool(drift) == (found != expected)
    still = {name for name in expected} - {moved.name for moved in drift.moved}
    assert [n for n in found if n in still] == [n for n in expected if n in still]


def test_thousands_of_columns_are_compared_in_time():
    expected = [f"column {n}" for n in range(5_000)]
    assert len(column_drift(expected, [f"field {n}" for n in range(5_000)]).missing) >= 4_900
