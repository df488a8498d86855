"""One interchange's text → its segments, released characters masked.

A release sign takes the meaning of a delimiter from the character behind it. To split at plain
delimiters all the same, each released character is masked: it becomes a character that the text
does not have, and is put back when a value is read.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from integrations.formats.edifact.delimiters import BLANKS, BREAKS, header_at
from integrations.formats.edifact.profile import Delimiters

Range = tuple[int, int]

_FARTHEST_INDENT = 200
_BOUNDS = re.compile("UN[ABZ]")
# Control characters first: the text stays at one byte a character. Lone surrogates are in no text
# that was decoded.
_MASKS = [*map(chr, (*range(1, 9), 11, 12, *range(14, 26), 27)), *map(chr, range(0xD800, 0xD810))]


class Masking(NamedTuple):
    """How to find masked characters, and what they stand for."""

    found: re.Pattern[str]
    table: dict[int, str]

    def undo(self, text: str) -> str:
        return text.translate(self.table) if self.found.search(text) else text


class Split(NamedTuple):
    """The segments of an interchange, masked, and what was odd about them, as issue codes."""

    parts: list[str]
    masking: Masking | None
    oddities: frozenset[str]


def interchange_end(text: str, body: int, delimiters: Delimiters) -> int:
    """Where the interchange whose UNB stands at `body` ends, its UNZ included."""
    unz = "UNZ" + delimiters.element
    for match in _BOUNDS.finditer(text, body + 3):
        place = match.start()
        if not _starts_segment(text, place, body, delimiters):
            continue
        if text.startswith(unz, place):
            end = text.find(delimiters.segment, place)
            return len(text) if end < 0 else end + 1
        if match[0] != "UNZ" and header_at(text, place) is not None:
            return place
    return len(text)


def _starts_segment(text: str, place: int, start: int, delimiters: Delimiters) -> bool:
    """Whether what stands there is a segment and not data."""
    blanks = " \t\x00\x1a" if delimiters.segment in BREAKS else BLANKS
    before = text[max(start, place - _FARTHEST_INDENT) : place].rstrip(blanks)
    if delimiters.segment in BREAKS:
        return before[-1:] in ("", *BREAKS)
    if not before.endswith(delimiters.segment):
        return False
    released = before[:-1]
    signs = len(released) - len(released.rstrip(delimiters.release or "\0"))
    return signs % 2 == 0


def split_segments(chunk: str, delimiters: Delimiters) -> Split:
    """The segments of an interchange's text, UNB first. Line breaks are noise unless they end
    segments; one after each terminator is how most files are written and no oddity.
    """
    terminator = delimiters.segment
    oddities: set[str] = set()
    if "\n" in chunk or "\r" in chunk:
        chunk = _without_breaks(chunk, terminator, oddities)
    chunk, masking = mask(chunk, delimiters)
    parts = chunk.split(terminator)
    if parts[-1].strip(BLANKS):
        oddities.add("unterminated")
    else:
        parts.pop()
    if any(terminator + blank in chunk for blank in " \t\x00\x1a") or chunk[:1] in BLANKS:
        parts = _without_indent(parts, oddities)
    if "" in parts:
        if terminator not in BREAKS:
            oddities.add("empty_segment")
        parts = [part for part in parts if part]
    return Split(parts, masking, frozenset(oddities))


def _without_breaks(chunk: str, terminator: str, oddities: set[str]) -> str:
    if terminator in BREAKS:
        return chunk.replace("\r" if terminator == "\n" else "\n", "")
    if re.search(rf"[^{re.escape(terminator)}\r\n \t][ \t]*[\r\n]", chunk.rstrip(BLANKS)):
        oddities.add("wrapped")
    return chunk.replace("\r", "").replace("\n", "")


def _without_indent(parts: list[str], oddities: set[str]) -> list[str]:
    stripped = [part.lstrip(BLANKS) for part in parts]
    if any(before != after and after for before, after in zip(parts, stripped, strict=True)):
        oddities.add("indented")
    return stripped


def mask(chunk: str, delimiters: Delimiters) -> tuple[str, Masking | None]:
    """The text with every released character masked and the release signs gone."""
    release = delimiters.release
    if not release or release not in chunk:
        return chunk, None
    masks = _unused(chunk, delimiters)
    table: dict[int, str] = {}
    kept = (release, delimiters.component, delimiters.element, delimiters.segment)
    for sign in dict.fromkeys((*kept, delimiters.repetition or release)):
        stand_in = next(masks)
        table[ord(stand_in)] = sign
        chunk = chunk.replace(release + sign, stand_in)
    chunk = chunk.replace(release, "")
    found = re.compile("[" + re.escape("".join(map(chr, table))) + "]")
    return chunk, Masking(found, table)


def _unused(chunk: str, delimiters: Delimiters) -> Iterator[str]:
    return (sign for sign in _MASKS if sign not in delimiters and sign not in chunk)


def segment_ranges(text: str, start: int, end: int, delimiters: Delimiters) -> list[Range]:
    """Character ranges of the segments as they stand in the file, terminators left out."""
    ranges = []
    for first, last in _pieces(text, start, end, sign=delimiters.segment, delimiters=delimiters):
        raw = text[first:last].rstrip(BREAKS)
        kept = raw.lstrip(BLANKS)
        if kept:
            ranges.append((first + len(raw) - len(kept), first + len(raw)))
    return ranges


def piece_range(raw: str, number: int, sign: str, delimiters: Delimiters) -> Range:
    """Where piece `number` (from 0) stands between the unreleased signs of a raw text.

    IndexError for a piece that is not there.
    """
    for index, span in enumerate(_pieces(raw, 0, len(raw), sign=sign, delimiters=delimiters)):
        if index == number:
            return span
    raise IndexError(number)


def _pieces(
    text: str, start: int, end: int, *, sign: str, delimiters: Delimiters
) -> Iterator[Range]:
    noise = "" if delimiters.segment in BREAKS else r"[\r\n]*"
    released = rf"{re.escape(delimiters.release)}{noise}.|" if delimiters.release else ""
    for match in re.compile(released + re.escape(sign), re.DOTALL).finditer(text, start, end):
        if match[0] == sign:
            yield start, match.start()
            start = match.end()
    yield start, end
