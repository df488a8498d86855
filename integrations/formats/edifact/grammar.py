"""The layouts of EDIFACT messages as nodes that know their segments."""

from functools import cache

from integrations.formats.edifact.layouts import LAYOUTS
from integrations.formats.edifact.segments import NO_SEGMENT, SegmentSpec, segment_spec
from integrations.formats.layout import FLAT, LIST, OBJECT, Position, Step, parse, walk

__all__ = ["FLAT", "LIST", "OBJECT", "Node", "Step", "grammar", "walk"]


class Node(Position):
    """One segment position of a message, and what its segment holds."""

    __slots__ = ("spec",)

    def __init__(self, tag: str, limit: int, parent: "Node | None"):
        super().__init__(tag, limit, parent)
        self.spec: SegmentSpec = segment_spec(tag) if tag else NO_SEGMENT

    def own_keys(self) -> set[str]:
        """The keys this node may set in the object it writes to."""
        if self.mode is FLAT:
            return {*self.spec.names, self.more}
        return {self.key}


@cache
def grammar(message_type: str) -> Node | None:
    """The root node of a message's layout, or None for a message we have no table for."""
    text = LAYOUTS.get(message_type)
    return None if text is None else parse(text, make=Node, end="UNT")
