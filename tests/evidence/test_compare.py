"""Differences of one document."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.canonical.problem import Problem
from integrations.evidence import Result, compare, weigh

pytestmark = pytest.mark.pure

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
_NAMES = st.sampled_from(
    ["lines", "sku", "quantity", "uom", "total", "totals", "ship_to", "at", "x.y"]
)
JSON = st.recursive(
    _SCALARS | st.sampled_from(["2026-03-02", "0012", "12.50", "EA"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=20,
)
BODIES = st.dictionaries(_NAMES, JSON, max_size=5)


def fields(old, new):
    found = compare("1001", Result(old), Result(new)).fields
    return [(f.path, f.at, f.kind, f.before, f.after) for f in found]


def test_a_changed_field_has_a_general_and_an_exact_path():
    old = {"lines": [{"line_no": "1", "uom": "EA"}, {"line_no": "2", "uom": "EA"}]}
    new = {"lines": [{"line_no": "1", "uom": "EA"}, {"line_no": "2", "uom": "CA"}]}
    assert fields(old, new) == [("lines[].uom", "lines[1].uom", "changed", "EA", "CA")]


def test_entries_are_matched_by_line_number_when_one_before_them_is_lost():
    old = {"lines": [{"line_no": "1", "sku": "A"}, {"line_no": "2", "sku": "B"}]}
    new = {"lines": [{"line_no": "2", "sku": "B"}]}
    assert fields(old, new) == [
        ("lines[]", "lines[0]", "entry_lost", {"line_no": "1", "sku": "A"}, None)
    ]


def test_entries_are_matched_by_sku_where_all_line_numbers_change():
    old = {"lines": [{"line_no": "1", "sku": "A"}, {"line_no": "2", "sku": "B"}]}
    new = {"lines": [{"line_no": "20", "sku": "B"}, {"line_no": "10", "sku": "A"}]}
    assert [f[:3] for f in fields(old, new)] == [
        ("lines[].line_no", "lines[0].line_no", "changed"),
        ("lines[].line_no", "lines[1].line_no", "changed"),
        ("lines[]", "lines", "reordered"),
    ]


def test_true_and_one_are_not_the_same():
    assert fields({"x": 1}, {"x": True}) == [("x", "x", "changed", 1, True)]


def test_the_order_of_names_is_no_difference():
    assert fields({"a": 1, "b": 2}, {"b": 2, "a": 1}) == []


def test_a_document_that_becomes_valid_is_told_so():
    problem = Problem("unknown_sku", "lines[0].sku", "X", "No row.")
    change = compare("1001", Result({}, (problem,)), Result({}))
    assert change.validity == "newly_valid"


@given(BODIES)
def test_the_same_result_twice_is_no_change(body):
    change = compare("1", Result(body), Result(copy.deepcopy(body)))
    assert not change.changed
    assert weigh([change]).fields == ()


@given(BODIES, BODIES)
def test_any_two_bodies_are_compared_and_weighed_the_same_way_each_time(old, new):
    first = weigh([compare("1", Result(old), Result(new))])
    again = weigh([compare("1", Result(copy.deepcopy(old)), Result(copy.deepcopy(new)))])
    assert repr(first) == repr(again)
    assert bool(first.fields) == (first.counts.changed == 1)
