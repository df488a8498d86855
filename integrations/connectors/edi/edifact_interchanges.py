"""The interchanges of an EDIFACT file: what answers them, and whether they were meant for us. Pure."""

from collections.abc import Iterable
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi.settings import ALWAYS, NEVER
from integrations.connectors.inbound import EnvelopeIn
from integrations.formats.edifact import (
    Interchange,
    Issue,
    Reading,
    acknowledge,
    describe,
    read_answer,
)
from integrations.formats.edifact.profile import Profile

# CONTRL answers interchanges, so all that we send is found again by the interchange's reference.
FUNCTIONAL_ID: Final = "UNB"
CONTRL: Final = "CONTRL"
_HELD: Final = frozenset({"quarantine", "reject"})
_MOST: Final = 50
_ADDRESS: Final = "NAD"


def envelopes(reading: Reading, profile: Profile, connection: Connection) -> list[EnvelopeIn]:
    """Every interchange with the CONTRL that answers it, where one is wanted."""
    return [
        EnvelopeIn(
            sender=interchange.sender,
            receiver=interchange.receiver,
            control=interchange.control,
            group_control="",
            functional_id=FUNCTIONAL_ID,
            answer=_answer(interchange, reading, profile, connection),
        )
        for interchange in reading.interchanges
    ]


def _answer(
    interchange: Interchange, reading: Reading, profile: Profile, connection: Connection
) -> dict[str, Any] | None:
    wanted = connection.settings["contrl"]
    if wanted == NEVER or (wanted != ALWAYS and not interchange.wants_contrl):
        return None
    return acknowledge(interchange, reading.issues, profile)


def misdirected(interchange: Interchange, connection: Connection) -> list[Problem]:
    """Ids that are not the endpoint's, and test data where it has none, or the other way round."""
    settings = connection.settings
    named = (
        ("UNB02", interchange.sender, str(settings["partner_id"] or "")),
        ("UNB03", interchange.receiver, str(settings["own_id"] or "")),
    )
    if not any(ours for _, _, ours in named):
        return []  # read at a shell, for no endpoint: nobody is there to be taken for another
    found = [
        Problem(
            "unknown_partner",
            place,
            shorten(value),
            f"{place} is {shorten(value)}, and this endpoint knows only {ours}.",
        )
        for place, value, ours in named
        if ours and value != ours
    ]
    if interchange.test != (settings["usage"] == "T"):
        kind = "test" if interchange.test else "production"
        text = f"It is marked as {kind} data, and the endpoint is not."
        found.append(Problem("usage_mismatch", "UNB11", kind, text))
    return found


def envelope_problems(issues: Iterable[Issue]) -> list[Problem]:
    """One `envelope_error` for each issue that keeps a file from being applied."""
    held = [issue for issue in issues if issue.severity in _HELD]
    return [
        Problem("envelope_error", place(issue), shorten(issue.value), describe(issue))
        for issue in held[:_MOST]
    ]


def writing_problems(issues: Iterable[Issue]) -> list[Problem]:
    """Why one document could not be written, without repeats."""
    held = [issue for issue in issues if issue.severity in _HELD]
    found = [Problem(_code(i), place(i), shorten(i.value), describe(i)) for i in held]
    return list(dict.fromkeys(found))[:_MOST]


def _code(issue: Issue) -> str:
    if issue.segment == _ADDRESS:
        return "address_invalid"
    return "encoding_error" if issue.code == "delimiter_refused" else "edi_not_writable"


def place(issue: Issue) -> str:
    """`sets[1].LIN[15].3.1` is the first component of the third element of the LIN that is the 15th
    segment of the second message."""
    parts = [] if issue.set is None else [f"sets[{issue.set}]"]
    if issue.segment or issue.segment_no is not None:
        number = "" if issue.segment_no is None else f"[{issue.segment_no}]"
        parts.append((issue.segment or "segments") + number)
    parts += [str(n) for n in (issue.element, issue.component) if n is not None]
    return ".".join(parts)


def native_acknowledgement(
    document: dict[str, Any], problems: list[Problem]
) -> list[dict[str, Any]]:
    """A CONTRL as the portal knows answers; none for one that only says that our file came."""
    answer = read_answer(document)
    if not answer.control or not answer.code:
        text = "The CONTRL does not say which interchange it answers, or how."
        problems.append(Problem("missing_field", "UCI", answer.control, text))
        return []
    if answer.accepted is None:
        return []
    return [
        {
            "group_control": answer.control.lstrip("0"),
            "functional_id": FUNCTIONAL_ID,
            "code": "A" if answer.accepted else "R",
            "errors": list(answer.texts),
            "sets": [
                {
                    "type": told.type,
                    "control": told.control,
                    "code": "R" if told.accepted is False else "A",
                    "errors": list(told.texts),
                    "marks": [list(mark) for mark in told.marks],
                }
                for told in answer.sets
            ],
        }
    ]
