"""Layout text → positions with their transitions: the one table behind reader, writer and answers.

The notation stands in `x12/layouts/__init__.py`; EDIFACT uses the same.
"""

from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, Self, TypeVar

FLAT, OBJECT, LIST, SHARED = "flat", "object", "list", "shared"


class Position:
    """One segment position of a set. With children it is the head of a loop.

    `depth` counts the objects open around the position: 0 is the document. A position of mode LIST
    or SHARED opens an object at `depth + 1` for its children.
    """

    __slots__ = (
        "children", "depth", "follow", "item_depth", "key", "lifts", "loop", "max", "mode", "more",
        "parent", "required", "shared", "steps", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, limit: int, parent: Self | None):
        self.tag = tag
        self.max = limit
        self.parent = parent
        self.mode, self.key, self.more = FLAT, "", f"{tag}_more"
        self.required, self.loop = False, ""
        self.lifts: dict[str, str] = {}
        self.children: list[Self] = []
        self.shared: Self | None = None
        self.steps: dict[str, Step[Self]] = {}
        self.follow: dict[str, Self] = {}  # of the steps, those with nothing to report
        self.depth: int = parent.item_depth if parent else 0
        self.item_depth: int = 0


P = TypeVar("P", bound=Position)


class Step(NamedTuple, Generic[P]):
    """What reading a tag in some position leads to."""

    node: P
    missing: tuple[P, ...]  # mandatory positions passed over
    in_order: bool


def parse(text: str, *, make: Callable[[str, int, P | None], P], end: str) -> P:
    """The root of a layout, its positions linked; `end` is the tag of the set's trailer."""
    root = make("", 1, None)
    open_loops = [root]
    for line in text.splitlines():
        if not line.strip():
            continue
        level = (len(line) - len(line.lstrip())) // 2
        del open_loops[level + 1 :]
        node = _parse_line(line.split(), open_loops[level], make)
        open_loops[level].children.append(node)
        open_loops.append(node)
    for node in (root, *walk(root)):
        node.steps = _steps(node, end)
        node.follow = {
            tag: step.node
            for tag, step in node.steps.items()
            if step.in_order and not step.missing and tag != end
        }
    return root


def _parse_line(words: list[str], parent: P, make: Callable[[str, int, P | None], P]) -> P:
    node = make(words[0], int(words[1]), parent)
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


def walk(node: P) -> Iterator[P]:
    """The position's descendants, in the order of the layout."""
    for child in node.children:
        yield child
        yield from walk(child)


def _later(node: P) -> Iterator[tuple[P, bool]]:
    """The positions that may follow this one, nearest first, and whether each is newly passed."""
    for child in node.children:
        yield child, True
    while node.parent is not None:
        siblings = node.parent.children
        yield node, False
        for sibling in siblings[siblings.index(node) + 1 :]:
            yield sibling, True
        node = node.parent


def _earlier(node: P) -> Iterator[P]:
    """All positions of the loops open here, nearest loop first."""
    while node.parent is not None:
        yield from node.parent.children
        node = node.parent
    yield from node.children


def _steps(node: P, end: str) -> dict[str, Step[P]]:
    steps: dict[str, Step[P]] = {}
    missing: list[P] = []
    for candidate, passed in _later(node):
        steps.setdefault(candidate.tag, Step(candidate, tuple(missing), True))
        if passed and candidate.required:
            missing.append(candidate)
    for candidate in _earlier(node):
        steps.setdefault(candidate.tag, Step(candidate, (), False))
        for detail in candidate.children:
            if detail.shared is not None:
                steps.setdefault(detail.tag, Step(detail, (), False))
    steps[end] = Step(node, tuple(missing), True)
    return steps
