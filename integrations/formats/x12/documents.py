"""The segments of one set → its neutral document, checked against the set's table.

A document is made of dicts, lists and strings only. Its keys come from the segment names and the
layout. What the table does not know is kept under "unknown", element by element.
"""

from typing import Any

from integrations.formats.filing import Filing, ignore
from integrations.formats.x12.elements_reader import Fields, Problem, readers
from integrations.formats.x12.grammar import FLAT, LIST, OBJECT, Node, Step, grammar
from integrations.formats.x12.issues import Finding, Report

Document = dict[str, Any]

_SHORT = 40
_MOST_REMEMBERED = 4096

ENVELOPE_TAGS = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})


class DocumentReader(Filing):
    """Reads the sets of one interchange, one after the other.

    Segments that come again and again (LX, dates, the warehouse's N1) are remembered as fields.
    """

    def __init__(self, separator: str):
        super().__init__()
        self._separator = separator
        self._readers = readers(separator)
        self._remembered: dict[str, tuple[str, Fields]] = {}

    def read(
        self, set_type: str, parts: list[str], first: int, report: Report
    ) -> tuple[Document, int]:
        """The set whose ST is `parts[first]` → its document and the index of what ends it.

        `report` takes what is wrong, with positions counted from ST = 1. A set without a table
        gives {"segments": [[tag, element, ...], ...]}.
        """
        self._report = report
        self._seen.clear()
        root = grammar(set_type)
        try:
            if root is None:
                return self._read_unknown(set_type, parts, first)
            return self._read(root, parts, first)
        finally:
            self._report = ignore

    def _read(self, root: Node, parts: list[str], first: int) -> tuple[Document, int]:
        document: Document = {}
        objects: list[Any] = [document, None, None, None, None, None]
        separator, field_readers, remembered = self._separator, self._readers, self._remembered
        problems: list[Problem] = []
        here, fresh = root, None
        # This loop sees every segment of every file: what is common stays in it, flat.
        for index in range(first + 1, len(parts)):
            text = parts[index]
            known = remembered.get(text)
            if known is None:
                elements = text.split(separator)
                tag = elements[0]
            else:
                tag, fields = known
                fields = fields.copy()
            node = here.follow.get(tag)
            if node is not None:
                here = node
            elif tag in ENVELOPE_TAGS:
                self._report_missing(here.steps["SE"], index - first + 1)
                return document, index
            else:
                current = objects[here.item_depth if here.children else here.depth]
                step = self._off_the_path(here, text, index - first + 1, current)
                if step is None:
                    continue
                node = step.node
                if step.in_order or node.children:
                    here = node
            if known is None:
                fields = field_readers[tag].read(text, elements, problems)
                if problems:
                    self._report_elements(problems, node, index - first + 1)
                elif (
                    len(text) < _SHORT
                    and len(remembered) < _MOST_REMEMBERED
                    and not node.spec.pairs
                ):
                    remembered[text] = (tag, fields.copy())
            if node.mode is FLAT:
                self._merge(node, fields, objects[node.depth], index - first + 1)
            else:
                fresh = self._place(node, fields, objects, fresh, index - first + 1)
        self._report_missing(here.steps["SE"], len(parts) - first + 1)
        return document, len(parts)

    def _read_unknown(self, set_type: str, parts: list[str], first: int) -> tuple[Document, int]:
        self._report(Finding("unknown_set", 1, 1, set_type, "ST"))
        segments: list[list[str]] = []
        for index in range(first + 1, len(parts)):
            elements = parts[index].split(self._separator)
            if elements[0] in ENVELOPE_TAGS:
                return {"segments": segments}, index
            segments.append(elements)
        return {"segments": segments}, len(parts)

    def _place(
        self, node: Node, fields: Fields, objects: list[Any], fresh: Fields | None, position: int
    ) -> Fields | None:
        """Put the fields where the layout wants them; the result is an LX still without detail."""
        target = objects[node.depth]
        if node.mode is OBJECT:
            self._merge(node, fields, target.setdefault(node.key, {}), position)
        elif node.shared is not None:
            self._place_shared(node, fields, objects, fresh, position)
            return None
        elif not (node.lifts and _lift(node, fields, target)):
            self._append(node, fields, target, position)
            objects[node.item_depth] = fields
            return fresh if node.mode is LIST else fields
        return fresh

    def _place_shared(
        self, node: Node, fields: Fields, objects: list[Any], fresh: Fields | None, position: int
    ) -> None:
        outer = node.shared
        assert outer is not None
        item = objects[node.depth] or {}
        if fresh is not None and item is fresh:
            item.update(fields)
            return
        fields = {key: item[key] for key in shared_keys(outer) if key in item} | fields
        self._append(node, fields, objects[outer.depth], position)
        objects[node.item_depth] = fields

    def _off_the_path(self, here: Node, text: str, position: int, current: Fields) -> Step | None:
        elements = text.split(self._separator)
        tag = elements[0]
        step = here.steps.get(tag)
        if step is None:
            current.setdefault("unknown", []).append(elements)
            self._report_once(Finding("unknown_segment", position, None, tag, tag))
        elif step.in_order:
            self._report_missing(step, position)
        else:
            self._report_once(Finding("segment_out_of_order", position, None, tag, tag))
        return step

    def _report_elements(self, problems: list[Problem], node: Node, position: int) -> None:
        for code, element, value in problems:
            finding = Finding(code, position, element, value, node.tag, node.loop)
            if code == "unknown_code":
                self._report_once(finding)
            else:
                self._report(finding)
        problems.clear()


def _lift(node: Node, fields: Fields, target: Fields) -> bool:
    """Make a field of its own of a plain qualifier and value pair, where the layout says so."""
    key = node.lifts.get(fields.get("qualifier", ""))
    if key is None or len(fields) != 2 or node.key in target or key in target:
        return False
    value = fields.get("value")
    if value is None:
        return False
    target[key] = value
    return True


def shared_keys(outer: Node) -> frozenset[str]:
    """The keys that an LX and what stands between it and its detail give to each line."""
    keys = outer.field_keys()
    for child in outer.children:
        if child.shared is None:
            keys |= child.own_keys()
    return frozenset(keys)
