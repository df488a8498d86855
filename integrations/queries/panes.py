"""Bytes as a pane of the payload viewer: lines of parts, each with its path, the bad ones marked.

What an instance may look like is in templates/components/pane.html. Nothing here trusts the bytes:
what cannot be read as its format is shown as text.
"""

from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any

from integrations.queries import pane_edifact
from integrations.queries.pane_json import json_lines
from integrations.queries.pane_lines import Line, Marks, plain_part, visible
from integrations.queries.pane_x12 import segment_lines

MOST_BYTES = 200_000
MOST_LINES = 4_000
_LONGEST_LINE = 2_000


def pane(
    title: str,
    body: bytes,
    *,
    content_type: str,
    marks: Collection[str] = (),
    values: Collection[str] = (),
) -> dict[str, Any]:
    """A pane of `body`. `marks` are paths of problems, `values` the bad values themselves.

    A value is marked where none of the paths leads, so that a problem named in the hub's words is
    found in a system's own document. `cut` tells that more follows than is shown.
    """
    piece = body[:MOST_BYTES]
    kind, lines = _lines(piece, whole=len(body) == len(piece), content_type=content_type)
    shown = list(islice(lines, MOST_LINES + 1))
    cut = len(shown) > MOST_LINES or len(body) > len(piece)
    del shown[MOST_LINES:]
    _mark(shown, Marks.of(marks, values))
    return {
        "title": title,
        "note": _note(kind, len(body), cut=cut, lines=len(shown)),
        "links": [],
        "first": 1,
        "lines": [line.shown() for line in shown],
        "more_url": "",
        "hidden_reason": "",
        "key": "",
        "cut": cut,
    }


def hidden_pane(title: str, reason: str) -> dict[str, Any]:
    """A pane for people without the right to see the payload, with who can grant it."""
    return {"title": title, "note": "", "links": [], "lines": [], "hidden_reason": reason}


def _lines(piece: bytes, *, whole: bool, content_type: str) -> tuple[str, Iterable[Line]]:
    text = piece.decode("utf-8-sig", errors="replace")
    if "ISA" in text[:200]:
        segments = segment_lines(text)
        if segments is not None:
            return "X12", segments
    if text.lstrip()[:3] in ("UNA", "UNB"):
        segments = pane_edifact.segment_lines(text)
        if segments is not None:
            return "EDIFACT", segments
    if whole and text.lstrip()[:1] in ("{", "["):
        found = json_lines(text)
        if found is not None:
            return "JSON", found
    return _word(content_type), _text_lines(text)


def _text_lines(text: str) -> Iterable[Line]:
    for row in text.splitlines():
        for start in range(0, len(row) or 1, _LONGEST_LINE):
            yield Line("", [plain_part(visible(row[start : start + _LONGEST_LINE]))])


def _mark(lines: list[Line], marks: Marks) -> None:
    """Mark by path, else by value, else the nearest thing a path lies in."""
    places = _places(lines)
    for path in marks.paths:
        if path in places:
            line, index = places[path]
            line.mark_part(index)
    lost = [path for path in marks.paths if path not in places]
    if marks.paths and not lost:
        return
    found = [line.mark_value(value) for value in marks.values for line in lines]
    if not any(found):
        for path in lost:
            _mark_nearest(lines, places, path)


def _places(lines: list[Line]) -> dict[str, tuple[Line, int]]:
    """The first line and part under each name."""
    places: dict[str, tuple[Line, int]] = {}
    for line in lines:
        for name, index in line.names():
            places.setdefault(name, (line, index))
    return places


def _mark_nearest(lines: list[Line], places: dict[str, tuple[Line, int]], path: str) -> None:
    """The line of the object, or of the segment, that a path lies in."""
    while path:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
        if path in places:
            places[path][0].mark = "bad"
            return
        found = next((line for line in lines if path and line.path == path), None)
        if found:
            found.mark = "bad"
            return


def _word(content_type: str) -> str:
    kind = content_type.partition(";")[0].rpartition("/")[2]
    return {"json": "JSON", "edi-x12": "X12", "xml": "XML", "csv": "CSV"}.get(kind, "text")


def _note(kind: str, size: int, *, cut: bool, lines: int) -> str:
    words = f"{kind} · {size:,} bytes"
    return f"{words}, the first {lines:,} lines" if cut else words
