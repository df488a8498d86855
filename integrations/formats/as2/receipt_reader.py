"""The receipt (MDN) of a message of ours: read, its signature checked, and judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Final

from integrations.formats.as2 import entity as mime
from integrations.formats.as2.algorithms import Mic, digest_name
from integrations.formats.as2.build import Expected
from integrations.formats.as2.disposition import PROCESSING_ERROR, Disposition, NotTaken, parse
from integrations.formats.as2.entity import Entity
from integrations.formats.as2.names import same_id
from integrations.formats.as2.profile import Agreement, fingerprint
from integrations.formats.as2.unwrap import checked

DELIVERED: Final = "delivered"
REFUSED: Final = "refused"
OTHER_MESSAGE: Final = "other_message"
UNSIGNED: Final = "unsigned"
NO_MIC: Final = "no_mic"
OTHER_MIC: Final = "other_mic"

_MOST_WORDS: Final = 1000


@dataclass(frozen=True)
class Receipt:
    """What a partner says became of a message of ours. `message_id` is that of ours, maybe empty.

    `signed_by`: the fingerprint of the certificate, empty for an unsigned one. `words`: what it says
    to people.
    """

    message_id: str
    disposition: Disposition
    mic: Mic | None
    signed_by: str
    words: str


def is_receipt(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this is a receipt and not a message: both may come to the same door."""
    outer = mime.from_http(headers, body)
    try:
        return _report(outer).kind == "multipart/report"
    except NotTaken:
        return False


def read_receipt(
    headers: Mapping[str, str], body: bytes, agreement: Agreement, *, now: datetime
) -> Receipt:
    """A receipt, signed or not. Raises NotTaken if it is none, or its signature is not the partner's."""
    outer = mime.from_http(headers, body)
    verified = checked(outer, agreement, now=now)
    report = mime.parse(verified.content) if verified else outer
    if report.kind != "multipart/report":
        raise NotTaken(PROCESSING_ERROR, f"This is {report.kind} and no receipt.")
    parts = mime.split(report)
    fields = _fields(parts)
    disposition = parse(str(fields.get("Disposition", "")))
    if disposition is None:
        raise NotTaken(PROCESSING_ERROR, "The receipt does not say what became of the message.")
    return Receipt(
        str(fields.get("Original-Message-ID", "")).strip(),
        disposition,
        _mic(str(fields.get("Received-Content-MIC", ""))),
        fingerprint(verified.certificate) if verified else "",
        _words(parts, fields),
    )


def judge(receipt: Receipt, expected: Expected) -> str:
    """What a receipt proves: DELIVERED, or the first thing that stands against it.

    A refusal counts even where it is not signed: partners who do not know us cannot sign for us.
    """
    if receipt.message_id and not same_id(receipt.message_id, expected.message_id):
        return OTHER_MESSAGE
    if not receipt.disposition.is_success:
        return REFUSED
    if not receipt.message_id:
        return OTHER_MESSAGE
    if expected.signed and not receipt.signed_by:
        return UNSIGNED
    if receipt.mic is None:
        return NO_MIC if expected.mic_needed else DELIVERED
    return DELIVERED if receipt.mic.equals(expected.mic) else OTHER_MIC


def _report(outer: Entity) -> Entity:
    return mime.split(outer)[0] if outer.kind == "multipart/signed" else outer


def _fields(parts: list[Entity]) -> Message:
    for part in parts:
        if part.kind == "message/disposition-notification":
            return BytesHeaderParser(policy=compat32).parsebytes(part.content().lstrip(b"\r\n"))
    raise NotTaken(PROCESSING_ERROR, "The receipt lacks the part for machines.")


def _mic(field: str) -> Mic | None:
    digest, comma, algorithm = field.partition(",")
    if not digest.strip():
        return None
    return Mic("".join(digest.split()), digest_name(algorithm) if comma else "")


def _words(parts: list[Entity], fields: Message) -> str:
    said = [str(fields.get(name, "")) for name in ("Failure", "Error", "Warning")]
    said += [
        part.content().decode("utf-8", "replace") for part in parts if part.kind == "text/plain"
    ]
    printable = "".join(c if c.isprintable() else " " for c in " ".join(said))
    return " ".join(printable.split())[:_MOST_WORDS]
