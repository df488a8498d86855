"""A file of X12 or EDIFACT → the plain report that `manage.py edi read` prints, one object a file."""

from typing import Any

from integrations.formats import edifact, x12
from integrations.formats.findings import Issue

Reading = x12.Reading | edifact.Reading
Interchange = x12.Interchange | edifact.Interchange


def report(path_name: str, data: bytes) -> dict[str, Any]:
    """What the bytes hold and what is wrong with them, under the strict default profile.

    `verdict` is accept, warn, quarantine or reject; a rejected file has no interchanges and one
    issue. Ids are without their padding. A TA1 appears as a set of one segment. A set is a message
    in EDIFACT, its control the message's reference; groups are there only where a UNG is.
    """
    syntax, reading = _read(data)
    return {
        "file": path_name,
        "verdict": reading.verdict,
        "syntax": syntax,
        "interchanges": _interchanges(reading),
        "issues": [_issue(issue) for issue in reading.issues],
    }


def issues_report(path_name: str, data: bytes) -> dict[str, Any]:
    """Only the verdict and what is wrong, for reading by eye."""
    whole = report(path_name, data)
    return {key: whole[key] for key in ("file", "verdict", "issues")}


def _read(data: bytes) -> tuple[str, Reading]:
    """What holds no interchange at all is reported as X12 that cannot be read."""
    if edifact.looks_like_edifact(data):
        return "edifact", edifact.read(data)
    reading = x12.read(data)
    if [issue.code for issue in reading.issues] == ["not_an_interchange"]:
        other = edifact.read(data)
        if other.interchanges:
            return "edifact", other
    return "x12", reading


def _interchanges(reading: Reading) -> list[dict[str, Any]]:
    if reading.verdict == "reject":
        return []
    return [_interchange(interchange) for interchange in reading.interchanges]


def _interchange(interchange: Interchange) -> dict[str, Any]:
    return {
        "sender": interchange.sender,
        "receiver": interchange.receiver,
        "control": interchange.control,
        "groups": [
            {"functional_id": g.functional_id, "control": g.control, "version": g.version}
            for g in interchange.groups
            if g.header
        ],
        "sets": [*_ta1s(interchange), *_sets(interchange)],
    }


def _ta1s(interchange: Interchange) -> list[dict[str, Any]]:
    if isinstance(interchange, edifact.Interchange):
        return []
    return [_ta1(document) for document in interchange.acknowledgements]


def _sets(interchange: Interchange) -> list[dict[str, Any]]:
    return [_set(transaction) for group in interchange.groups for transaction in group.sets]


def _set(transaction: x12.TransactionSet | edifact.Message) -> dict[str, Any]:
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


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code,
        "severity": issue.severity,
        "segment_no": issue.segment_no,
        "element": issue.element,
        "value": issue.value,
    }
