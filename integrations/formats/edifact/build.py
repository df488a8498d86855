"""Documents → one interchange, ready to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from integrations.formats.edifact.characters import codec, fit
from integrations.formats.edifact.issues import Issue
from integrations.formats.edifact.profile import DEFAULT_DELIMITERS, Delimiters, Profile
from integrations.formats.edifact.writer import MessageWriter

_LONGEST_REFERENCE = 14
_LONGEST_ID, _LONGEST_QUALIFIER = 35, 4


class OutboundMessage(NamedTuple):
    """A document to be written as one message under the reference `control`."""

    type: str
    control: str
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of an interchange. `data` is empty when it was refused; the issues say why.

    An issue's `set` is the position in the given messages, so that the good ones can be sent alone.
    """

    data: bytes
    issues: list[Issue]

    @property
    def refused(self) -> bool:
        return not self.data


def build_interchange(
    profile: Profile, messages: Sequence[OutboundMessage], *, interchange_control: str,
    now: datetime,
) -> Written:  # fmt: skip
    """One interchange of the given messages, in their order, without groups.

    `now` is the local time the envelope shows. ValueError for no messages, or a reference that is
    empty, longer than 14 characters or used twice: those are the caller's mistakes. What is wrong
    with a document is an issue.
    """
    _check_references(messages, interchange_control)
    issues: list[Issue] = []
    body: list[str] = []
    for index, outbound in enumerate(messages):
        writer = MessageWriter(outbound.type, outbound.control, profile, index)
        body += writer.write(outbound.document)
        issues += writer.issues
    head = _unb(profile, messages, interchange_control, now, issues)
    element = profile.delimiters.element
    control, _ = fit(interchange_control, profile)
    tail = element.join(("UNZ", str(len(messages)), control))
    charset = codec(profile)
    if charset is None:
        _report(issues, profile, "unknown_syntax", profile.syntax)
    if charset is None or any(issue.severity == "reject" for issue in issues):
        return Written(b"", issues)
    end = profile.delimiters.segment + profile.line_break
    text = _una(profile) + end.join((head, *body, tail, ""))
    return Written(text.encode(charset), issues)


def _check_references(messages: Sequence[OutboundMessage], interchange_control: str) -> None:
    if not messages:
        raise ValueError("an interchange holds at least one message")
    references = [message.control for message in messages]
    for reference in (interchange_control, *references):
        if not 1 <= len(reference) <= _LONGEST_REFERENCE:
            raise ValueError(f"the reference {reference!r} is not 1 to 14 characters long")
    if len(set(references)) < len(references):
        raise ValueError("a reference is used for two messages")


def _una(profile: Profile) -> str:
    if not profile.una and profile.delimiters == DEFAULT_DELIMITERS:
        return ""
    return una(profile.delimiters) + profile.line_break


def una(delimiters: Delimiters) -> str:
    """The UNA that names these delimiters; a blank stands for a sign there is not."""
    return "UNA" + "".join(sign or " " for sign in delimiters)


def _unb(
    profile: Profile, messages: Sequence[OutboundMessage], control: str, now: datetime,
    issues: list[Issue],
) -> str:  # fmt: skip
    day = f"{now:%Y%m%d}" if profile.syntax_version >= "4" else f"{now:%y%m%d}"
    only_contrl = all(message.type == "CONTRL" for message in messages)
    elements = [
        [profile.syntax, profile.syntax_version],
        _address(profile, profile.sender_id, profile.sender_qualifier, issues),
        _address(profile, profile.receiver_id, profile.receiver_qualifier, issues),
        [day, f"{now:%H%M}"],
        [control],
        [],
        [profile.application_reference],
        [],
        ["1" if profile.ask_for_contrl and not only_contrl else ""],
        [profile.agreement],
        ["1" if profile.test else ""],
    ]
    fitted = [[fit(value, profile)[0] for value in element] for element in elements]
    joined = [_joined(element, profile.delimiters.component) for element in fitted]
    return _joined(["UNB", *joined], profile.delimiters.element)


def _joined(values: list[str], sign: str) -> str:
    """Joined without the empty values at the end."""
    while values and not values[-1]:
        values = values[:-1]
    return sign.join(values)


def _address(profile: Profile, identifier: str, qualifier: str, issues: list[Issue]) -> list[str]:
    if not identifier:
        _report(issues, profile, "element_missing", "")
    if len(identifier) > _LONGEST_ID or len(qualifier) > _LONGEST_QUALIFIER:
        _report(issues, profile, "address_id_too_long", identifier)
    for value in (identifier, qualifier):
        for code in fit(value, profile)[1]:
            _report(issues, profile, code, value)
    return [identifier, qualifier]


def _report(issues: list[Issue], profile: Profile, code: str, value: str) -> None:
    severity = profile.writing_severity(code)
    issues.append(Issue(code, severity, 0, None, None, None, None, value[:80], "UNB"))
