"""X12 as one segment a line, its elements named as the reader's problems name them."""

import re
from collections.abc import Iterator

from integrations.formats.x12.delimiters import next_header
from integrations.queries.pane_lines import Line, plain_part, visible

_BLANKS = " \t\r\n"


def segment_lines(text: str) -> list[Line] | None:
    """The segments of a text with a readable ISA; None without one."""
    header = next_header(text, 0)
    if header is None:
        return None
    terminator = header.delimiters.segment
    cuts = re.split(f"({re.escape(terminator)})", text[header.start :])
    raw = [
        a + (b if b not in _BLANKS else "")
        for a, b in zip(cuts[::2], [*cuts[1::2], ""], strict=True)
    ]
    segments = [segment.strip(_BLANKS) for segment in raw]
    return list(_named([s for s in segments if s], header.delimiters.element, terminator))


def _named(segments: list[str], separator: str, terminator: str) -> Iterator[Line]:
    set_number, segment_number = -1, 0
    for segment in segments:
        tag = segment.partition(separator)[0].rstrip(terminator)
        if tag == "ST":
            set_number, segment_number = set_number + 1, 0
        segment_number += 1
        line = _segment(segment, separator, terminator)
        _name(
            line,
            tag,
            inside=f"sets[{set_number}]." if set_number >= 0 else "",
            number=segment_number,
        )
        yield line
        if tag == "SE":
            segment_number = -(10**9)  # what follows stands outside every set


def _segment(segment: str, separator: str, terminator: str) -> Line:
    body = segment.removesuffix(terminator)
    parts = []
    for index, element in enumerate(body.split(separator)):
        if index:
            parts.append(plain_part(separator))
        parts.append(plain_part(visible(element)))
    end = segment[len(body) :]
    return Line("", [*parts, plain_part(visible(end) if end.strip() else "")])


def _name(line: Line, tag: str, *, inside: str, number: int) -> None:
    """ISA13 names an element of an envelope, sets[1].W12[15].5 one inside a set."""
    elements = range(0, len(line.parts) - 1, 2)
    for element, index in enumerate(elements):
        line.places[f"{tag}{element:02d}"] = index
        if inside and number > 0:
            line.places[f"{inside}{tag}[{number}].{element}"] = index
            line.places[f"{inside}segments[{number}].{element}"] = index
    if inside and number > 0:
        line.places[f"{inside}{tag}[{number}]"] = 0
        line.places[f"{inside}segments[{number}]"] = 0
