"""Bytes → interchanges with their groups, messages and documents, and everything that is wrong.

Nothing is raised for bad input: bytes that hold no interchange give a `Reading` without one.
"""

import re

from integrations.formats.edifact.collect import Collector
from integrations.formats.edifact.delimiters import BLANKS, Header, next_header
from integrations.formats.edifact.interchange import Interchange, Reading, take_apart
from integrations.formats.edifact.profile import DEFAULT, Profile
from integrations.formats.edifact.text import Split, interchange_end, split_segments
from integrations.formats.edifact.walk import OnSet, Walk
from integrations.formats.garbage import collector_paused
from integrations.formats.source import Source, decode

# Syntax identifier → how its bytes are read. UNOX (ISO 2022) and KECA (Korean) are not.
CHARSETS = {
    "UNOA": "ascii", "UNOB": "ascii", "UNOC": "iso-8859-1", "UNOD": "iso-8859-2",
    "UNOE": "iso-8859-5", "UNOF": "iso-8859-7", "UNOG": "iso-8859-3", "UNOH": "iso-8859-4",
    "UNOI": "iso-8859-6", "UNOJ": "iso-8859-8", "UNOK": "iso-8859-9", "UNOW": "utf-8",
    "UNOY": "utf-8",
}  # fmt: skip
_SERVICE_SEGMENT = re.compile(r"UN[BGHTEZ]\W|ISA([^A-Za-z0-9\s])..\1")  # of X12, too


def looks_like_edifact(data: bytes) -> bool:
    """Whether the file begins as an interchange does, blanks and a byte order mark left out."""
    return data[:200].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith((b"UNA", b"UNB"))


def read(data: bytes, profile: Profile = DEFAULT, *, on_set: OnSet | None = None) -> Reading:
    """Read a file of any number of interchanges, each with delimiters of its own.

    With `on_set` each finished message is handed over instead of being kept, so that a large file
    does not need the memory for all its documents at once.
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
        source = decode(data, fallback="iso-8859-1")
        refusal = self._refuse(source)
        if refusal is not None:
            self.collector.issue(refusal)
            return
        if source.skipped:
            self.collector.issue("bom")
        self._read_interchanges(source)

    def _refuse(self, source: Source) -> str | None:
        if not source.text.strip(BLANKS):
            return "empty_input"
        header = next_header(source.text, 0)
        if header is None:
            return "not_an_interchange"
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
        if junk:
            segments = _SERVICE_SEGMENT.search(junk)
            code = "segment_outside_interchange" if segments else "junk_outside_interchange"
            self.collector.issue(code, value=junk)

    def _read_interchange(self, source: Source, header: Header) -> int:
        delimiters = header.delimiters
        end = interchange_end(source.text, header.body, delimiters)
        self.collector.interchange = len(self.interchanges)
        chunk = self._decoded(source, header, end)
        split = split_segments(chunk, delimiters)
        oversized = self._oversized(split.parts, delimiters.element, delimiters.component)
        unb = take_apart(split.parts[0], delimiters, split.masking) if oversized != 1 else []
        interchange = Interchange(
            len(self.interchanges), unb, delimiters, split.parts, split.masking, source,
            header.body, end,
        )  # fmt: skip
        self.interchanges.append(interchange)
        self._report_oddities(header, split, interchange)
        if oversized is not None:
            value = split.parts[oversized - 1]
            self.collector.issue("oversized_segment", segment_no=oversized, value=value)
            return end
        self._report_duplicate(interchange)
        walk = Walk(self.collector, interchange, self.on_set)
        walk.walk()
        self.sets_read += walk.sets_read
        return end

    def _decoded(self, source: Source, header: Header, end: int) -> str:
        """The interchange in the charset its syntax identifier names.

        Text that is UTF-8 and more than ASCII is read as that whatever it says: ISO 8859 text is
        hardly ever UTF-8 by chance.
        """
        text = source.text[header.body : end]
        syntax = text[4:8]
        charset = CHARSETS.get(syntax)
        if charset is None:
            self.collector.issue("unknown_syntax", segment_no=1, value=syntax)
        if text.isascii() or source.encoding == charset:
            return text
        if source.encoding == "utf-8":
            self.collector.issue("charset_fallback", segment_no=1, value="utf-8")
            return text
        decoded = _decode_again(text, charset or "")
        if decoded is not None:
            return decoded
        fallback = self.profile.charset
        decoded = _decode_again(text, fallback)
        if decoded is None:
            fallback, decoded = source.encoding, text
        self.collector.issue("charset_fallback", segment_no=1, value=fallback)
        return decoded

    def _oversized(self, parts: list[str], *signs: str) -> int | None:
        """The number of a segment whose values would take all the memory there is."""
        most = self.profile.max_elements
        for number, part in enumerate(parts, 1):
            if len(part) >= most and sum(map(part.count, signs)) > most:
                return number
        return None

    def _report_oddities(self, header: Header, split: Split, interchange: Interchange) -> None:
        for code, value in header.oddities:
            self.collector.issue(code, segment_no=1, value=value)
        parts, oddities = split.parts, split.oddities
        if "unterminated" in oddities:
            whole = parts[-1].startswith("UNZ" + header.delimiters.element)
            code = "final_terminator_missing" if whole else "unterminated_segment"
            self.collector.issue(code, segment_no=len(parts), value=parts[-1])
        for code in sorted(oddities - {"unterminated"}):
            self.collector.issue(code)
        delimiters = header.delimiters
        used = [sign for sign in (*delimiters[:2], *delimiters[3:]) if sign]
        if len(set(used)) < len(used):
            self.collector.issue("delimiters_not_distinct", segment_no=1, value="".join(used))

    def _report_duplicate(self, interchange: Interchange) -> None:
        key = (
            interchange.sender, interchange.sender_qualifier, interchange.receiver,
            interchange.receiver_qualifier, interchange.control.lstrip("0"),
        )  # fmt: skip
        if key in self._controls:
            control = interchange.control
            self.collector.issue("duplicate_interchange_control", segment_no=1, value=control)
        self._controls.add(key)


def _decode_again(text: str, charset: str) -> str | None:
    """Text that was read byte by byte as ISO 8859-1, read in a charset of one byte a character."""
    try:
        decoded = text.encode("iso-8859-1").decode(charset)
    except (UnicodeError, LookupError):
        return None
    return decoded if len(decoded) == len(text) else None
