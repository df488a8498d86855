"""Finding where interchanges begin, and from each UNA or UNB the delimiters it uses.

A clean UNA is nine characters. Real ones lose their blank; and there are interchanges of other
delimiters without any UNA, which the UNB itself then shows.
"""

import re
from typing import NamedTuple

from integrations.formats.edifact.profile import (
    DEFAULT_DELIMITERS,
    LEVEL_B_DELIMITERS,
    Delimiters,
)

BREAKS = "\r\n"
BLANKS = " \t\r\n\x00\x1a"

_START = re.compile("UN[AB]")
_UNB = re.compile(r"UNB([^A-Za-z0-9 \t\r\n])[\r\n]*UN[A-Z]{2}[\r\n]*([^A-Za-z0-9 \t\r\n])[\r\n]*\d")
_FARTHEST = 500  # the longest UNB


class Header(NamedTuple):
    """The start of one interchange. `body` is where its UNB stands, after the UNA if any."""

    start: int
    body: int
    delimiters: Delimiters
    oddities: tuple[tuple[str, str], ...]  # issue code, value


def next_header(text: str, start: int) -> Header | None:
    """The next readable UNA with its UNB, or UNB, at or after `start`."""
    for match in _START.finditer(text, start):
        header = header_at(text, match.start())
        if header is not None:
            return header
    return None


def header_at(text: str, place: int) -> Header | None:
    """The UNA with its UNB, or the UNB, that stands there."""
    return _read_una(text, place) if text.startswith("UNA", place) else _read_unb(text, place)


def _read_una(text: str, place: int) -> Header | None:
    for length in (6, 5):
        signs = text[place + 3 : place + 3 + length]
        body = _skip_blanks(text, place + 3 + length)
        if len(signs) < length or not text.startswith("UNB" + signs[1], body):
            continue
        component, element, decimal, release = tuple(signs[:4])
        segment = signs[-1]
        repetition = signs[4] if length == 6 else ""
        if any(sign.isalnum() for sign in (component, element, segment)) or segment == " ":
            continue
        delimiters = Delimiters(
            component, element, decimal, release.strip(" "), repetition.strip(" "), segment
        )
        oddities = () if length == 6 else (("una_length", "8"),)
        return Header(place, body, delimiters, oddities)
    return None


def _skip_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place] in BLANKS:
        place += 1
    return place


def _read_unb(text: str, place: int) -> Header | None:
    match = _UNB.match(text, place)
    if match is None:
        return None
    element, component = match.groups()
    for usual in (DEFAULT_DELIMITERS, LEVEL_B_DELIMITERS):
        if (element, component) == (usual.element, usual.component):
            return Header(place, place, usual, ())
    segment = _terminator(text, match.end(), element)
    if segment is None:
        return None
    release = "?" if "?" not in (element, component, segment) else ""
    delimiters = Delimiters(component, element, ".", release, "", segment)
    return Header(place, place, delimiters, (("una_missing", component + element + segment),))


def _terminator(text: str, place: int, element: str) -> str | None:
    """What stands before the segment after the UNB: its terminator."""
    following = re.compile(f"UN[HGZ]{re.escape(element)}").search(text, place, place + _FARTHEST)
    if following is None:
        return None
    before = text[place : following.start()]
    sign = before.rstrip(BLANKS)[-1:]
    if sign and not sign.isalnum() and sign != element:
        return sign
    return before[-1] if before[-1:] in (*BREAKS,) else None
