"""Our answer to an interchange: what was found in it → a CONTRL document."""

from collections.abc import Sequence
from typing import Any

from integrations.formats.edifact.interchange import Interchange, Message
from integrations.formats.edifact.issues import Issue
from integrations.formats.edifact.profile import DEFAULT, Profile
from integrations.formats.edifact.segments import KNOWN_TAGS, segment_spec

Document = dict[str, Any]

REJECTED, TAKEN, RECEIVED = "4", "7", "8"

_INVALID, _MISSING, _TOO_MANY, _DUPLICATE = "12", "13", "16", "26"
_REFERENCES, _COUNT, _MIXED, _MORE_TYPES, _OUTSIDE = "28", "29", "30", "31", "33"
_REPETITIONS, _GROUP_REPETITIONS, _WRONG_TYPE, _TOO_LONG = "35", "36", "37", "39"
_NOT_SUPPORTED, _UNSUPPORTED_SEGMENT, _UNSPECIFIED = "14", "15", "18"

# Issue code → 0085 and the service segment it is about.
_INTERCHANGE_CODES = {
    "interchange_control_mismatch": (_REFERENCES, "UNZ"), "group_count_mismatch": (_COUNT, "UNZ"),
    "set_count_mismatch": (_COUNT, "UNZ"), "missing_unz": (_MISSING, "UNZ"),
    "missing_une": (_MISSING, "UNE"), "group_control_mismatch": (_REFERENCES, "UNE"),
    "duplicate_interchange_control": (_DUPLICATE, "UNB"),
    "duplicate_group_control": (_DUPLICATE, "UNG"), "set_outside_group": (_MIXED, "UNH"),
    "segment_outside_set": (_OUTSIDE, ""), "segment_outside_interchange": (_OUTSIDE, ""),
    "unterminated_segment": (_MISSING, ""), "delimiters_not_distinct": ("22", "UNA"),
}  # fmt: skip
_MESSAGE_CODES = {
    "set_control_mismatch": (_REFERENCES, "UNT"), "segment_count_mismatch": (_COUNT, "UNT"),
    "missing_unt": (_MISSING, "UNT"), "duplicate_set_control": (_DUPLICATE, "UNH"),
    "functional_id_mismatch": (_MORE_TYPES, "UNH"), "unknown_set": (_NOT_SUPPORTED, "UNH"),
}  # fmt: skip
_SEGMENT_CODES = {
    "segment_missing": _MISSING, "unknown_segment": _UNSUPPORTED_SEGMENT,
    "segment_max_use": _REPETITIONS, "loop_max_use": _GROUP_REPETITIONS,
    "segment_out_of_order": _UNSUPPORTED_SEGMENT,
}  # fmt: skip
_VALUE_CODES = {
    "element_missing": _MISSING, "element_too_long": _TOO_LONG, "number_invalid": _WRONG_TYPE,
    "date_invalid": _INVALID, "unknown_code": _INVALID, "too_many_elements": _TOO_MANY,
    "too_many_components": _TOO_MANY, "repeated_element": _REPETITIONS,
}  # fmt: skip

# What an issue does to the answer unless the profile says otherwise. CONTRL cannot take a message
# and list its errors, so what can be understood is taken in silence.
_ANSWERS = {
    **dict.fromkeys(_INTERCHANGE_CODES, REJECTED), **dict.fromkeys(_MESSAGE_CODES, REJECTED),
    "segment_missing": REJECTED, "element_missing": REJECTED,
}  # fmt: skip


def acknowledge(
    interchange: Interchange, issues: Sequence[Issue], profile: Profile = DEFAULT, *,
    receipt_only: bool = False,
) -> Document | None:  # fmt: skip
    """The CONTRL document for one interchange that was read.

    UCI says 4 where the whole interchange is rejected, else 7, and a UCM follows for each message
    that is rejected; the others are acknowledged by saying nothing. `receipt_only` says 8 instead:
    it came, and what was found in it will be told by another CONTRL. None for an interchange of
    CONTRL messages, which is never answered, and for one without references to answer to.
    """
    messages = [message for group in interchange.groups for message in group.sets]
    contrl_only = messages and all(message.type == "CONTRL" for message in messages)
    if contrl_only or not interchange.control or not interchange.sender:
        return None
    if receipt_only:
        return _interchange(interchange, RECEIVED)
    mine = [issue for issue in issues if issue.interchange == interchange.index]
    grouped = any(group.header for group in interchange.groups)
    for issue in mine:
        whole = issue.set is None and (issue.group is None or not grouped)
        if whole and _decision(issue, profile) == REJECTED:
            return _interchange(interchange, REJECTED) | _envelope_error(issue)
    document = _interchange(interchange, TAKEN)
    if grouped:
        groups = _groups(interchange, mine, profile)
        return document | ({"groups": groups} if groups else {})
    sets = _sets(interchange, mine, profile)
    return document | ({"sets": sets} if sets else {})


def _decision(issue: Issue, profile: Profile) -> str:
    return profile.answers.get(issue.code) or _ANSWERS.get(issue.code, TAKEN)


def _interchange(interchange: Interchange, action: str) -> Document:
    named = {
        "interchange": interchange.control,
        "sender": interchange.sender,
        "sender_qualifier": interchange.sender_qualifier,
        "receiver": interchange.receiver,
        "receiver_qualifier": interchange.receiver_qualifier,
    }
    return {key: value for key, value in named.items() if value} | {"action": action}


def _envelope_error(issue: Issue) -> Document:
    code, segment = _INTERCHANGE_CODES.get(issue.code, (_UNSPECIFIED, ""))
    if issue.code == "set_count_mismatch" and issue.group is not None:
        segment = "UNE"
    return _error(code, segment)


def _error(code: str, segment: str = "") -> Document:
    return {"error": code} | ({"segment": segment} if segment else {})


def _groups(interchange: Interchange, issues: list[Issue], profile: Profile) -> list[Document]:
    """One UCF for each group that is rejected, or holds a message that is."""
    answers = []
    for index, group in enumerate(interchange.groups):
        told = [issue for issue in issues if (issue.group, issue.set) == (index, None)]
        answer: Document = {"group": group.control, "action": TAKEN}
        for issue in told:
            if _decision(issue, profile) == REJECTED:
                answers.append(answer | {"action": REJECTED} | _envelope_error(issue))
                break
        else:
            sets = _sets(interchange, issues, profile, only=index)
            if sets:
                answers.append(answer | {"sets": sets})
    return answers


def _sets(
    interchange: Interchange, issues: list[Issue], profile: Profile, *, only: int | None = None
) -> list[Document]:
    """One UCM for each rejected message, of one group or of all."""
    rejected = []
    for group_no, group in enumerate(interchange.groups):
        if only not in (None, group_no):
            continue
        for number, message in enumerate(group.sets):
            told = [
                issue
                for issue in issues
                if (issue.group, issue.set) == (group_no, number)
                and _decision(issue, profile) == REJECTED
            ]
            if told:
                rejected.append(_set(message, told))
    return rejected


def _set(message: Message, issues: list[Issue]) -> Document:
    version, release, agency, association = (message.version.split(":") + [""] * 4)[:4]
    named = {
        "control": message.control, "type": message.type, "version": version, "release": release,
        "agency": agency, "association": association,
    }  # fmt: skip
    answer: Document = {key: value for key, value in named.items() if value}
    answer["action"] = REJECTED
    for issue in issues:
        if issue.code in _MESSAGE_CODES:
            answer |= _error(*_MESSAGE_CODES[issue.code])
            break
    errors = _errors(issues)
    return answer | ({"errors": errors} if errors else {})


def _errors(issues: list[Issue]) -> list[Document]:
    """One UCS for each segment in error, its UCDs below it."""
    errors: dict[int, Document] = {}
    for issue in sorted(issues, key=lambda issue: issue.segment_no or 0):
        if issue.segment_no is None:
            continue
        if issue.code in _SEGMENT_CODES:
            error = errors.setdefault(issue.segment_no, {"position": str(issue.segment_no)})
            error.setdefault("error", _SEGMENT_CODES[issue.code])
        elif issue.code in _VALUE_CODES and issue.element is not None:
            error = errors.setdefault(issue.segment_no, {"position": str(issue.segment_no)})
            error.setdefault("elements", []).append(_value(issue))
    return list(errors.values())


def _value(issue: Issue) -> Document:
    """Positions in S011 count the segment's tag as element 1; a simple element has no component."""
    position = issue.element or 0
    error = {"error": _VALUE_CODES[issue.code], "element": str(position + 1)}
    elements = segment_spec(issue.segment).elements if issue.segment in KNOWN_TAGS else ()
    simple = 0 < position <= len(elements) and len(elements[position - 1]) == 1
    if issue.component is not None and not simple:
        error["component"] = str(issue.component)
    return error
