"""EDIFACT as one segment a line, its elements and components named as problems name them."""

from collections.abc import Iterator
from typing import NamedTuple

from integrations.formats.edifact import Delimiters, Interchange, Reading
from integrations.queries.pane_lines import Line, plain_part, visible


class _Place(NamedTuple):
    """Where a segment stands: in which message of the file, and as which of its segments; -1, 0 outside."""

    message: int
    segment: int


def segment_lines(reading: Reading) -> Iterator[Line]:
    """The segments of every interchange, as they were written."""
    number = -1
    for interchange in reading.interchanges:
        places: dict[int, _Place] = {}
        for group in interchange.groups:
            for message in group.sets:
                number += 1
                for at in range(message.first, message.end):
                    places[at] = _Place(number, at - message.first + 1)
        for at in range(len(interchange.parts)):
            yield _line(interchange, at, places.get(at, _Place(-1, 0)))


def _line(interchange: Interchange, at: int, place: _Place) -> Line:
    delimiters = interchange.delimiters
    text = interchange.text(at)
    line = Line("", [])
    tag = text.partition(delimiters.element)[0].partition(delimiters.component)[0]
    heads = [tag]
    if place.segment:
        inside = f"sets[{place.message}]."
        heads = [f"{inside}{name}[{place.segment}]" for name in (tag, "segments")]
    for head in heads:
        line.places[head] = 0
    for value, sign, element, component in _values(text, delimiters):
        index = len(line.parts)
        line.parts += [plain_part(visible(value)), plain_part(sign)]
        for head in heads:
            line.places.setdefault(f"{head}.{element}", index)
            line.places[f"{head}.{element}.{component}"] = index
    end = delimiters.segment
    line.parts.append(plain_part(end if end.strip() else ""))
    return line


def _values(text: str, delimiters: Delimiters) -> Iterator[tuple[str, str, int, int]]:
    """Each component, the sign behind it, and its numbers: the tag is element 0, components count from 1."""
    element, component, start, at = 0, 1, 0, 0
    while at < len(text):
        sign = text[at]
        if sign == delimiters.release:
            at += 1  # what follows is no delimiter
        elif sign in (delimiters.element, delimiters.component):
            yield text[start:at], sign, element, component
            is_new = sign == delimiters.element
            element, component = (element + 1, 1) if is_new else (element, component + 1)
            start = at + 1
        at += 1
    yield text[start:], "", element, component
