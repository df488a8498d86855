"""A file of X12 or EDIFACT → the plain report that `manage.py edi read` prints, one object a file.

Sets are written out as they are read, so that a large file does not need the memory for all its documents.
"""

import json
from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from integrations.formats import edifact, x12
from integrations.formats.findings import Issue

Reading = x12.Reading | edifact.Reading
Interchange = x12.Interchange | edifact.Interchange
Group = x12.Group | edifact.Group
Set = x12.TransactionSet | edifact.Message
_IN_MEMORY: Final = 8_000_000  # bytes of what is put aside
_PIECE: Final = 1_000_000


def write_report(path_name: str, data: bytes, write: Callable[[str], object]) -> None:
    """Write a line of JSON: what the bytes hold and what is wrong, under the strict default profile.

    `verdict` is accept, warn, quarantine or reject; a rejected file has no interchanges and one
    issue. Ids are without their padding. A TA1 appears as a set of one segment. A set is a message
    in EDIFACT, its control the message's reference; groups are there only where a UNG is.
    """
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        sets = _Sets(file)
        syntax, reading = _read(data, sets.put_aside)
        head = {"file": path_name, "verdict": reading.verdict, "syntax": syntax}
        write(f'{json.dumps(head)[:-1]}, "interchanges": [')
        for number, interchange in enumerate(_interchanges(reading)):
            write(", " if number else "")
            _write_interchange(interchange, sets, write)
        write(f'], "issues": {json.dumps(_issues(reading))}}}\n')


def write_issues(path_name: str, data: bytes, write: Callable[[str], object]) -> None:
    """Only the verdict and what is wrong, for reading by eye."""
    _, reading = _read(data, lambda _interchange, _group, _set: None)
    found = {"file": path_name, "verdict": reading.verdict, "issues": _issues(reading)}
    write(f"{json.dumps(found)}\n")


def _read(data: bytes, on_set: Callable[[Any, Any, Any], None]) -> tuple[str, Reading]:
    """What holds no interchange at all is reported as X12 that cannot be read."""
    if edifact.looks_like_edifact(data):
        return "edifact", edifact.read(data, on_set=on_set)
    reading = x12.read(data, on_set=on_set)
    if [issue.code for issue in reading.issues] == ["not_an_interchange"]:
        other = edifact.read(data, on_set=on_set)
        if other.interchanges:
            return "edifact", other
    return "x12", reading


class _Sets:
    """The sets of each interchange as JSON with a comma before each, aside until the verdict is known."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._spans: dict[int, tuple[int, int]] = {}
        self._end = 0

    def put_aside(self, interchange: Interchange, _group: Group, found: Set) -> None:
        start, _ = self._spans.get(interchange.index, (self._end, 0))
        self._end += self._file.write(f", {json.dumps(_set(found))}".encode("ascii"))
        self._spans[interchange.index] = start, self._end

    def write(self, index: int, write: Callable[[str], object], *, is_first: bool) -> None:
        """Those of one interchange; without the first comma where nothing stands before them."""
        place, end = self._spans.get(index, (0, 0))
        if is_first and place < end:
            place += 2
        self._file.seek(place)
        while piece := self._file.read(min(_PIECE, end - place)):
            write(piece.decode("ascii"))
            place += len(piece)


def _interchanges(reading: Reading) -> list[Any]:
    return [] if reading.verdict == "reject" else reading.interchanges


def _write_interchange(
    interchange: Interchange, sets: _Sets, write: Callable[[str], object]
) -> None:
    head = {
        "sender": interchange.sender,
        "receiver": interchange.receiver,
        "control": interchange.control,
        "groups": [
            {"functional_id": g.functional_id, "control": g.control, "version": g.version}
            for g in interchange.groups
            if g.header
        ],
    }
    ta1s = json.dumps(_ta1s(interchange))
    write(f'{json.dumps(head)[:-1]}, "sets": {ta1s[:-1]}')
    sets.write(interchange.index, write, is_first=ta1s == "[]")
    write("]}")


def _ta1s(interchange: Interchange) -> list[dict[str, Any]]:
    if isinstance(interchange, edifact.Interchange):
        return []
    return [_ta1(document) for document in interchange.acknowledgements]


def _set(transaction: Set) -> dict[str, Any]:
    return {
        "type": transaction.type,
        "control": transaction.control,
        "segments": transaction.segment_count,
        "declared_segments": transaction.declared_segments,
        "document": transaction.document,
    }


def _ta1(document: dict[str, Any]) -> dict[str, Any]:
    control = document.get("control", "")
    return {
        "type": "TA1",
        "control": control,
        "segments": 1,
        "declared_segments": 1,
        "document": document,
    }


def _issues(reading: Reading) -> list[dict[str, Any]]:
    return [_issue(issue) for issue in reading.issues]


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code,
        "severity": issue.severity,
        "segment_no": issue.segment_no,
        "element": issue.element,
        "value": issue.value,
    }
