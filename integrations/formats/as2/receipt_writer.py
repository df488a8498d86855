"""The receipt (MDN) of a message that came: what became of it, and the check over what came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.formats.as2 import entity
from integrations.formats.as2.algorithms import Mic, spelled
from integrations.formats.as2.build import VERSION, signed
from integrations.formats.as2.disposition import Disposition, NotSendable
from integrations.formats.as2.names import checked_id, quoted
from integrations.formats.as2.profile import Agreement, KeyPair
from integrations.formats.as2.receipts_asked import Asked

_REPORT: Final = 'multipart/report; report-type=disposition-notification; boundary="{}"'
_AGENT: Final = "integration/1.0"  # nobody's name: partners must not see which software it is


@dataclass(frozen=True)
class Answer:
    """A receipt. `deliver_to`: post it there and answer the message empty; empty: it is the answer."""

    headers: dict[str, str]
    body: bytes
    deliver_to: str = ""


@dataclass(frozen=True)
class About:
    """The message a receipt is about, with the names as its headers had them."""

    message_id: str
    sender: str
    receiver: str


def write_receipt(
    about: About,
    disposition: Disposition,
    text: str,
    *,
    asked: Asked,
    agreement: Agreement | None,
    mic: Mic | None,
    receipt_id: str,
    now: datetime,
) -> Answer:
    """The receipt as it was asked for, signed if it shall be and we have a key at all."""
    dashed = agreement is None or agreement.profile.dashed
    boundary, body = entity.join(
        [_for_people(text), _for_machines(about, disposition, mic, dashed)]
    )
    content = {"Content-Type": _REPORT.format(boundary)}
    pair = _pair(agreement, now) if asked.signed else None
    if pair and agreement:
        raw = entity.write(content, body)
        digest = asked.digest or agreement.profile.digest
        content, body = signed(raw, pair, digest=digest, now=now, dashed=dashed)
    headers = {
        "AS2-Version": VERSION,
        "AS2-From": quoted(about.receiver),
        "AS2-To": quoted(about.sender),
        "Message-ID": checked_id(receipt_id),
        "MIME-Version": "1.0",
        **content,
    }
    return Answer(headers, body, asked.deliver_to)


def _pair(agreement: Agreement | None, now: datetime) -> KeyPair | None:
    if not agreement or not agreement.own:
        return None
    try:
        return agreement.signing_pair(now)
    except NotSendable:
        # The partner waits for a word: signed with what ran out, it may judge for itself.
        return agreement.own[0]


def _for_people(text: str) -> bytes:
    headers = {"Content-Type": "text/plain; charset=us-ascii", "Content-Transfer-Encoding": "7bit"}
    lines = text.encode("ascii", "replace").splitlines()
    return entity.write(headers, b"".join(line + b"\r\n" for line in lines))


def _for_machines(about: About, disposition: Disposition, mic: Mic | None, dashed: bool) -> bytes:
    fields = {
        "Reporting-UA": _AGENT,
        "Original-Recipient": f"rfc822; {quoted(about.receiver)}",
        "Final-Recipient": f"rfc822; {quoted(about.receiver)}",
        "Original-Message-ID": about.message_id,
        "Disposition": str(disposition),
    }
    if mic:
        algorithm = spelled(mic.algorithm, dashed=dashed)
        fields["Received-Content-MIC"] = f"{mic.digest}, {algorithm}"
    headers = {
        "Content-Type": "message/disposition-notification",
        "Content-Transfer-Encoding": "7bit",
    }
    return entity.write(headers, entity.write(fields, b""))
