"""Documents → one interchange with one group, ready to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from integrations.formats.x12.characters import codec, fit
from integrations.formats.x12.codes import FUNCTIONAL_ID
from integrations.formats.x12.issues import Issue
from integrations.formats.x12.profile import Delimiters, Profile
from integrations.formats.x12.writer import SetWriter

_FIRST_REPETITION_VERSION = "00402"
_FIRST_LONG_DATE_VERSION = "004010"
_LAST_CONTROL = 999_999_999


class OutboundSet(NamedTuple):
    """A document to be written as one transaction set under the control number `control`."""

    type: str
    control: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of an interchange. `data` is empty when it was refused; the issues say why.

    An issue's `set` is the position in the given sets, so that the good ones can be sent alone.
    """

    data: bytes
    issues: list[Issue]

    @property
    def refused(self) -> bool:
        return not self.data


def build_interchange(
    profile: Profile, sets: Sequence[OutboundSet], *, interchange_control: int, group_control: int,
    now: datetime,
) -> Written:  # fmt: skip
    """One interchange with one group of the given sets, in their order.

    `now` is the local time the envelope shows. ValueError for no sets, sets that do not belong in
    one group, or a control number outside of 1 to 999,999,999: those are the caller's mistakes.
    What is wrong with a document is an issue.
    """
    functional_id = _functional_id(sets)
    for control in (interchange_control, group_control, *(s.control for s in sets)):
        if not 1 <= control <= _LAST_CONTROL:
            raise ValueError(f"control number {control} is outside of 1 to {_LAST_CONTROL}")
    issues: list[Issue] = []
    body: list[str] = []
    for index, outbound in enumerate(sets):
        writer = SetWriter(outbound.type, f"{outbound.control:04d}", profile, index)
        body += writer.write(outbound.document)
        issues += writer.issues
    head = [_isa(profile, interchange_control, now, issues), _gs(profile, functional_id,
            group_control, now, issues)]  # fmt: skip
    element = profile.delimiters.element
    tail = [
        element.join(("GE", str(len(sets)), str(group_control))),
        element.join(("IEA", "1", f"{interchange_control:09d}")),
    ]
    if any(issue.severity == "reject" for issue in issues):
        return Written(b"", issues)
    end = profile.delimiters.segment + profile.line_break
    text = end.join((*head, *body, *tail, ""))
    return Written(text.encode(codec(profile)), issues)


def build_ta1(
    profile: Profile,
    answers: Sequence[Mapping[str, str]],
    *,
    interchange_control: int,
    now: datetime,
) -> Written:
    """An interchange of nothing but TA1 segments, which answer interchanges. `answers`: documents of
    `acknowledge_interchange`."""
    issues: list[Issue] = []
    element = profile.delimiters.element
    # It asks for no answer itself, whatever was agreed for documents.
    head = _isa(replace(profile, ask_for_ta1=False), interchange_control, now, issues)
    told = [
        element.join(
            ("TA1", *(answer[name] for name in ("control", "date", "time", "code", "note")))
        )
        for answer in answers
    ]
    if any(issue.severity == "reject" for issue in issues):
        return Written(b"", issues)
    end = profile.delimiters.segment + profile.line_break
    tail = element.join(("IEA", "0", f"{interchange_control:09d}"))
    return Written(end.join((head, *told, tail, "")).encode(codec(profile)), issues)


def _functional_id(sets: Sequence[OutboundSet]) -> str:
    ids = {FUNCTIONAL_ID.get(outbound.type, "") for outbound in sets}
    if len(ids) != 1 or "" in ids:
        raise ValueError("the sets of one interchange must belong to one functional group")
    return ids.pop()


def _isa(profile: Profile, control: int, now: datetime, issues: list[Issue]) -> str:
    delimiters = profile.delimiters
    version = profile.version[:5]
    repetition = "U" if version < _FIRST_REPETITION_VERSION else delimiters.repetition or "^"
    sender = _identifier(profile, profile.sender_id, delimiters, issues)
    receiver = _identifier(profile, profile.receiver_id, delimiters, issues)
    elements = (
        "ISA", "00", " " * 10, "00", " " * 10, profile.sender_qualifier, f"{sender:15}",
        profile.receiver_qualifier, f"{receiver:15}", f"{now:%y%m%d}", f"{now:%H%M}", repetition,
        version, f"{control:09d}", "1" if profile.ask_for_ta1 else "0", profile.usage,
        delimiters.component,
    )  # fmt: skip
    return delimiters.element.join(elements)


def _gs(
    profile: Profile, functional_id: str, control: int, now: datetime, issues: list[Issue]
) -> str:
    day = f"{now:%Y%m%d}" if profile.version >= _FIRST_LONG_DATE_VERSION else f"{now:%y%m%d}"
    sender = profile.group_sender or profile.sender_id
    receiver = profile.group_receiver or profile.receiver_id
    elements = (
        "GS", functional_id, _identifier(profile, sender, profile.delimiters, issues),
        _identifier(profile, receiver, profile.delimiters, issues), day, f"{now:%H%M}",
        str(control), "X", profile.version,
    )  # fmt: skip
    return profile.delimiters.element.join(elements)


def _identifier(
    profile: Profile, identifier: str, delimiters: Delimiters, issues: list[Issue]
) -> str:
    text, codes = fit(identifier, profile, delimiters)
    if not 1 <= len(text) <= 15:
        codes = [*codes, "address_id_too_long" if text else "element_missing"]
    for code in codes:
        severity = profile.writing_severity(code)
        issues.append(Issue(code, severity, 0, None, None, None, None, identifier[:80], "ISA"))
    return text
