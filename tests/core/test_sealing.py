"""A chain of rows under a key: whole, and broken in every way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import sealing
from portal.core.sealing import Head, Link

KEY, OLD, OTHER = b"k" * 32, b"o" * 32, b"x" * 32
CONTENTS = ["first", ["second", 2], {"third": None}, "fourth"]


def chain(contents, key=KEY) -> list[Link]:
    links: list[Link] = []
    for content in contents:
        after = Head(links[-1].number, links[-1].digest) if links else None
        links.append(sealing.link(key, content, after=after))
    return links


def flaw_of(links, *, keys=(KEY,), expected=None):
    found = sealing.examine(links, keys, expected=expected).flaw
    return found and (found.number, found.sentence)


def test_a_whole_chain_says_where_it_ends():
    links = chain(CONTENTS)
    found = sealing.examine(links, [KEY])
    assert (found.length, found.flaw) == (4, None)
    assert found.head == Head(4, links[-1].digest)
    assert str(found.head) == f"4:{links[-1].digest}"


def test_nothing_is_a_whole_chain():
    assert sealing.examine([], [KEY]) == (0, Head(0, ""), None)


@given(st.lists(st.text(max_size=5), min_size=1, max_size=8), st.data())
def test_any_changed_row_is_named(contents, data):
    links = chain(contents)
    at = data.draw(st.integers(0, len(links) - 1))
    changed = data.draw(st.text(max_size=5).filter(lambda text: text != contents[at]))
    links[at] = links[at]._replace(content=changed)
    assert flaw_of(links) == (at + 1, f"Row {at + 1} was changed after it was sealed.")


@given(st.integers(0, 2))
def test_any_deleted_row_is_named_but_the_last(at):
    links = chain(CONTENTS)
    del links[at]
    assert flaw_of(links) == (at + 1, f"Row {at + 1} is missing: row {at + 2} comes next.")


def test_that_the_newest_are_gone_is_seen_by_whoever_noted_the_head():
    links = chain(CONTENTS)
    noted = Head(4, links[3].digest)
    assert flaw_of(links[:3]) is None
    assert flaw_of(links[:3], expected=noted) == (4, "Row 4 is missing: 4 rows were here before.")
    assert flaw_of(links, expected=noted) is None
    assert flaw_of(chain([*CONTENTS, "more"]), expected=noted) is None
    assert flaw_of([], expected=Head(0, "")) is None


def test_a_chain_written_anew_is_another_one_than_was_noted():
    noted = Head(2, chain(CONTENTS)[1].digest)
    assert flaw_of(chain(["first", "x", "y"]), expected=noted) == (
        2,
        "Row 2 is another one than was noted.",
    )


def test_swapped_rows_are_named():
    one, two, three, four = chain(CONTENTS)
    swapped = [
        one,
        three._replace(number=2, previous=two.previous),
        two._replace(number=3, previous=three.digest),
        four,
    ]
    assert flaw_of(swapped) == (2, "Row 2 was changed after it was sealed.")


def test_an_inserted_row_breaks_what_follows():
    one, two, *_ = chain(CONTENTS)
    between = sealing.link(KEY, "forged", after=Head(1, one.digest))
    assert flaw_of([one, between, two._replace(number=3)]) == (
        3,
        "Row 3 does not follow row 2 as it stands.",
    )


def test_without_the_key_nobody_makes_a_row():
    one, *_ = chain(CONTENTS)
    forged = sealing.link(OTHER, "forged", after=Head(1, one.digest))
    assert flaw_of([one, forged]) == (2, "Row 2 was changed after it was sealed.")


def test_rows_of_an_older_key_stay_good():
    old = chain(["a", "b"], key=OLD)
    new = sealing.link(KEY, "c", after=Head(2, old[-1].digest))
    assert flaw_of([*old, new], keys=(KEY, OLD)) is None
    assert flaw_of([*old, new], keys=(KEY,)) == (1, "Row 1 was changed after it was sealed.")


@pytest.mark.parametrize("content", [1.5, object()])
def test_what_has_no_one_form_is_not_sealed(content):
    with pytest.raises(TypeError):
        sealing.mac(KEY, content)
