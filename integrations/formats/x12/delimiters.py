"""Finding ISA segments, and from each the delimiters of its interchange.

A clean ISA is 106 characters with fixed positions. Real ones have collapsed spaces, a missing
ISA16, a line break as terminator, or are wrapped at a fixed width, so the sixteenth separator
decides, and the segment tag that follows.
"""

import re
from typing import NamedTuple

from integrations.formats.x12.profile import Delimiters

_ISA = re.compile(r"ISA([^A-Za-z0-9 \r\n])")
_FIXED = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_AFTER_ISA = ("GS", "TA1", "IEA", "ST")
_LONGEST_ISA = 200
_LONGEST_ELEMENT = 20
_FIRST_REPETITION_VERSION = "00402"
BREAKS = "\r\n"
BLANKS = " \t\r\n\x00\x1a"


class Header(NamedTuple):
    """One ISA found in a text. `end` is the first position after its terminator."""

    start: int
    end: int
    elements: tuple[str, ...]  # "ISA", ISA01 … ISA16
    delimiters: Delimiters
    oddities: tuple[tuple[str, str], ...]  # issue code, value


class _Unwrapped(NamedTuple):
    """Text around an ISA without line breaks, and where each character stood."""

    text: str
    positions: list[int] | range
    wrapped: bool


def next_header(text: str, start: int) -> Header | None:
    """The next readable ISA at or after `start`."""
    for match in _ISA.finditer(text, start):
        header = _read_isa(text, match.start(), match[1])
        if header is not None:
            return header
    return None


def _read_isa(text: str, start: int, separator: str) -> Header | None:
    window = _unwrap(text[start : start + 2 * _LONGEST_ISA], separator)
    places = _separators(window.text, separator)
    if len(places) < 15 or places[14] > _LONGEST_ISA:
        return None
    last = places[14] + 2
    elements = window.text[:last].split(separator)
    has_isa16 = _has_isa16(window.text, last, separator)
    component = window.text[last + 1 : last + 2] if has_isa16 else ""
    place = last + 2 if has_isa16 else last + window.text.startswith(separator, last)
    if max(map(len, elements)) > _LONGEST_ELEMENT or not _usable(window.text[place : place + 1]):
        return None
    end, terminator = _terminator(window.text, place)
    repetition = elements[11] if elements[12] >= _FIRST_REPETITION_VERSION else ""
    if len(repetition) != 1 or repetition.isalnum():
        repetition = ""
    return Header(
        start,
        start + window.positions[end - 1] + 1,
        (*elements, component),
        Delimiters(separator, component, terminator, repetition),
        _oddities(window.wrapped, tuple(places), has_isa16, terminator),
    )


def _usable(character: str) -> bool:
    return character != "" and not character.isalnum()


def _unwrap(window: str, separator: str) -> _Unwrapped:
    """Take out line breaks that cut the ISA itself; breaks after it are terminators or noise."""
    first_break = min((i for b in BREAKS if (i := window.find(b)) >= 0), default=len(window))
    ahead = window[first_break:].lstrip(BLANKS)
    next_segment = ahead.startswith(tuple(tag + separator for tag in _AFTER_ISA))
    if window.count(separator, 0, first_break) >= 16 or next_segment or not ahead:
        return _Unwrapped(window, range(len(window)), False)
    positions = [i for i, character in enumerate(window) if character not in BREAKS]
    return _Unwrapped("".join(window[i] for i in positions), positions, True)


def _separators(text: str, separator: str) -> list[int]:
    places: list[int] = []
    place = text.find(separator)
    while place >= 0 and len(places) < 16:
        places.append(place)
        place = text.find(separator, place + 1)
    return places


def _has_isa16(text: str, last: int, separator: str) -> bool:
    """Whether a component separator stands between ISA15, which ends at `last`, and its terminator.

    In "*X" + line break + "GS" the X is ISA16 before a line break as terminator, or the terminator
    before a line break as decoration: it is the terminator if the next line ends with it too.
    """
    component = text[last + 1 : last + 2]
    if not text.startswith(separator, last) or component in ("", *BREAKS):
        return False
    between = _next_tag(text, last + 2, separator)
    if between is None:
        return True
    return any(b in between for b in BREAKS) and not _ends_line_with(text, last + 1)


def _next_tag(text: str, place: int, separator: str) -> str | None:
    """The blanks before the next segment, None if none starts here."""
    rest = text[place:]
    segment = rest.lstrip(BLANKS)
    if segment.startswith(tuple(tag + separator for tag in _AFTER_ISA)):
        return rest[: len(rest) - len(segment)]
    return None


def _terminator(text: str, place: int) -> tuple[int, str]:
    """The terminator at `place`. Blanks before a line break belong to it."""
    end = place
    while end < len(text) and text[end] in " \t":
        end += 1
    if end < len(text) and text[end] in BREAKS:
        run = re.compile(r"[\r\n]+").match(text, end)
        assert run is not None
        return run.end(), "\n" if "\n" in run[0] else "\r"
    return place + 1, text[place]


def _ends_line_with(text: str, place: int) -> bool:
    """Whether the character there ends the next line too, so that it is the terminator."""
    if place + 1 >= len(text) or text[place + 1] not in BREAKS:
        return False
    second = re.compile(r"[\r\n]+[^\r\n]*").match(text, place + 1)
    return second is not None and len(second[0]) > 2 and second[0].rstrip(" ")[-1] == text[place]


def _oddities(
    wrapped: bool, places: tuple[int, ...], has_isa16: bool, terminator: str
) -> tuple[tuple[str, str], ...]:
    oddities = []
    if wrapped:
        oddities.append(("wrapped", ""))
    if not has_isa16:
        oddities.append(("isa16_missing", ""))
    elif places != _FIXED:
        oddities.append(("isa_length", str(places[15] + 3)))
    if terminator != "~":
        oddities.append(("unusual_terminator", repr(terminator)[1:-1]))
    return tuple(oddities)
