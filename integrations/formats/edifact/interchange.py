"""What the reader makes of a file: interchanges, groups, messages, and their places in the bytes."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from integrations.formats.edifact.issues import Issue
from integrations.formats.edifact.profile import Delimiters
from integrations.formats.edifact.text import Masking, Range, piece_range, segment_ranges
from integrations.formats.findings import verdict
from integrations.formats.source import ByteRange, Source

Elements = list[list[str]]  # a segment's elements, the tag first, each as its components


@dataclass(slots=True)
class Message:
    """One UNH…UNT. `first` and `end` are indexes into the interchange's segments.

    `version` is what UNH says after the type, such as D:96A:UN:EAN008. `declared_segments` is what
    UNT counts, None where it is missing or no number.
    """

    type: str
    control: str
    version: str
    first: int
    end: int
    declared_segments: int | None
    document: dict[str, Any]

    @property
    def segment_count(self) -> int:
        return self.end - self.first


@dataclass(slots=True)
class Group:
    """One UNG…UNE, or the messages of an interchange without groups, which have no `header`."""

    header: Elements
    first: int
    sets: list[Message] = field(default_factory=list)
    trailer: Elements = field(default_factory=list)

    @property
    def functional_id(self) -> str:
        return component(self.header, 1)

    @property
    def control(self) -> str:
        return component(self.header, 5)

    @property
    def version(self) -> str:
        return ":".join(self.header[7]) if len(self.header) > 7 else ""


@dataclass
class Interchange:
    """One UNB…UNZ. `parts` are its segments as text, released characters masked, the UNB first."""

    index: int
    header: Elements
    delimiters: Delimiters
    parts: list[str]
    masking: Masking | None
    source: Source
    body: int
    end: int
    groups: list[Group] = field(default_factory=list)
    trailer: Elements = field(default_factory=list)

    @property
    def syntax(self) -> str:
        return component(self.header, 1)

    @property
    def syntax_version(self) -> str:
        return component(self.header, 1, 1)

    @property
    def sender(self) -> str:
        return component(self.header, 2)

    @property
    def sender_qualifier(self) -> str:
        return component(self.header, 2, 1)

    @property
    def receiver(self) -> str:
        return component(self.header, 3)

    @property
    def receiver_qualifier(self) -> str:
        return component(self.header, 3, 1)

    @property
    def control(self) -> str:
        return component(self.header, 5)

    @property
    def wants_contrl(self) -> bool:
        return component(self.header, 9) == "1"

    @property
    def test(self) -> bool:
        return component(self.header, 11) == "1"

    def elements(self, index: int) -> Elements:
        """The segment at an index of `parts`, taken apart and unmasked."""
        return take_apart(self.parts[index], self.delimiters, self.masking)

    def segments(self, message: Message) -> list[Elements]:
        return [self.elements(index) for index in range(message.first, message.end)]

    def byte_range(
        self, segment: int, element: int | None = None, part: int | None = None
    ) -> ByteRange:
        """Where a segment (0 is the UNB), one of its elements (0 is the tag) or a component
        (`part`, from 1) stands in the file.

        The range leaves the terminator out; IndexError for what is not there.
        """
        first, last = self._ranges[segment]
        raw = self.source.text[first:last]
        for number, sign in (
            (element, self.delimiters.element),
            (None if part is None else part - 1, self.delimiters.component),
        ):
            if number is not None:
                start, stop = piece_range(raw, number, sign, self.delimiters)
                first, raw = first + start, raw[start:stop]
        return self.source.byte_offset(first), self.source.byte_offset(first + len(raw))

    def locate(self, issue: Issue) -> ByteRange | None:
        """The bytes an issue is about, None where it is about no segment.

        What is missing is shown where the next greater thing around it stands.
        """
        if issue.segment_no is None:
            return None
        first = 0
        places = ((issue.element, issue.component), (issue.element, None), (None, None))
        for element, part in places:
            try:
                if issue.set is not None and issue.group is not None:
                    first = self.groups[issue.group].sets[issue.set].first
                return self.byte_range(first + issue.segment_no - 1, element, part)
            except IndexError:
                continue
        return None

    def raw(self, first: int, end: int) -> bytes:
        """The verbatim bytes of the segments `first` up to `end`, terminators included."""
        place = self._ranges[first][0]
        stop = self._ranges[end][0] if end < len(self._ranges) else self.end
        offset = self.source.byte_offset
        return self.source.data[offset(place) : offset(stop)]

    @cached_property
    def _ranges(self) -> list[Range]:
        """Character ranges of the segments, found only when a screen asks for them."""
        return segment_ranges(self.source.text, self.body, self.end, self.delimiters)


@dataclass(slots=True)
class Reading:
    """All that was read from one input. `verdict` is accept, warn, quarantine or reject."""

    interchanges: list[Interchange]
    issues: list[Issue]

    @property
    def verdict(self) -> str:
        return verdict(self.issues)

    def sets(self) -> list[tuple[Interchange, Group, Message]]:
        """Every message with the group and the interchange it came in, in the order of the file."""
        return [(i, g, s) for i in self.interchanges for g in i.groups for s in g.sets]


def component(elements: Elements, element: int, number: int = 0) -> str:
    """A component of a segment taken apart, "" where there is none."""
    if len(elements) <= element or len(elements[element]) <= number:
        return ""
    return elements[element][number].strip()


def take_apart(text: str, delimiters: Delimiters, masking: Masking | None) -> Elements:
    elements = [part.split(delimiters.component) for part in text.split(delimiters.element)]
    if masking is None or not masking.found.search(text):
        return elements
    return [[masking.undo(value) for value in element] for element in elements]
