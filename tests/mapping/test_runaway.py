from time import monotonic

import pytest

from integrations.mapping import MappingSyntaxError
from tests.mapping.running import run

pytestmark = [pytest.mark.pure, pytest.mark.timed]

BOTTOMLESS = '{"a": ' * 1500 + "1" + "}" * 1500


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "($f := function() { $f() }; $f())",
            "It ran out of its time; it may never end.",
        ),
        ("($f := function($n) { 1 + $f($n) }; $f(0))", "It calls itself without end."),
        ("($f := function($n) { [$f($n)] }; $f(0))", "It calls itself without end."),
        ("[1..10000000]", "It makes a list of more than 100,000 entries."),
        ("$sum([1..9999999])", "It makes a list of more than 100,000 entries."),
        ("[1..99999].([1..99999])", "It ran out of its time; it may never end."),
        (
            "($d := function($s) { $d([$s, $s]) }; $d([1]))",
            "It ran out of its time; it may never end.",
        ),
        ('$pad("a", 10000000000)', "$pad is limited to 10000 characters."),
        ('$pad("a", -10000000000)', "$pad is limited to 10000 characters."),
        ("1 / 0", "A division gave no finite number."),
    ],
)
def test_a_runaway_expression_is_a_mapping_error_soon(source, reason):
    started = monotonic()
    outcome = run({"number": '"1001"', "v": source})
    assert monotonic() - started < 3
    assert outcome.body is None
    assert outcome.problems == [("mapping_error", "v", source, f"Row 2, v: {reason}")]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*(a*)*b"])
def test_a_regular_expression_cannot_run_away(pattern):
    started = monotonic()
    outcome = run({"v": f"$contains(x, /{pattern}/)"}, {"x": "a" * 50_000 + "!"})
    assert monotonic() - started < 1
    assert outcome == ({"v": False}, [])


@pytest.mark.parametrize("pattern", ["(?=a)b", r"(a)\1", "a{1000}{1000}"])
def test_a_regular_expression_the_engine_refuses_is_a_mapping_error(pattern):
    outcome = run({"v": f'$contains("a", /{pattern}/)'})
    assert [p.code for p in outcome.problems] == ["mapping_error"]


def test_a_panic_of_the_engine_is_a_mapping_error():
    wide = '"0." & $join([1..8].$pad("", 9000, "0"))'
    outcome = run({"v": f"$formatNumber(1, {wide})"})
    assert [p.text for p in outcome.problems] == [
        "Row 1, v: The expression broke the JSONata engine."
    ]


def test_an_expression_that_ends_its_process_ends_no_other():
    started = monotonic()
    outcome = run({"number": '"1001"', "v": '$formatInteger(1e15, "I")'})
    assert monotonic() - started < 1
    assert [p.path for p in outcome.problems] == ["v"]
    assert outcome.body is None


def test_a_failing_row_does_not_hide_what_else_is_missing():
    rows = {
        "lines[]": "items",
        "lines[].total": "$number(price)",
        "lines[].sku": '$lookup("sku", sku)',
    }
    items = [{"price": "1", "sku": "A"}, {"price": "x", "sku": "B"}]
    outcome = run(rows, {"items": items})
    assert outcome.body is None
    assert [(p.code, p.path) for p in outcome.problems] == [
        ("mapping_error", "lines[1].total"),
        ("unknown_sku", "lines[0].sku"),
        ("unknown_sku", "lines[1].sku"),
    ]
    assert outcome.problems[0].text == ("Row 2, lines[].total: Cannot convert 'x' to number.")


def test_a_list_that_fails_is_told_once_and_not_for_each_row_below():
    rows = {"lines[]": '$error("no items")', "lines[].a": "a", "lines[].b": "b"}
    outcome = run(rows, {})
    assert outcome.problems == [
        ("mapping_error", "lines", '$error("no items")', "Row 1, lines[]: No items.")
    ]


def test_many_runaway_rows_are_given_up_on():
    started = monotonic()
    rows = {f"v{n}": "($f := function() { $f() }; $f())" for n in range(100)}
    outcome = run(rows)
    assert len(outcome.problems) == 3
    assert monotonic() - started < 3


@pytest.mark.parametrize("document", [None, [], "text", 7, {"a": float("nan")}, [None]])
def test_any_document_is_borne(document):
    assert run({"v": "a.b.c"}, document) == ({}, [])


@pytest.mark.parametrize("document", [{"a": "\ud800"}, {"a": 2**70}, {"a": b"x"}])
def test_a_document_the_engine_cannot_hold_is_a_problem(document):
    assert [p.code for p in run({"v": "a"}, document).problems] == ["mapping_error"]


def test_a_value_that_never_ends_its_levels_is_refused_when_compiled():
    with pytest.raises(MappingSyntaxError, match="nests too deep"):
        run({"v": BOTTOMLESS})


def test_the_mapping_works_again_after_a_runaway_document():
    rows = {"v": 'n = 1 ? "fine" : ($f := function() { $f() }; $f())'}
    assert run(rows, {"n": 2}).body is None
    assert run(rows, {"n": 1}) == ({"v": "fine"}, [])
