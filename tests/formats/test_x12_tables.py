"""The tables themselves: nothing in them can overwrite or hide anything else in them."""

import pytest

from integrations.formats.x12.codes import FUNCTIONAL_ID
from integrations.formats.x12.elements import ELEMENTS
from integrations.formats.x12.grammar import OBJECT, SHARED, Node, grammar, walk
from integrations.formats.x12.layouts import LAYOUTS
from integrations.formats.x12.segments import KNOWN_TAGS, segment_spec

pytestmark = pytest.mark.pure

BUSINESS_SETS = {
    "850", "855", "856", "810", "820", "832", "846", "860", "865", "940", "943", "944", "945",
    "947", "180", "997", "999", "824",
}  # fmt: skip


def root(set_type: str) -> Node:
    found = grammar(set_type)
    assert found is not None
    return found


def containers(set_type: str) -> list[list[Node]]:
    """The nodes that write to one and the same object, for each object of the set."""
    top = root(set_type)
    groups = []
    for parent in (top, *walk(top)):
        if parent.shared is None:
            members = [parent] if parent is not top else []
            for child in parent.children:
                members.append(child)
                members += child.children if child.shared is not None else []
            groups.append(members)
    return groups


def test_every_set_of_the_trade_has_a_table() -> None:
    assert set(LAYOUTS) == BUSINESS_SETS
    assert set(FUNCTIONAL_ID) >= BUSINESS_SETS


@pytest.mark.parametrize("set_type", sorted(LAYOUTS))
def test_no_two_segments_of_an_object_set_the_same_key(set_type: str) -> None:
    for members in containers(set_type):
        seen: dict[tuple[str, str], str] = {}
        for position, node in enumerate(members):
            for holder, name in _keys(node, head=position == 0 and bool(node.children)):
                other = seen.setdefault((holder, name), node.tag)
                assert other == node.tag, f"{set_type}: {other} and {node.tag} both set {name}"


def _keys(node: Node, *, head: bool) -> list[tuple[str, str]]:
    """(the object inside the object, the key) for each key the node may set."""
    if head or node.shared is not None:
        return [("", name) for name in node.field_keys()]
    if node.mode == OBJECT:
        return [(node.key, name) for name in node.field_keys()] + []
    if _under_ent(node):
        return []
    return [("", name) for name in node.own_keys()]


def _under_ent(node: Node) -> bool:
    """The RMR of an 820 stands below ENT or, where there is none, in its place."""
    siblings = node.parent.children if node.parent else []
    return any(s.mode == SHARED and s.key == node.key and s is not node for s in siblings)


@pytest.mark.parametrize("tag", sorted(KNOWN_TAGS))
def test_no_field_of_a_segment_hides_another(tag: str) -> None:
    spec = segment_spec(tag)
    names = [name for name in spec.names if name]
    assert len(names) == len(set(names))
    assert not set(names) & {pair.key for pair in spec.pairs}


@pytest.mark.parametrize("set_type", sorted(LAYOUTS))
def test_a_lifted_segment_opens_no_loop(set_type: str) -> None:
    for node in walk(root(set_type)):
        if node.lifts:
            assert node.children == []
            assert set(node.spec.names[:2]) == {"qualifier", "value"}


@pytest.mark.parametrize("set_type", sorted(LAYOUTS))
def test_a_shared_loop_has_one_detail(set_type: str) -> None:
    for node in walk(root(set_type)):
        if node.mode == SHARED:
            assert [child.key for child in node.children if child.shared is node] == [node.key]


def test_lengths_are_in_order() -> None:
    for element in ELEMENTS.values():
        assert 1 <= element.shortest <= element.longest <= element.longest_5010
