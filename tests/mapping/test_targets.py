import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.targets import Segment, format_target, parse_target

pytestmark = pytest.mark.pure

names = st.text(st.characters(exclude_characters="`", exclude_categories=["Cs"]), min_size=1)
segments = st.builds(Segment, names, st.just(False))


def test_a_path_is_names_loops_and_quoted_names():
    assert parse_target("lines[].extensions.`acme.order`.gift") == (
        Segment("lines", True),
        Segment("extensions", False),
        Segment("acme.order", False),
        Segment("gift", False),
    )


@given(st.lists(segments, min_size=1, max_size=5).map(tuple))
def test_what_is_written_is_read_back(target):
    assert parse_target(format_target(target)) == target


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a b",
        "a[0]",
        "a[",
        "`a",
        "``",
        "1a",
        "a[]b",
        "a.`b`c",
    ],
)
def test_what_is_no_path_is_refused(text):
    with pytest.raises(ValueError, match="is not a path"):
        parse_target(text)


def test_lists_nest_two_deep_and_not_three():
    assert len(parse_target("a[].b[].c")) == 3
    with pytest.raises(ValueError, match="loops more than two deep"):
        parse_target("a[].b[].c[].d")


def test_indices_fill_the_loops_from_the_left():
    target = parse_target("lines[].serials[].value")
    assert format_target(target, (3,)) == "lines[3].serials[].value"
    assert format_target(target, (3, 0)) == "lines[3].serials[0].value"
