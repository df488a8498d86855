"""Every place that differs is named, and nothing else."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitoring.seal import MISSING, canonical, difference, value_at
from monitoring.seal.paths import with_value
from tests.seal.contents import NAMES, contents

pytestmark = pytest.mark.pure

CUT_OFF = {"key": "cut-off", "actual": "99.27", "missed": ["SO-1", "SO-2"]}
STOCK = {"key": "stock", "actual": "98.62", "missed": []}
APRIL = {"period": "2026-04", "promises": [CUT_OFF, STOCK], "causes": [{"text": "certificate"}]}


def sentences(before, after):
    return [one.sentence for one in difference(before, after)]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("promises[cut-off].actual", "99.12", "promises[cut-off].actual was 99.27 and is 99.12."),
        ("promises[stock].actual", None, "promises[stock].actual was 98.62 and is nothing."),
        ("period", "", "period was 2026-04 and is empty."),
        ("promises[cut-off].missed", ["SO-1"], "promises[cut-off].missed[1] is gone; it was SO-2."),
        ("promises[stock].missed", ["SO-9"], "promises[stock].missed[0] is new: SO-9."),
        ("causes[0].text", "key", "causes[0].text was certificate and is key."),
    ],
)
def test_one_change_is_one_sentence(path, value, said):
    assert sentences(APRIL, with_value(APRIL, path, value)) == [said]


def test_a_promise_that_came_in_between_moves_no_other():
    more = {"key": "asn", "actual": "100"}
    after = {**APRIL, "promises": [more, CUT_OFF, STOCK]}
    assert [one.path for one in difference(APRIL, after)] == ["promises[asn]"]


def test_another_order_alone_is_a_difference_too():
    after = {**APRIL, "promises": [STOCK, CUT_OFF]}
    assert sentences(APRIL, after) == [
        "the order of promises was cut-off, stock and is stock, cut-off."
    ]


def test_a_number_is_not_the_text_of_it():
    assert sentences({"n": 1}, {"n": "1"}) == ["n was 1 and is 1."]
    assert sentences({"n": 1}, {"n": True}) == ["n was 1 and is True."]


def test_long_values_are_cut():
    assert len(sentences({"a": "x" * 500}, {"a": "y" * 500})[0]) == 60 + 60 + len("a was  and is .")


@given(contents, contents)
def test_no_difference_means_the_same_bytes(one, other):
    assert (difference(one, other) == []) == (canonical(one) == canonical(other))


@given(contents)
def test_nothing_differs_from_itself(content):
    assert difference(content, content) == []


def places(content, path=""):
    """Every address of something in `content` that is neither list nor group."""
    if isinstance(content, dict):
        parts = [(f"{path}.{key}".removeprefix("."), item) for key, item in content.items()]
    elif isinstance(content, list):
        parts = [(f"{path}[{at}]", item) for at, item in enumerate(content)]
    else:
        return [path] if path else []
    return [place for here, item in parts for place in places(item, here)]


@given(st.dictionaries(NAMES, contents, min_size=1, max_size=4), st.data())
def test_any_single_change_is_found_and_named(content, data):
    found = places(content)
    assume(found)
    path = data.draw(st.sampled_from(found))
    before = value_at(content, path)
    after = "another value" if before != "another value" else "yet another"
    changed = with_value(content, path, after)
    differences = difference(content, changed)
    if path.endswith(".key"):  # it names its place: the old one is gone, the new one is there
        assert differences
        return
    assert [(one.before, one.after) for one in differences] == [(before, after)]
    assert value_at(changed, differences[0].path) == after


@pytest.mark.parametrize(
    "path", ["", ".a", "a..b", "a[", "promises[asn].actual", "period.day", "causes[7]"]
)
def test_a_place_that_is_not_there_is_said(path):
    with pytest.raises(KeyError):
        value_at(APRIL, path)


def test_missing_is_told_apart_from_nothing():
    (one,) = difference({"a": None}, {})
    assert (one.before, one.after) == (None, MISSING)
