"""Bytes → interchanges with their groups, sets and documents, and everything that is wrong.

Nothing is raised for bad input: bytes that hold no interchange give a `Reading` without one.
"""

import re

from integrations.formats.garbage import collector_paused
from integrations.formats.source import Source, decode
from integrations.formats.x12.collect import Collector
from integrations.formats.x12.delimiters import BLANKS, Header, next_header
from integrations.formats.x12.interchange import Interchange, Reading
from integrations.formats.x12.profile import DEFAULT, Profile
from integrations.formats.x12.text import interchange_end, split_segments
from integrations.formats.x12.walk import OnSet, Walk

_EDIFACT = re.compile(r"UNB[^A-Za-z0-9\s]")


def read(data: bytes, profile: Profile = DEFAULT, *, on_set: OnSet | None = None) -> Reading:
    """Read a file of any number of interchanges, each with delimiters of its own.

    With `on_set` each finished set is handed over instead of being kept, so that a large file does
    not need the memory for all its documents at once.
    """
    reader = _Reader(profile, on_set)
    with collector_paused():
        reader.read(data)
    return Reading(reader.interchanges, reader.collector.issues)


class _Reader:
    def __init__(self, profile: Profile, on_set: OnSet | None):
        self.profile = profile
        self.on_set = on_set
        self.collector = Collector(profile)
        self.interchanges: list[Interchange] = []
        self.sets_read = 0
        self._controls: set[tuple[str, ...]] = set()

    def read(self, data: bytes) -> None:
        if len(data) > self.profile.max_bytes:
            self.collector.issue("too_large", value=str(len(data)))
            return
        source = decode(data, fallback=self.profile.charset)
        refusal = self._refuse(source)
        if refusal is not None:
            self.collector.issue(refusal)
            return
        if source.skipped:
            self.collector.issue("bom")
        if source.encoding != "utf-8":
            self.collector.issue("charset_fallback", value=source.encoding)
        self._read_interchanges(source)

    def _refuse(self, source: Source) -> str | None:
        text = source.text.strip(BLANKS)
        if not text:
            return "empty_input"
        header = next_header(source.text, 0)
        if header is None:
            return "lowercase_isa" if text[:3] == "isa" else "not_an_interchange"
        if source.text.count(header.delimiters.segment) > self.profile.max_segments:
            return "too_many_segments"
        return None

    def _read_interchanges(self, source: Source) -> None:
        text, place = source.text, 0
        while (header := next_header(text, place)) is not None:
            self._between(text[place : header.start], last=False)
            if self.sets_read > self.profile.max_sets:
                self._give_up()
                return
            place = self._read_interchange(source, header)
        self._between(text[place:], last=True)

    def _give_up(self) -> None:
        self.interchanges.clear()
        self.collector.issues.clear()
        self.collector.issue("too_many_sets", value=str(self.sets_read))

    def _between(self, between: str, *, last: bool) -> None:
        junk = between.strip(BLANKS)
        if last and "\x1a" in between:
            self.collector.issue("end_of_file_character")
        if not junk:
            if not last and (" " in between or "\t" in between):
                self.collector.issue("indented")
            return
        lines = self._looks_like_segments(junk)
        self.collector.issue(
            "segment_outside_interchange" if lines else "junk_outside_interchange", value=junk
        )

    def _looks_like_segments(self, junk: str) -> bool:
        separators = {i.delimiters.element for i in self.interchanges} | {"*"}
        tags = ("ISA", "IEA", "GS", "GE", "ST", "SE")
        own = any(tag + separator in junk for tag in tags for separator in separators)
        return own or _EDIFACT.search(junk) is not None

    def _read_interchange(self, source: Source, header: Header) -> int:
        end = interchange_end(source.text, header.end, header.delimiters)
        parts, oddities = split_segments(source.text[header.end : end], header.delimiters.segment)
        separator = header.delimiters.element
        isa = separator.join(header.elements)
        interchange = Interchange(
            len(self.interchanges), header.elements, header.delimiters, [isa, *parts], source,
            header.start, header.end,
        )  # fmt: skip
        self.collector.interchange = interchange.index
        self.interchanges.append(interchange)
        self._report_oddities(header, parts, oddities)
        if oversized := self._oversized(parts, separator):
            value = parts[oversized - 1]
            self.collector.issue("oversized_segment", segment_no=oversized + 1, value=value)
            return end
        walk = Walk(self.collector, interchange, self.on_set)
        walk.walk()
        self.sets_read += walk.sets_read
        return end

    def _oversized(self, parts: list[str], separator: str) -> int | None:
        """The number of a segment whose elements would take all the memory there is."""
        most = self.profile.max_elements
        for number, part in enumerate(parts, 1):
            if len(part) >= most and part.count(separator) > most:
                return number
        return None

    def _report_oddities(self, header: Header, parts: list[str], oddities: frozenset[str]) -> None:
        for code, value in header.oddities:
            self.collector.issue(code, segment_no=1, value=value)
        reported = {code for code, _ in header.oddities}
        if "unterminated" in oddities:
            whole = parts[-1].startswith("IEA" + header.delimiters.element)
            code = "final_terminator_missing" if whole else "unterminated_segment"
            self.collector.issue(code, segment_no=len(parts) + 1, value=parts[-1])
        for code in sorted(oddities - {"unterminated"} - reported):
            self.collector.issue(code)
        used = [character for character in header.delimiters if character]
        if len(set(used)) < len(used):
            self.collector.issue("delimiters_not_distinct", segment_no=1, value="".join(used))
        self._report_duplicate(header)

    def _report_duplicate(self, header: Header) -> None:
        elements = [element.strip() for element in header.elements]
        key = (*elements[5:9], elements[13].lstrip("0"))
        if key in self._controls:
            self.collector.issue("duplicate_interchange_control", segment_no=1, value=elements[13])
        self._controls.add(key)
