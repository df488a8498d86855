"""What the X12 reader and writer found, as problems for people. Pure."""

from collections.abc import Iterable
from typing import Final

from integrations.canonical.problem import Problem, shorten
from integrations.formats.x12 import Issue, Reading, describe

_HELD: Final = frozenset({"quarantine", "reject"})
_MOST: Final = 50
_ADDRESS: Final = frozenset({"N1", "N2", "N3", "N4"})


def envelope_problems(reading: Reading) -> list[Problem]:
    """One `envelope_error` for each issue that keeps a file from being applied."""
    held = [issue for issue in reading.issues if issue.severity in _HELD]
    return [
        Problem("envelope_error", place(issue), shorten(issue.value), describe(issue))
        for issue in held[:_MOST]
    ]


def writing_problems(issues: Iterable[Issue]) -> list[Problem]:
    """Why one document could not be written, without repeats."""
    refused = [issue for issue in issues if issue.severity in _HELD]
    found = [Problem(_code(i), place(i), shorten(i.value), describe(i)) for i in refused]
    return list(dict.fromkeys(found))[:_MOST]


def place(issue: Issue) -> str:
    """`sets[1].W12[15].5` is element 5 of the W12 that is the 15th segment of the second set."""
    parts = [] if issue.set is None else [f"sets[{issue.set}]"]
    if issue.segment or issue.segment_no is not None:
        number = "" if issue.segment_no is None else f"[{issue.segment_no}]"
        parts.append((issue.segment or "segments") + number)
    if issue.element is not None:
        parts.append(str(issue.element))
    return ".".join(parts)


def _code(issue: Issue) -> str:
    if issue.segment in _ADDRESS:
        return "address_invalid"
    if issue.code == "eaches_unknown":
        return "uom_mismatch"
    return "encoding_error" if issue.code == "delimiter_refused" else "edi_not_writable"
