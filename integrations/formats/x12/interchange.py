"""What the reader makes of a file: interchanges, groups, sets, and their places in the bytes."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from integrations.formats.source import ByteRange, Source
from integrations.formats.x12.delimiters import BLANKS
from integrations.formats.x12.issues import Issue, worst
from integrations.formats.x12.profile import Delimiters


@dataclass(slots=True)
class TransactionSet:
    """One ST…SE. `first` and `end` are indexes into the interchange's segments.

    `declared_segments` is SE01, None where it is missing or no number.
    """

    type: str
    control: str
    first: int
    end: int
    declared_segments: int | None
    document: dict[str, Any]

    @property
    def segment_count(self) -> int:
        return self.end - self.first


@dataclass(slots=True)
class Group:
    """One GS…GE. `header` and `trailer` are their elements, empty where the segment is missing."""

    header: list[str]
    first: int
    sets: list[TransactionSet] = field(default_factory=list)
    trailer: list[str] = field(default_factory=list)

    def _header(self, position: int) -> str:
        return self.header[position].strip() if len(self.header) > position else ""

    @property
    def functional_id(self) -> str:
        return self._header(1)

    @property
    def control(self) -> str:
        return self._header(6)

    @property
    def version(self) -> str:
        return self._header(8)


@dataclass
class Interchange:
    """One ISA…IEA. `parts` are its segments as text, the ISA first."""

    index: int
    header: tuple[str, ...]
    delimiters: Delimiters
    parts: list[str]
    source: Source
    start: int
    body: int
    groups: list[Group] = field(default_factory=list)
    acknowledgements: list[dict[str, Any]] = field(default_factory=list)
    trailer: list[str] = field(default_factory=list)

    @property
    def sender(self) -> str:
        return self.header[6].strip()

    @property
    def receiver(self) -> str:
        return self.header[8].strip()

    @property
    def control(self) -> str:
        return self.header[13].strip()

    def segments(self, transaction: TransactionSet) -> list[list[str]]:
        """The set's segments as lists of elements, tag first."""
        separator = self.delimiters.element
        return [part.split(separator) for part in self.parts[transaction.first : transaction.end]]

    def byte_range(self, segment: int, element: int | None = None) -> ByteRange:
        """Where a segment (0 is the ISA) or one of its elements (0 is the tag) stands in the file.

        The range leaves the terminator out; IndexError for a segment or element that is not there.
        """
        first, last = self._ranges[segment]
        if element is not None:
            raw = self.source.text[first:last]
            values = raw.split(self.delimiters.element)
            first += sum(len(value) + 1 for value in values[:element])
            last = first + len(values[element])
        return self.source.byte_offset(first), self.source.byte_offset(last)

    def locate(self, issue: Issue) -> ByteRange | None:
        """The bytes an issue is about, None where it is about no segment."""
        if issue.segment_no is None:
            return None
        first = 0
        try:
            if issue.set is not None and issue.group is not None:
                first = self.groups[issue.group].sets[issue.set].first
            return self.byte_range(first + issue.segment_no - 1, issue.element)
        except IndexError:
            return None

    def raw(self, first: int, end: int) -> bytes:
        """The verbatim bytes of the segments `first` up to `end`, terminators included."""
        place = self._ranges[first][0]
        stop = self._ranges[end][0] if end < len(self._ranges) else self._end
        offset = self.source.byte_offset
        return self.source.data[offset(place) : offset(stop)]

    @cached_property
    def _ranges(self) -> list[ByteRange]:
        """Character ranges of the segments, found only when a screen asks for them."""
        text, terminator, place = self.source.text, self.delimiters.segment, self.body
        isa = text[self.start : self.body].rstrip(BLANKS).removesuffix(terminator)
        ranges = [(self.start, self.start + len(isa))]
        while len(ranges) < len(self.parts) and place <= len(text):
            stop = text.find(terminator, place)
            stop = len(text) if stop < 0 else stop
            raw = text[place:stop]
            kept = raw.strip(BLANKS)
            if kept:
                first = place + raw.index(kept)
                ranges.append((first, first + len(kept)))
            place = stop + 1
        self._end = min(place, len(text))
        return ranges

    _end: int = 0


@dataclass(slots=True)
class Reading:
    """All that was read from one input. `verdict` is accept, warn, quarantine or reject."""

    interchanges: list[Interchange]
    issues: list[Issue]

    @property
    def verdict(self) -> str:
        severity = worst(issue.severity for issue in self.issues)
        return "accept" if severity == "info" else severity

    def sets(self) -> list[tuple[Interchange, Group, TransactionSet]]:
        """Every set with the group and the interchange it came in, in the order of the file."""
        return [(i, g, s) for i in self.interchanges for g in i.groups for s in g.sets]
