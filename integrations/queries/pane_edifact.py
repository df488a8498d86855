"""EDIFACT as one segment a line, its components named as the reader's problems name them."""

import re
from collections.abc import Iterator

from integrations.formats.edifact.delimiters import next_header
from integrations.formats.edifact.profile import Delimiters
from integrations.queries.pane_lines import Line, plain_part, visible

_BLANKS = " \t\r\n"


def segment_lines(text: str) -> list[Line] | None:
    """The segments of a text with a readable UNB; None without one."""
    header = next_header(text, 0)
    if header is None:
        return None
    signs = header.delimiters
    una = text[header.start : header.body].strip(_BLANKS)
    lines = [Line("", [plain_part(visible(una))])] if una else []
    raw = (part.strip(_BLANKS) for part in _cut(text[header.body :], signs.segment, signs))
    return lines + list(_named([part for part in raw if part], signs))


def _cut(text: str, sign: str, signs: Delimiters) -> list[str]:
    """The pieces between signs that are not released."""
    released = rf"{re.escape(signs.release)}." if signs.release else r"(?!)"
    found = re.compile(f"({released})|{re.escape(sign)}", re.DOTALL).finditer(text)
    places = [match.span() for match in found if match[1] is None]
    starts, ends = [0, *(end for _, end in places)], [*(start for start, _ in places), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _named(segments: list[str], signs: Delimiters) -> Iterator[Line]:
    message, number = -1, 0
    for segment in segments:
        elements = _cut(segment, signs.element, signs)
        tag = elements[0].partition(signs.component)[0]
        if tag == "UNH":
            message, number = message + 1, 0
        number += 1
        inside = f"sets[{message}]." if message >= 0 and number > 0 else ""
        # An answer of a partner may know the segment by its number only.
        names = [f"{inside}{head}[{number}]" for head in (tag, "segments") if inside]
        yield _line(tag, elements, signs, names=names)
        if tag == "UNT":
            number = -(10**9)  # what follows stands outside every message


def _line(tag: str, elements: list[str], signs: Delimiters, *, names: list[str]) -> Line:
    """UNB02 names an element of an envelope, sets[1].LIN[15].3.1 a component inside a message."""
    line = Line("", [])
    for place, element in enumerate(elements):
        line.places[f"{tag}{place:02d}"] = len(line.parts) + (1 if place else 0)
        for name in names:
            line.places[f"{name}.{place}"] = len(line.parts) + (1 if place else 0)
        for number, component in enumerate(_cut(element, signs.component, signs), 1):
            if line.parts:
                line.parts.append(plain_part(signs.component if number > 1 else signs.element))
            for name in names:
                line.places[f"{name}.{place}.{number}"] = len(line.parts)
            line.parts.append(plain_part(visible(component)))
    line.parts.append(plain_part(visible(signs.segment)))
    for name in names:
        line.places[name] = 0
    return line
