import pytest

from integrations.mapping import Row
from integrations.mapping.diff import diff_rows

pytestmark = pytest.mark.pure

OLD = [Row("number", "id"), Row("type", '"b2c"'), Row("carrier", "method"), Row("notes", "note")]


def _texts(new, old=OLD):
    return [(change.kind, change.text) for change in diff_rows(old, new)]


def test_the_same_rows_have_no_difference():
    assert _texts([Row(row.target, f" {row.source}\n") for row in OLD]) == []


def test_each_kind_of_change_is_said_in_words():
    new = [
        Row("notes", "note"),
        Row("number", "id"),
        Row("carrier", '$lookup("carrier", method)'),
        Row("total", "$money(total, currency)"),
    ]
    assert _texts(new) == [
        ("moved", "notes stands at another place; its value stays the same."),
        ("changed", "carrier was method; it becomes method looked up in carrier."),
        ("added", "total is new: the amount of total in currency."),
        ("removed", "type is no longer filled; it was always “b2c”."),
    ]


def test_a_change_keeps_both_sources():
    (change,) = diff_rows([Row("a", "x")], [Row("a", "y")])
    assert change == ("changed", "a", "x", "y", "a was x; it becomes y.")


def test_a_source_that_is_only_written_otherwise_says_so():
    assert _texts([Row("a", "x&y")], [Row("a", "x & y")]) == [
        ("changed", "a is written in another way: x + y as one text.")
    ]


def test_one_row_taken_to_the_top_is_the_only_one_that_moved():
    rows = [Row(name, name) for name in "abcdefgh"]
    assert [c.target for c in diff_rows(rows, [rows[-1], *rows[:-1]])] == ["h"]


def test_a_target_that_stands_twice_is_compared_in_its_order():
    old = [Row("a", "x"), Row("a", "y")]
    assert [c.kind for c in diff_rows(old, [Row("a", "x")])] == ["removed"]
