"""The tables themselves: nothing in them can overwrite, hide or swallow anything else in them."""

from collections.abc import Iterator

import pytest

from integrations.formats.edifact.elements import ELEMENTS
from integrations.formats.edifact.grammar import Node, grammar, walk
from integrations.formats.edifact.layouts import LAYOUTS
from integrations.formats.edifact.segments import KNOWN_TAGS, segment_spec

pytestmark = pytest.mark.pure

MESSAGES = {
    "ORDERS", "ORDCHG", "ORDRSP", "DESADV", "INVOIC", "INVRPT", "RECADV", "PRICAT", "CONTRL",
    "APERAK",
}  # fmt: skip


def nodes(message: str) -> Iterator[Node]:
    root = grammar(message)
    assert root is not None
    yield root
    yield from walk(root)


def path(node: Node) -> str:
    return f"{path(node.parent)}/{node.tag}" if node.parent is not None else ""


def test_every_message_of_the_trade_has_a_table() -> None:
    assert set(LAYOUTS) == MESSAGES


@pytest.mark.parametrize("message", sorted(LAYOUTS))
def test_no_two_segments_of_an_object_set_the_same_key(message: str) -> None:
    for node in nodes(message):
        keys = [*node.spec.names, *(key for child in node.children for key in child.own_keys())]
        twice = {key for key in keys if keys.count(key) > 1}
        assert not twice, f"{path(node)}: {twice}"


@pytest.mark.parametrize("message", sorted(LAYOUTS))
def test_no_group_swallows_what_follows_it(message: str) -> None:
    """A segment belongs to the nearest group that has it, so no later position may share a tag."""
    for node in nodes(message):
        inner = {child.tag for child in node.children}
        outer = node
        while inner and outer.parent is not None:
            siblings = outer.parent.children
            for later in siblings[siblings.index(outer) + 1 :]:
                assert later.tag not in inner, f"{path(node)} swallows {path(later)}"
                if later.required:
                    break
            outer = outer.parent


@pytest.mark.parametrize("tag", sorted(KNOWN_TAGS))
def test_no_field_of_a_segment_hides_another(tag: str) -> None:
    names = segment_spec(tag).names
    assert len(names) == len(set(names))
    assert not {"unknown", "segments"} & set(names)


def test_every_segment_of_the_tables_is_used() -> None:
    used = {node.tag for message in LAYOUTS for node in nodes(message)}
    assert used == KNOWN_TAGS | {""}


def test_lengths_only_grow() -> None:
    for element in ELEMENTS.values():
        assert 1 <= element.longest <= element.longest_01b
