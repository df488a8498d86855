"""The segments of one message → its neutral document, checked against the message's table.

A document is made of dicts, lists and strings only. Its keys come from the segment names and the
layout. What the table does not know is kept under "unknown", as [tag, [component, …], …].
"""

from typing import Any

from integrations.formats.edifact.fields_reader import Fields, Problem, Readers
from integrations.formats.edifact.grammar import OBJECT, Node, Step, grammar
from integrations.formats.edifact.interchange import Interchange
from integrations.formats.filing import Filing, ignore
from integrations.formats.findings import Finding, Report

Document = dict[str, Any]

_SHORT = 40
_MOST_REMEMBERED = 4096
_DEEPEST = 10
# Directories before D.96A mark the beginning of the lines, too, which their first segment shows.
SECTION_CONTROL, DETAIL, SUMMARY = "UNS", "D", "S"

ENVELOPE_TAGS = frozenset({"UNB", "UNG", "UNH", "UNT", "UNE", "UNZ"})


class DocumentReader(Filing):
    """Reads the messages of one interchange, one after the other.

    Short segments that come again and again (dates, references, units) are remembered as fields.
    """

    def __init__(self, interchange: Interchange):
        super().__init__()
        self._interchange = interchange
        self._parts = interchange.parts
        self._readers = Readers(interchange.delimiters, interchange.masking)
        self._remembered: dict[str, tuple[str, Fields]] = {}

    def read(self, message_type: str, first: int, report: Report) -> tuple[Document, int]:
        """The message whose UNH is segment `first` → its document and the index of what ends it.

        `report` takes what is wrong, with positions counted from UNH = 1. A message without a
        table gives {"segments": [[tag, [component, ...], ...], ...]}.
        """
        self._report = report
        self._seen.clear()
        root = grammar(message_type)
        try:
            if root is None:
                return self._read_unknown(message_type, first)
            return self._read(root, first)
        finally:
            self._report = ignore

    def _read(self, root: Node, first: int) -> tuple[Document, int]:
        document: Document = {}
        objects: list[Any] = [document, *[None] * _DEEPEST]
        parts, field_readers, remembered = self._parts, self._readers, self._remembered
        separator = self._interchange.delimiters.element
        problems: list[Problem] = []
        here = root
        # This loop sees every segment of every file: what is common stays in it, flat.
        for index in range(first + 1, len(parts)):
            text = parts[index]
            known = remembered.get(text)
            if known is None:
                tag = text[:3]
                if text[3:4] != separator:
                    tag = self.tag(text)
            else:
                tag, fields = known
                fields = fields.copy()
            before, node = here, here.follow.get(tag)
            if node is not None:
                here = node
            elif tag in ENVELOPE_TAGS:
                self._report_missing(here.steps["UNT"], index - first + 1)
                return document, index
            else:
                current = objects[here.item_depth if here.children else here.depth]
                step = self._off_the_path(here, tag, index, index - first + 1, current)
                if step is None:
                    continue
                node = step.node
                if step.in_order or node.children:
                    here = node
            if known is None:
                fields = field_readers[tag].read(text, problems)
                if problems:
                    self._report_values(problems, node, index - first + 1)
                elif len(text) < _SHORT and len(remembered) < _MOST_REMEMBERED:
                    remembered[text] = (tag, fields.copy())
            target = objects[node.depth]
            if node.key:
                if node.mode is OBJECT:
                    self._merge(node, fields, target.setdefault(node.key, {}), index - first + 1)
                else:
                    self._append(node, fields, target, index - first + 1)
                    objects[node.item_depth] = fields
            elif tag == SECTION_CONTROL:
                if fields.get("section") == DETAIL:
                    here = before
                else:
                    self._check_section(fields, node, index - first + 1)
            else:
                self._merge(node, fields, target, index - first + 1)
        self._report_missing(here.steps["UNT"], len(parts) - first + 1)
        return document, len(parts)

    def _read_unknown(self, message_type: str, first: int) -> tuple[Document, int]:
        self._report(Finding("unknown_set", 1, 2, message_type, "UNH", component=1))
        segments: list[list[Any]] = []
        for index in range(first + 1, len(self._parts)):
            if self.tag(self._parts[index]) in ENVELOPE_TAGS:
                return {"segments": segments}, index
            segments.append(self._kept(index))
        return {"segments": segments}, len(self._parts)

    def tag(self, text: str) -> str:
        """The tag of a segment. One may be followed by the numbers of its nesting: LIN:1:2."""
        delimiters = self._interchange.delimiters
        return text.partition(delimiters.element)[0].partition(delimiters.component)[0]

    def _kept(self, index: int) -> list[Any]:
        elements = self._interchange.elements(index)
        return [elements[0][0], *elements[1:]]

    def _check_section(self, fields: Fields, node: Node, position: int) -> None:
        """UNS+S holds nothing but that the summary begins."""
        if fields.get("section", SUMMARY) != SUMMARY:
            value = fields["section"]
            self._report_once(Finding("unknown_code", position, 1, value, node.tag, component=1))

    def _off_the_path(
        self, here: Node, tag: str, index: int, position: int, current: Fields
    ) -> Step[Node] | None:
        step = here.steps.get(tag)
        if step is None:
            current.setdefault("unknown", []).append(self._kept(index))
            self._report_once(Finding("unknown_segment", position, None, tag, tag))
        elif step.in_order:
            self._report_missing(step, position)
        else:
            self._report_once(Finding("segment_out_of_order", position, None, tag, tag))
        return step

    def _report_values(self, problems: list[Problem], node: Node, position: int) -> None:
        for code, element, component, value in problems:
            finding = Finding(code, position, element, value, node.tag, node.loop, component)
            if code == "unknown_code":
                self._report_once(finding)
            else:
                self._report(finding)
        problems.clear()
