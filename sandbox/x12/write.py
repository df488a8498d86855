"""Sets → the bytes of one interchange with one group."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sandbox.x12.read import FUNCTIONAL_IDS, Segment

ELEMENT, COMPONENT, SEGMENT = "*", ">", "~"


class Envelope(NamedTuple):
    sender: str
    receiver: str
    interchange_control: int
    group_control: int
    at: datetime


def _line(segment: Segment) -> str:
    elements = [*segment]
    while elements and elements[-1] == "":
        elements.pop()
    return ELEMENT.join(elements) + SEGMENT


def clean(text: str, longest: int) -> str:
    """Text for an element: no delimiters, no line breaks, cut to size."""
    marks = str.maketrans(dict.fromkeys(ELEMENT + COMPONENT + SEGMENT + "\r\n", " "))
    return text.translate(marks).strip()[:longest]


def _header(envelope: Envelope) -> str:
    stamp = envelope.at.strftime("%y%m%d*%H%M")
    return (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{envelope.sender:15}*ZZ*{envelope.receiver:15}*{stamp}"
        f"*U*00401*{envelope.interchange_control:09}*0*T*>~"
    )


def build_set(kind: str, control: str, body: Sequence[Segment], *, miscount: int = 0) -> list[str]:
    """ST to SE; `miscount` is added to the declared number of segments."""
    count = str(len(body) + 2 + miscount)
    return [_line(part) for part in (["ST", kind, control], *body, ["SE", count, control])]


def build(
    envelope: Envelope, kind: str, bodies: Sequence[Sequence[Segment]], *, miscount: int = 0
) -> bytes:
    """One interchange with one group of one kind of set, a segment a line."""
    date, time = envelope.at.strftime("%Y%m%d"), envelope.at.strftime("%H%M")
    group = str(envelope.group_control)
    start = ["GS", FUNCTIONAL_IDS[kind], envelope.sender, envelope.receiver, date, time, group]
    lines = [_header(envelope), _line([*start, "X", "004010"])]
    for number, body in enumerate(bodies, start=1):
        lines += build_set(kind, f"{number:04}", body, miscount=miscount)
    lines.append(_line(["GE", str(len(bodies) + miscount), group]))
    lines.append(_line(["IEA", "1", f"{envelope.interchange_control:09}"]))
    return "\n".join(lines).encode("ascii", "replace") + b"\n"


def build_ta1(envelope: Envelope, refused_header: Segment, note: str) -> bytes:
    """An interchange that carries nothing but the refusal of another (TA1)."""
    ta1 = ["TA1", refused_header[13], refused_header[9], refused_header[10], "R", note]
    trailer = ["IEA", "0", f"{envelope.interchange_control:09}"]
    return "\n".join((_header(envelope), _line(ta1), _line(trailer))).encode("ascii") + b"\n"
