"""Layout text → nodes with their transitions: the one table behind reader, writer and 997."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from integrations.formats.x12.layouts import LAYOUTS
from integrations.formats.x12.segments import SegmentSpec, segment_spec

FLAT, OBJECT, LIST, SHARED = "flat", "object", "list", "shared"
_NO_SEGMENT = SegmentSpec("", (), (), frozenset(), ())


class Node:
    """One segment position of a set. With children it is the head of a loop.

    `depth` counts the objects open around the node: 0 is the document. A node of mode LIST or
    SHARED opens an object at `depth + 1` for its children.
    """

    __slots__ = (
        "children", "depth", "follow", "item_depth", "key", "lifts", "loop", "max", "mode", "more",
        "parent", "required", "shared", "spec", "steps", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, limit: int, parent: "Node | None"):
        self.tag = tag
        self.max = limit
        self.parent = parent
        self.spec: SegmentSpec = (
            segment_spec(tag) if tag else SegmentSpec("", (), (), frozenset(), ())
        )
        self.mode, self.key, self.more = FLAT, "", f"{tag}_more"
        self.required, self.loop = False, ""
        self.lifts: dict[str, str] = {}
        self.children: list[Node] = []
        self.shared: Node | None = None
        self.steps: dict[str, Step] = {}
        self.follow: dict[str, Node] = {}  # of the steps, those with nothing to report
        self.depth: int = parent.item_depth if parent else 0
        self.item_depth: int = 0

    def own_keys(self) -> set[str]:
        """The keys this node may set in the object it writes to."""
        if self.mode in (LIST, SHARED):
            return {self.key, *self.lifts.values()}
        return {self.key} if self.mode == OBJECT else self.field_keys() | {self.more}

    def field_keys(self) -> set[str]:
        return {name for name in self.spec.names if name} | {pair.key for pair in self.spec.pairs}


class Step(NamedTuple):
    """What reading a tag in some position leads to."""

    node: Node
    missing: tuple[Node, ...]  # mandatory nodes passed over
    in_order: bool


def _parse_line(words: list[str], parent: Node) -> Node:
    node = Node(words[0], int(words[1]), parent)
    for word in words[2:]:
        if word == "!":
            node.required = True
        elif word[0] == "#":
            node.loop = word[1:]
        elif word[0] == ">":
            node.mode, node.key = (SHARED if word[1] == ">" else LIST), word.lstrip(">")
        elif word[0] == "=":
            node.mode, node.key = OBJECT, word[1:]
        else:
            qualifier, _, key = word.partition("=")
            node.lifts[qualifier] = key
    node.loop = node.loop or parent.loop
    node.item_depth = node.depth + 1
    if parent.mode == SHARED and node.key == parent.key:
        node.shared, node.item_depth = parent, node.depth
    return node


def _parse(text: str) -> Node:
    root = Node("", 1, None)
    open_loops = [root]
    for line in text.splitlines():
        if not line.strip():
            continue
        level = (len(line) - len(line.lstrip())) // 2
        del open_loops[level + 1 :]
        node = _parse_line(line.split(), open_loops[level])
        open_loops[level].children.append(node)
        open_loops.append(node)
    return root


def walk(node: Node) -> Iterator[Node]:
    """The node's descendants, in the order of the layout."""
    for child in node.children:
        yield child
        yield from walk(child)


def _later(node: Node) -> Iterator[tuple[Node, bool]]:
    """The nodes that may follow this one, nearest first, and whether each is newly passed."""
    for child in node.children:
        yield child, True
    while node.parent is not None:
        siblings = node.parent.children
        yield node, False
        for sibling in siblings[siblings.index(node) + 1 :]:
            yield sibling, True
        node = node.parent


def _earlier(node: Node) -> Iterator[Node]:
    """All nodes of the loops open here, nearest loop first."""
    while node.parent is not None:
        yield from node.parent.children
        node = node.parent
    yield from node.children


def _steps(node: Node) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    missing: list[Node] = []
    for candidate, passed in _later(node):
        steps.setdefault(candidate.tag, Step(candidate, tuple(missing), True))
        if passed and candidate.required:
            missing.append(candidate)
    for candidate in _earlier(node):
        steps.setdefault(candidate.tag, Step(candidate, (), False))
        for detail in candidate.children:
            if detail.shared is not None:
                steps.setdefault(detail.tag, Step(detail, (), False))
    steps["SE"] = Step(node, tuple(missing), True)
    return steps


@cache
def grammar(set_type: str) -> Node | None:
    """The root node of a set's layout, or None for a set we have no table for."""
    text = LAYOUTS.get(set_type)
    if text is None:
        return None
    root = _parse(text)
    for node in (root, *walk(root)):
        node.steps = _steps(node)
        node.follow = {
            tag: step.node
            for tag, step in node.steps.items()
            if step.in_order and not step.missing and tag != "SE"
        }
    return root
