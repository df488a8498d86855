"""X12 bytes → interchanges, groups and sets, with every fault named by its acknowledgement code."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import NamedTuple

ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
FUNCTIONAL_IDS = {
    "940": "OW",
    "943": "AR",
    "944": "RE",
    "945": "SW",
    "946": "SQ",
    "947": "AW",
    "846": "IB",
    "997": "FA",
}

Segment = list[str]


class RefusedError(Exception):
    """The interchange as a whole is refused; `note` is the TA1 code (element 618)."""

    def __init__(self, note: str, text: str, *, header: Segment | None = None) -> None:
        super().__init__(text)
        self.note, self.header = note, header


class Delimiters(NamedTuple):
    element: str
    component: str
    segment: str


@dataclass
class TransactionSet:
    """`segments` run from ST to SE; `faults` are AK502 codes."""

    type: str
    control: str
    segments: list[Segment]
    faults: list[str] = field(default_factory=list)


@dataclass
class Group:
    """`faults` are AK905 codes."""

    functional_id: str
    sender: str
    receiver: str
    control: str
    version: str
    sets: list[TransactionSet] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass
class Interchange:
    sender: str
    receiver: str
    control: str
    header: Segment
    digest: str
    groups: list[Group] = field(default_factory=list)
    acknowledgements: list[Segment] = field(default_factory=list)


def delimiters(data: str) -> Delimiters:
    """From the fixed places of an ISA of exactly 106 characters."""
    if not data.startswith("ISA") or len(data) < 106:
        raise RefusedError("024", "The file does not start with a whole ISA segment")
    found = Delimiters(data[3], data[104], data[105])
    if len(set(found)) < 3 or any(mark.isalnum() or mark == " " for mark in found):
        raise RefusedError("022", f"The delimiters {found} cannot be told apart from data")
    return found


def _segments(data: str, marks: Delimiters, header: Segment) -> list[Segment]:
    if not data.rstrip("\r\n").endswith(marks.segment):
        raise RefusedError("023", "The file ends before the last segment does", header=header)
    parts = data.rstrip("\r\n").split(marks.segment)[:-1]
    # A line break may follow a terminator, nothing else may.
    return [part.lstrip("\r\n").split(marks.element) for part in parts]


def _check_header(header: Segment) -> None:
    if len(header) != 17 or any(
        len(value) != width for value, width in zip(header[1:], ISA_WIDTHS, strict=False)
    ):
        raise RefusedError("024", "The ISA elements do not have their fixed widths", header=header)
    if not header[13].isdigit() or int(header[13]) == 0:
        raise RefusedError("018", f"ISA13 {header[13]!r} is no control number", header=header)
    if header[12] not in ("00401", "00501"):
        raise RefusedError("017", f"ISA12 {header[12]!r} is not spoken here", header=header)
    if header[14] not in "01" or header[15] not in "PT":
        raise RefusedError("020", "ISA14 or ISA15 has no allowed value", header=header)


def read(data: bytes) -> list[Interchange | RefusedError]:
    """All interchanges of a file, each read or refused; a file that holds none is one refusal."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        return [RefusedError("024", f"Byte {error.start} is not ASCII")]
    found: list[Interchange | RefusedError] = []
    rest = text.lstrip("\r\n")
    while rest or not found:
        try:
            own, rest = _cut(rest, delimiters(rest))
            found.append(_interchange(own))
        except RefusedError as refused:
            found.append(refused)
            if refused.header is None:
                break
    return found


def _cut(text: str, marks: Delimiters) -> tuple[str, str]:
    """The first interchange's text and the rest; the next one starts at its own ISA."""
    start = re.escape(marks.segment) + r"[\r\n]*(ISA)[^A-Za-z0-9 ]"
    match = re.compile(start).search(text, 105)
    return (text[: match.start(1)], text[match.start(1) :]) if match else (text, "")


def _interchange(text: str) -> Interchange:
    marks = delimiters(text)
    header = text[:105].split(marks.element)
    _check_header(header)
    segments = _segments(text, marks, header)
    trailer = segments[-1]
    if trailer[0] != "IEA" or len(trailer) != 3:
        raise RefusedError("023", "IEA is missing", header=header)
    if trailer[2] != header[13]:
        raise RefusedError("001", f"IEA02 {trailer[2]} is not ISA13 {header[13]}", header=header)
    sender, receiver = header[6].strip(), header[8].strip()
    digest = hashlib.sha256(text.strip("\r\n").encode()).hexdigest()
    interchange = Interchange(sender, receiver, header[13], header, digest)
    _read_groups(interchange, segments[1:-1])
    if trailer[1] != str(len(interchange.groups)):
        note = f"IEA01 {trailer[1]}, {len(interchange.groups)} groups found"
        raise RefusedError("021", note, header=header)
    return interchange


def _read_groups(interchange: Interchange, segments: list[Segment]) -> None:
    group: Group | None = None
    body: list[Segment] = []
    for segment in segments:
        name = segment[0]
        if name == "TA1" and group is None:
            interchange.acknowledgements.append(segment)
        elif name == "GS":
            if group is not None:
                _close_group(group, body, None)
            group, body = _group(interchange, segment), []
            interchange.groups.append(group)
        elif group is None:
            text = f"Segment {name} stands outside a group"
            raise RefusedError("024", text, header=interchange.header)
        elif name == "GE":
            _close_group(group, body, segment)
            group = None
        else:
            body.append(segment)
    if group is not None:
        _close_group(group, body, None)


def _group(interchange: Interchange, segment: Segment) -> Group:
    if len(segment) != 9:
        raise RefusedError("024", "GS does not have eight elements", header=interchange.header)
    return Group(segment[1], segment[2], segment[3], segment[6], segment[8])


def _close_group(group: Group, body: list[Segment], trailer: Segment | None) -> None:
    group.sets = _sets(body, group)
    if trailer is None:
        group.faults.append("3")
        return
    if len(trailer) != 3 or trailer[2] != group.control:
        group.faults.append("4")
    if len(trailer) < 2 or trailer[1] != str(len(group.sets)):
        group.faults.append("5")


def _sets(body: list[Segment], group: Group) -> list[TransactionSet]:
    found: list[TransactionSet] = []
    opened = False
    for segment in body:
        if segment[0] == "ST":
            if opened:
                found[-1].faults.append("2")
            found.append(_open_set(segment, found, group))
            opened = True
        elif not opened:
            group.faults.append("6")
        else:
            found[-1].segments.append(segment)
            if segment[0] == "SE":
                _close_set(found[-1], segment)
                opened = False
    if opened:
        found[-1].faults.append("2")
    return found


def _open_set(segment: Segment, before: list[TransactionSet], group: Group) -> TransactionSet:
    kind, control = [*segment, "", ""][1:3]
    opened = TransactionSet(kind, control, [segment])
    if FUNCTIONAL_IDS.get(kind) != group.functional_id:
        opened.faults.append("1" if kind not in FUNCTIONAL_IDS else "6")
    if not 4 <= len(control) <= 9 or any(control == other.control for other in before):
        opened.faults.append("7")
    return opened


def _close_set(closed: TransactionSet, trailer: Segment) -> None:
    if len(trailer) != 3 or trailer[2] != closed.control:
        closed.faults.append("3")
    if len(trailer) < 2 or trailer[1] != str(len(closed.segments)):
        closed.faults.append("4")
