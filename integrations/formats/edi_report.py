"""A file of X12 → the plain report that `manage.py edi read` prints, one object for a file."""

from typing import Any

from integrations.formats.x12 import Interchange, Issue, Reading, TransactionSet, read


def report(path_name: str, data: bytes) -> dict[str, Any]:
    """What the bytes hold and what is wrong with them, under the strict default profile.

    `verdict` is accept, warn, quarantine or reject; a rejected file has no interchanges and one
    issue. Ids are without their padding. A TA1 appears as a set of one segment.
    """
    reading = read(data)
    return {
        "file": path_name,
        "verdict": reading.verdict,
        "syntax": "x12",
        "interchanges": _interchanges(reading),
        "issues": [_issue(issue) for issue in reading.issues],
    }


def issues_report(path_name: str, data: bytes) -> dict[str, Any]:
    """Only the verdict and what is wrong, for reading by eye."""
    whole = report(path_name, data)
    return {key: whole[key] for key in ("file", "verdict", "issues")}


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
        "sets": [_ta1(document) for document in interchange.acknowledgements]
        + [_set(transaction) for group in interchange.groups for transaction in group.sets],
    }


def _set(transaction: TransactionSet) -> dict[str, Any]:
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
