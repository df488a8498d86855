"""A neutral document → the segments of its message, by the same table the reader uses."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from integrations.formats.edifact.characters import fit
from integrations.formats.edifact.documents import SECTION_CONTROL, SUMMARY
from integrations.formats.edifact.elements import NUMERIC
from integrations.formats.edifact.finish import complete_counts
from integrations.formats.edifact.grammar import FLAT, OBJECT, Node, grammar
from integrations.formats.edifact.profile import Profile
from integrations.formats.edifact.segments import Component, SegmentSpec
from integrations.formats.edifact.values import (
    as_text,
    flaw,
    is_shown,
    sent_date,
    sent_number,
    shown_date,
    shown_number,
)
from integrations.formats.findings import Issue

Document = dict[str, Any]

_DATED = "DTM"
_FIRST_LONG_DIRECTORY = 2001


class Place(NamedTuple):
    """Where in a message an issue is."""

    tag: str
    element: int | None = None
    component: int | None = None
    loop: str = ""


@dataclass
class MessageWriter:
    """Writes one message. `lines` are its segments without terminators; `issues` what is wrong."""

    message_type: str
    control: str
    profile: Profile
    index: int = 0
    lines: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def write(self, document: Document) -> list[str]:
        """The segments UNH to UNT. A message without a table gives none and an issue."""
        root = grammar(self.message_type)
        if root is None:
            self._issue("unknown_set", Place("UNH"), self.message_type)
            return []
        version = self.profile.version_of(self.message_type)
        self._new_lengths = directory_year(version) >= _FIRST_LONG_DIRECTORY
        reference = self._fit(Place("UNH", 1), self.control)
        identity = [self.message_type, *version.split(":")]
        fitted = [self._fit(Place("UNH", 2, n), text) for n, text in enumerate(identity, 1)]
        self._add("UNH", [[reference], fitted])
        self._write_children(root, complete_counts(self.message_type, document))
        self._add("UNT", [[str(len(self.lines) + 1)], [reference]])
        return self.lines

    def _issue(self, code: str, place: Place, value: str = "") -> None:
        severity = self.profile.writing_severity(code)
        at = (0, 0, self.index, len(self.lines) + 1, place.element)
        self.issues.append(
            Issue(code, severity, *at, value[:80], place.tag, place.loop, place.component)
        )

    def _fit(self, place: Place, text: str) -> str:
        fitted, codes = fit(text, self.profile)
        for code in codes:
            self._issue(code, place, text)
        return fitted

    def _add(self, tag: str, elements: list[list[str]]) -> None:
        delimiters = self.profile.delimiters
        joined = [delimiters.component.join(_trimmed(element)) for element in elements]
        self.lines.append(delimiters.element.join((tag, *_trimmed(joined))))

    def _write_children(self, parent: Node, container: Document) -> None:
        self._report_strangers(container, known_keys(parent), parent.tag)
        for node in parent.children:
            if node.tag == SECTION_CONTROL:
                if node.required:
                    self._add(node.tag, [[SUMMARY]])
            elif node.mode is FLAT:
                self._write_merged(node, container)
            elif node.mode is OBJECT:
                self._write_merged(node, container.get(node.key) or {})
            else:
                self._write_list(node, container.get(node.key) or [])

    def _write_merged(self, node: Node, container: Document) -> None:
        if node.mode is OBJECT:
            self._report_strangers(container, frozenset({*node.spec.names, node.more}), node.tag)
        if node.required or not container.keys().isdisjoint(node.spec.names):
            self._write_segment(node, container)
        more = container.get(node.more, [])
        if len(more) >= node.max:
            self._issue("segment_max_use", _place(node), str(len(more) + 1))
        for fields in more:
            self._report_strangers(fields, frozenset(node.spec.names), node.tag)
            self._write_segment(node, fields)

    def _write_list(self, node: Node, items: list[Document]) -> None:
        if node.required and not items:
            self._issue("segment_missing", _place(node))
        if len(items) > node.max:
            code = "loop_max_use" if node.children else "segment_max_use"
            self._issue(code, _place(node), str(len(items)))
        for item in items:
            self._write_segment(node, item)
            self._write_children(node, item)

    def _write_segment(self, node: Node, fields: Document) -> None:
        values = self._dated(fields) if node.tag == _DATED else fields
        elements = []
        for element in node.spec.elements:
            elements.append([self._component(node, c, values.get(c.name)) for c in element])
        self._keep_extra(node.spec, fields, elements)
        self._add(node.tag, elements)

    def _dated(self, fields: Document) -> Document:
        """The value in the format DTM names; a format is named for ISO dates without one."""
        value, kind = sent_date(as_text(fields.get("value")), as_text(fields.get("format")))
        if is_shown(kind) and shown_date(value, kind) is None and value:
            self._issue("date_invalid", Place(_DATED, 1, 2), value)
        return {**fields, "value": value, "format": kind}

    def _component(self, node: Node, component: Component, given: object) -> str:
        value = as_text(given)
        holds, place = (
            component.holds,
            Place(node.tag, component.element, component.number, node.loop),
        )
        if not value:
            if component.required:
                self._issue("element_missing", place)
            return ""
        if holds.type in NUMERIC:
            value = sent_number(value)
        longest = holds.longest_01b if self._new_lengths else holds.longest
        if code := flaw(holds, value, longest=longest):
            self._issue(code, place, value)
        if holds.codes and value not in holds.codes | self._agreed(holds.number):
            self._issue("unknown_code", place, value)
        if self.profile.delimiters.decimal == "," and _is_number(component, value):
            value = value.replace(".", ",")
        return self._fit(place, value)

    def _agreed(self, number: str) -> frozenset[str]:
        return self.profile.codes.get(number, frozenset())

    def _keep_extra(self, spec: SegmentSpec, fields: Document, elements: list[list[str]]) -> None:
        """Values the table has no name for, kept by the reader as TAG_element_component."""
        for key, given in fields.items():
            place = extra_place(key, spec.tag)
            if place is None:
                continue
            element, component = place
            elements.extend([] for _ in range(element - len(elements)))
            values = elements[element - 1]
            values.extend([""] * (component - len(values)))
            values[component - 1] = self._fit(Place(spec.tag, element, component), as_text(given))

    def _report_strangers(self, fields: Document, known: frozenset[str], tag: str) -> None:
        for key in fields.keys() - known:
            if extra_place(key, tag) is None:
                self._issue("field_not_written", Place(tag), key)

    _new_lengths: bool = False


def directory_year(version: str) -> int:
    """The year of a directory: "D:96A:UN" → 1996, "D:01B:UN" → 2001; 0 where it names none."""
    release = version.split(":")[1] if ":" in version else ""
    if len(release) != 3 or not release[:2].isdigit():
        return 0
    year = int(release[:2])
    return year + (1900 if year > 80 else 2000)


def extra_place(key: str, tag: str) -> tuple[int, int] | None:
    """The element and component a key such as BGM_05_1 names, None for another key."""
    found, *numbers = key.split("_")
    if found != tag or len(numbers) != 2 or not all(n.isascii() and n.isdigit() for n in numbers):
        return None
    element, component = map(int, numbers)
    return (element, component) if 0 < element < 100 and 0 < component < 100 else None


def _trimmed(values: list[str]) -> list[str]:
    """Without empty values at the end."""
    while values and not values[-1]:
        values = values[:-1]
    return values


def _is_number(component: Component, value: str) -> bool:
    return component.holds.type in NUMERIC or (
        component.holds.type == "r" and shown_number(value) is not None
    )


def _place(node: Node) -> Place:
    return Place(node.tag, loop=node.loop)


@cache
def known_keys(parent: Node) -> frozenset[str]:
    """All keys the children of a node, and the node itself, may have in their object."""
    keys = set(parent.spec.names)
    for child in parent.children:
        keys |= child.own_keys()
    return frozenset(keys)
