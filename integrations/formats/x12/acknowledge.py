"""Our answer to a functional group: what was found in it → a 997 or 999 document."""

from collections.abc import Sequence
from typing import Any

from integrations.formats.x12.interchange import Interchange, TransactionSet
from integrations.formats.x12.issues import Issue
from integrations.formats.x12.profile import DEFAULT, Profile
from integrations.formats.x12.segments import KNOWN_TAGS, segment_spec

Document = dict[str, Any]

ACCEPTED, WITH_ERRORS, PARTLY, REJECTED = "A", "E", "P", "R"
_RANK = (ACCEPTED, WITH_ERRORS, REJECTED)

# AK304 by issue code; element issues give 8.
_SEGMENT_CODES = {
    "unknown_segment": "6", "segment_missing": "3", "loop_max_use": "4", "segment_max_use": "5",
    "segment_out_of_order": "7",
}  # fmt: skip
_UNRECOGNISED, _HAS_ELEMENT_ERRORS = "1", "8"
_ELEMENT_CODES = {
    "element_missing": "1", "too_many_elements": "3", "element_too_short": "4",
    "element_too_long": "5", "number_invalid": "6", "unknown_code": "7", "date_invalid": "8",
    "time_invalid": "9",
}  # fmt: skip
# AK502 and AK905.
_SET_CODES = {
    "unknown_set": "1", "missing_se": "2", "set_control_mismatch": "3",
    "segment_count_mismatch": "4", "functional_id_mismatch": "6", "duplicate_set_control": "7",
}  # fmt: skip
_IN_ERROR = "5"
_GROUP_CODES = {
    "missing_ge": "3", "group_control_mismatch": "4", "set_count_mismatch": "5",
    "duplicate_group_control": "6",
}  # fmt: skip
_MOST_REASONS = 5
_LONGEST_COPY = 99

# What an issue does to the answer unless the profile says otherwise. Codes and segments outside
# our tables are not errors of the sender: the tables do not hold the whole standard.
_ANSWERS = {
    **dict.fromkeys(_SET_CODES, REJECTED), **dict.fromkeys(_GROUP_CODES, REJECTED),
    **dict.fromkeys(_ELEMENT_CODES, WITH_ERRORS), "segment_missing": REJECTED,
    "loop_max_use": WITH_ERRORS, "segment_max_use": WITH_ERRORS, "unknown_code": ACCEPTED,
    "too_many_elements": ACCEPTED,
}  # fmt: skip


def acknowledge(
    interchange: Interchange, group: int, issues: Sequence[Issue], profile: Profile = DEFAULT,
    *, set_type: str = "997",
) -> Document | None:  # fmt: skip
    """The 997 (or 999) document for one group of an interchange that was read.

    Positions in AK3 count from ST = 1. None for a group of acknowledgements, which is never
    answered, and for sets that came without a group.
    """
    received = interchange.groups[group]
    if received.functional_id in ("FA", ""):
        return None
    mine = [i for i in issues if i.interchange == interchange.index and i.group == group]
    answers = [
        _answer_set(transaction, [i for i in mine if i.set == index], profile)
        for index, transaction in enumerate(received.sets)
    ]
    document: Document = {
        "group": {"functional_id": received.functional_id, "control": received.control}
    }
    if set_type == "999":
        document["group"]["version"] = received.version
    if answers:
        document["sets"] = answers
    declared = received.trailer[1].strip() if len(received.trailer) > 1 else ""
    included = declared if declared.isdigit() else str(len(answers))
    return document | _answer_group(answers, [i for i in mine if i.set is None], profile, included)


def _decision(issue: Issue, profile: Profile) -> str:
    return profile.answers.get(issue.code) or _ANSWERS.get(issue.code, ACCEPTED)


def _worst(issues: Sequence[Issue], profile: Profile) -> str:
    return max((_decision(i, profile) for i in issues), key=_RANK.index, default=ACCEPTED)


def _answer_set(transaction: TransactionSet, issues: list[Issue], profile: Profile) -> Document:
    answer: Document = {"type": transaction.type, "control": transaction.control}
    told = [i for i in issues if _decision(i, profile) != ACCEPTED]
    errors = _errors(told)
    if errors:
        answer["errors"] = errors
    answer["code"] = _worst(told, profile)
    reasons = [_SET_CODES[i.code] for i in told if i.code in _SET_CODES]
    if errors:
        reasons.append(_IN_ERROR)
    return answer | _reasons(reasons)


def _reasons(codes: list[str]) -> Document:
    unique = list(dict.fromkeys(codes))[:_MOST_REASONS]
    return {f"reason{number}": code for number, code in enumerate(unique, 1)}


def _errors(issues: list[Issue]) -> list[Document]:
    """One AK3 for each segment in error, its AK4s below it."""
    errors: dict[tuple[int, str, str], Document] = {}
    for issue in issues:
        code = _segment_code(issue)
        if code is None or issue.segment_no is None:
            continue
        key = (issue.segment_no, issue.segment, code)
        if key not in errors:
            errors[key] = {"segment": issue.segment, "position": str(issue.segment_no)}
            if issue.loop:
                errors[key]["loop"] = issue.loop[:6]
            errors[key]["code"] = code
        if issue.code in _ELEMENT_CODES:
            errors[key].setdefault("elements", []).append(_element(issue))
    return [errors[key] for key in sorted(errors, key=lambda k: k[0])]


def _segment_code(issue: Issue) -> str | None:
    if issue.code in _ELEMENT_CODES:
        return _HAS_ELEMENT_ERRORS
    if issue.code == "unknown_segment" and issue.segment not in KNOWN_TAGS:
        return _UNRECOGNISED
    return _SEGMENT_CODES.get(issue.code)


def _element(issue: Issue) -> Document:
    position = issue.element or 1
    error = {"position": str(position)}
    elements = segment_spec(issue.segment).elements if issue.segment in KNOWN_TAGS else ()
    number = elements[position - 1].number if position <= len(elements) else ""
    if number.isdigit():
        error["element_number"] = number
    error["code"] = _ELEMENT_CODES[issue.code]
    if issue.value:
        error["value"] = issue.value[:_LONGEST_COPY]
    return error


def _answer_group(
    answers: list[Document], issues: list[Issue], profile: Profile, included: str
) -> Document:
    accepted = sum(answer["code"] != REJECTED for answer in answers)
    group = _worst(issues, profile)
    if group == REJECTED or (answers and accepted == 0):
        code, accepted = REJECTED, 0
    elif accepted < len(answers):
        code = PARTLY
    else:
        noted = any(answer["code"] == WITH_ERRORS for answer in answers)
        code = WITH_ERRORS if noted or group == WITH_ERRORS else ACCEPTED
    told = [i for i in issues if _decision(i, profile) != ACCEPTED]
    reasons = [_GROUP_CODES[i.code] for i in told if i.code in _GROUP_CODES]
    counts = {"included": included, "received": str(len(answers)), "accepted": str(accepted)}
    return {"code": code} | counts | _reasons(reasons)
