"""A neutral document → the segments of its set, by the same table the reader uses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from integrations.formats.x12.characters import fit
from integrations.formats.x12.documents import shared_keys
from integrations.formats.x12.elements import NUMERIC, Element
from integrations.formats.x12.grammar import FLAT, OBJECT, SHARED, Node, grammar, walk
from integrations.formats.x12.issues import Issue
from integrations.formats.x12.profile import Delimiters, Profile
from integrations.formats.x12.totals import complete_totals
from integrations.formats.x12.values import flaw, sent_date, sent_number, sent_time

Document = dict[str, Any]

# Made from other fields when a set is read, so there is nothing to write for them.
_DERIVED = {"856": frozenset({"lines"})}
_NEW_LENGTHS = "005010"


@dataclass
class SetWriter:
    """Writes one set. `lines` are its segments without terminators; `issues` says what is wrong."""

    set_type: str
    control: str
    profile: Profile
    index: int = 0
    lines: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def write(self, document: Document) -> list[str]:
        """The segments ST to SE. A set without a table gives none and an issue."""
        root = grammar(self.set_type)
        if root is None:
            self._issue("unknown_set", "ST", None, self.set_type)
            return []
        self._add("ST", [self.set_type, self.control])
        basis = self.profile.w76_basis
        document = complete_totals(self.set_type, document, w76_basis=basis, missing=self._missing)
        self._write_children(root, document)
        self._add("SE", [str(len(self.lines) + 1), self.control])
        return self.lines

    @property
    def delimiters(self) -> Delimiters:
        return self.profile.delimiters

    def _missing(self, code: str, value: str) -> None:
        self._issue(code, "", None, value)

    def _issue(self, code: str, tag: str, element: int | None, value: str, loop: str = "") -> None:
        severity = self.profile.writing_severity(code)
        number = len(self.lines) + 1
        self.issues.append(
            Issue(code, severity, 0, 0, self.index, number, element, value[:80], tag, loop)
        )

    def _add(self, tag: str, values: list[str]) -> None:
        while values and not values[-1]:
            values.pop()
        self.lines.append(self.delimiters.element.join((tag, *values)))

    def _write_children(self, parent: Node, container: Document) -> None:
        self._report_unknown(parent, container)
        for node in parent.children:
            if node.mode == FLAT:
                self._write_merged(node, container)
            elif node.mode == OBJECT:
                self._write_object(node, container)
            elif node.shared is not None:
                self._write_segment(node, container)
                self._write_children(node, container)
            else:
                self._write_list(node, container)

    def _write_merged(self, node: Node, container: Document) -> None:
        if node.required or not container.keys().isdisjoint(written_keys(node)):
            self._write_segment(node, container)
        more = container.get(node.more, [])
        if len(more) >= node.max:
            self._issue("segment_max_use", node.tag, None, str(len(more) + 1), node.loop)
        for fields in more:
            self._report_strangers(fields, written_keys(node), node.tag)
            self._write_segment(node, fields)

    def _write_object(self, node: Node, container: Document) -> None:
        inner = container.get(node.key, {})
        self._write_merged(node, inner)
        if next(_same_object(node)) is node:
            self._report_strangers(inner, object_keys(node), node.tag)

    def _write_list(self, node: Node, container: Document) -> None:
        items = container.get(node.key, [])
        if len(items) > node.max:
            code = "loop_max_use" if node.children else "segment_max_use"
            self._issue(code, node.tag, None, str(len(items)), node.loop)
        if node.lifts:
            self._write_lifted(node, container)
        elif node.mode == SHARED:
            self._write_shared(node, items)
        elif items and not _taken_by_shared(node):
            for item in items:
                self._write_segment(node, item)
                self._write_children(node, item)

    def _write_lifted(self, node: Node, container: Document) -> None:
        """Lifted fields and list in the order the document names them, as they were read."""
        qualifiers = {key: qualifier for qualifier, key in node.lifts.items()}
        for key, value in container.items():
            if key in qualifiers:
                self._write_segment(node, {"qualifier": qualifiers[key], "value": value})
            elif key == node.key:
                for item in value:
                    self._write_segment(node, item)
                    self._write_children(node, item)

    def _write_shared(self, node: Node, items: list[Document]) -> None:
        keys = shared_keys(node)
        previous: Document | None = None
        detail = next(child for child in node.children if child.shared is node)
        for item in items:
            outer = {key: item[key] for key in item if key in keys}
            inner = {key: item[key] for key in item if key not in keys}
            headless = not outer and not node.spec.required
            if (outer != previous or not inner) and not headless:
                self._write_segment(node, outer)
                for child in node.children:
                    if child is not detail:
                        self._write_one(child, outer)
            previous = outer
            if inner:
                self._write_segment(detail, inner)
                self._write_children(detail, inner)

    def _write_one(self, node: Node, container: Document) -> None:
        if node.mode == FLAT:
            self._write_merged(node, container)
        elif node.mode == OBJECT:
            self._write_object(node, container)
        else:
            self._write_list(node, container)

    def _write_segment(self, node: Node, fields: Document) -> None:
        spec = node.spec
        values = [_text(fields.get(name)) if name else "" for name in spec.names]
        if spec.pairs:
            self._fill_pairs(node, fields, values)
        for i, element in enumerate(spec.elements):
            value = values[i]
            if value:
                values[i] = self._value(node, i + 1, element, value)
            elif i + 1 in spec.required:
                self._issue("element_missing", node.tag, i + 1, "", node.loop)
        self._keep_extra(node, fields, values)
        self._add(node.tag, values)

    def _fill_pairs(self, node: Node, fields: Document, values: list[str]) -> None:
        for key in dict.fromkeys(pair.key for pair in node.spec.pairs):
            slots = [pair for pair in node.spec.pairs if pair.key == key]
            held = fields.get(key) or {}
            if len(held) > len(slots):
                self._issue("too_many_ids", node.tag, slots[-1].value, str(len(held)), node.loop)
            for pair, (qualifier, value) in zip(slots, held.items(), strict=False):
                values[pair.qualifier - 1] = qualifier.partition(":")[0]
                values[pair.value - 1] = _text(value)

    def _keep_extra(self, node: Node, fields: Document, values: list[str]) -> None:
        """Elements the table has no name for, kept by the reader as TAG_nn."""
        for key in fields:
            tag, _, position = key.partition("_")
            if tag == node.tag and position.isdigit() and key not in node.spec.names:
                place = int(position)
                values.extend([""] * (place - len(values)))
                text, codes = fit(str(fields[key]), self.profile, self.delimiters)
                values[place - 1] = text
                for code in codes:
                    self._issue(code, node.tag, place, text, node.loop)

    def _value(self, node: Node, position: int, element: Element, value: str) -> str:
        text = value
        convert = _SENT.get(element.type)
        if convert is not None:
            text = convert(text)
        elif element.type in NUMERIC:
            text = sent_number(text, element.type)
        elif element.type == "C":
            return self._composite(node, position, text)
        text, codes = fit(text, self.profile, self.delimiters)
        longest = element.longest_5010 if self.profile.version >= _NEW_LENGTHS else element.longest
        if code := flaw(element, text, longest=longest):
            codes.append(code)
        if not self._known_code(element, text):
            codes.append("unknown_code")
        for code in codes:
            self._issue(code, node.tag, position, value, node.loop)
        return text

    def _known_code(self, element: Element, text: str) -> bool:
        agreed = self.profile.codes.get(element.number, ())
        return not element.codes or text in element.codes or text in agreed

    def _composite(self, node: Node, position: int, text: str) -> str:
        """Components are separated by a colon in a document, whatever the interchange uses."""
        components = [fit(c, self.profile, self.delimiters) for c in text.split(":")]
        for _, codes in components:
            for code in codes:
                self._issue(code, node.tag, position, text, node.loop)
        return self.delimiters.component.join(component for component, _ in components)

    def _report_unknown(self, parent: Node, container: Document) -> None:
        known = known_keys(parent) | _DERIVED.get(self.set_type, frozenset())
        self._report_strangers(container, known, parent.tag)

    def _report_strangers(self, fields: Document, known: frozenset[str], tag: str) -> None:
        for key in fields.keys() - known:
            if not _is_extra(key):
                self._issue("field_not_written", tag, None, key)


_SENT: dict[str, Callable[[str], str]] = {"DT": sent_date, "TM": sent_time}


def _text(value: Any) -> str:
    """Trailing spaces carry nothing in X12 and are left out (X12.6 3.5.1.4)."""
    if value is None:
        return ""
    return (f"{value:f}" if isinstance(value, Decimal) else str(value)).rstrip(" ")


def _is_extra(key: str) -> bool:
    tag, _, position = key.partition("_")
    return position.isdigit() and tag.isupper()


def _taken_by_shared(node: Node) -> bool:
    """Whether an earlier SHARED loop already wrote this list (RMR without its ENT in an 820)."""
    siblings = node.parent.children if node.parent else []
    return any(other.mode == SHARED and other.key == node.key for other in siblings)


@cache
def written_keys(node: Node) -> frozenset[str]:
    return frozenset(node.field_keys())


@cache
def object_keys(node: Node) -> frozenset[str]:
    """All keys of the object a node writes to: others may write to the same one."""
    return frozenset(
        key for other in _same_object(node) for key in (*other.field_keys(), other.more)
    )


def _same_object(node: Node) -> Iterator[Node]:
    siblings = node.parent.children if node.parent else []
    return (other for other in siblings if other.mode == OBJECT and other.key == node.key)


@cache
def known_keys(parent: Node) -> frozenset[str]:
    """All keys the children of a node, and the node itself, may have in their object."""
    keys = set(parent.field_keys()) | {"eaches"}
    for child in parent.children:
        keys |= child.own_keys()
        if child.shared is not None:
            keys |= {key for inner in walk(child) for key in inner.own_keys()}
    return frozenset(keys)
