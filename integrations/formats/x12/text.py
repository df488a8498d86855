"""One interchange's text → its segments."""

from integrations.formats.x12.delimiters import BLANKS, BREAKS
from integrations.formats.x12.profile import Delimiters

_FARTHEST_INDENT = 200


def interchange_end(text: str, body: int, delimiters: Delimiters) -> int:
    """Where the interchange whose first segment starts at `body` ends, its IEA included."""
    following = _find_isa(text, body, delimiters.segment)
    limit = len(text) if following is None else following
    trailer = _find_segment(text, "IEA" + delimiters.element, body, limit, delimiters.segment)
    if trailer is None:
        return limit
    end = text.find(delimiters.segment, trailer, limit)
    return limit if end < 0 else end + 1


def _find_segment(text: str, tag: str, start: int, limit: int, terminator: str) -> int | None:
    """The first place where a segment, not data, starts with `tag`."""
    ends, blanks = (BREAKS, " \t") if terminator in BREAKS else (terminator, BLANKS)
    place = text.find(tag, start, limit)
    while place >= 0:
        before = text[max(start, place - _FARTHEST_INDENT) : place].rstrip(blanks)
        if before[-1:] in ends:
            return place
        place = text.find(tag, place + 1, limit)
    return None


def _find_isa(text: str, start: int, terminator: str) -> int | None:
    place = _find_segment(text, "ISA", start, len(text), terminator)
    while place is not None and text[place + 3 : place + 4].isalnum():
        place = _find_segment(text, "ISA", place + 3, len(text), terminator)
    return place


def split_segments(chunk: str, terminator: str) -> tuple[list[str], frozenset[str]]:
    """The segments of an interchange's body, and what was odd about them, as issue codes.

    One line break after each terminator is how most files are written and no oddity.
    """
    if terminator not in BREAKS:
        chunk = chunk.lstrip(BREAKS)
        chunk = chunk.replace(terminator + "\r\n", terminator).replace(
            terminator + "\n", terminator
        )
    parts = chunk.split(terminator)
    oddities: set[str] = set()
    if parts[-1].strip(BLANKS):
        oddities.add("unterminated")
    else:
        parts.pop()
    if _is_clean(chunk, terminator) and "" not in parts:
        return parts, frozenset(oddities)
    return _tidy(parts, terminator, oddities), frozenset(oddities)


def _is_clean(chunk: str, terminator: str) -> bool:
    if chunk[:1] in BLANKS or f" {terminator}" in chunk or f"{terminator} " in chunk:
        return False
    noise = "\t\r\x00\x1a" if terminator == "\n" else "\t\r\n\x00\x1a"
    return not any(character in chunk for character in noise)


def _tidy(parts: list[str], terminator: str, oddities: set[str]) -> list[str]:
    tidied = []
    for part in parts:
        kept = part.strip(BLANKS)
        if not kept:
            if terminator not in BREAKS:
                oddities.add("empty_segment")
            continue
        if part.lstrip(BREAKS)[0] in " \t":
            oddities.add("indented")
        if "\n" in kept or "\r" in kept:
            oddities.add("wrapped")
            kept = _unwrap(kept)
        tidied.append(kept)
    return tidied


def _unwrap(segment: str) -> str:
    return segment.replace("\r", "").replace("\n", "")
