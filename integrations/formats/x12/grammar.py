"""The layouts of X12 sets as nodes that know their segments."""

from functools import cache

from integrations.formats.layout import FLAT, LIST, OBJECT, SHARED, Position, Step, parse, walk
from integrations.formats.x12.layouts import LAYOUTS
from integrations.formats.x12.segments import SegmentSpec, segment_spec

__all__ = ["FLAT", "LIST", "OBJECT", "SHARED", "Node", "Step", "grammar", "walk"]

_NO_SEGMENT = SegmentSpec("", (), (), frozenset(), ())


class Node(Position):
    """One segment position of a set, and what its segment holds."""

    __slots__ = ("spec",)

    def __init__(self, tag: str, limit: int, parent: "Node | None"):
        super().__init__(tag, limit, parent)
        self.spec: SegmentSpec = segment_spec(tag) if tag else _NO_SEGMENT

    def own_keys(self) -> set[str]:
        """The keys this node may set in the object it writes to."""
        if self.mode in (LIST, SHARED):
            return {self.key, *self.lifts.values()}
        return {self.key} if self.mode == OBJECT else self.field_keys() | {self.more}

    def field_keys(self) -> set[str]:
        return {name for name in self.spec.names if name} | {pair.key for pair in self.spec.pairs}


@cache
def grammar(set_type: str) -> Node | None:
    """The root node of a set's layout, or None for a set we have no table for."""
    text = LAYOUTS.get(set_type)
    return None if text is None else parse(text, make=Node, end="SE")
