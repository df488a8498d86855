"""AS2 over HTTP: post a message, take the receipt that comes back, and judge it.

A message is delivered when its receipt says so, and never because the post was answered 200.
"""

from dataclasses import dataclass
from typing import Final

from integrations.canonical.problem import Problem, shorten
from integrations.formats.as2 import (
    Agreement,
    Built,
    Document,
    Expected,
    NotSendable,
    NotTaken,
    Receipt,
    build,
    is_receipt,
    judge,
    read_receipt,
)
from integrations.formats.as2.disposition import (
    AUTHENTICATION_FAILED,
    DECRYPTION_FAILED,
    INSUFFICIENT_SECURITY,
    INTEGRITY_FAILED,
    PROCESSING_ERROR,
    UNKNOWN_PARTNER,
)
from integrations.formats.as2.profile import ASYNC
from integrations.formats.as2.receipt_reader import DELIVERED, OTHER_MESSAGE, REFUSED, UNSIGNED
from portal.core import clock, http
from portal.core.errors import (
    CrossdockError,
    NeedsCredentials,
    NeedsPerson,
    Permanent,
    Retryable,
)
from portal.core.response import Response

# Partners take a message apart before they answer, and some do so on slow machines.
TIMEOUT: Final = (http.CONNECT_TIMEOUT, 60.0)
TOTAL_TIMEOUT: Final = 90.0
MAX_RECEIPT: Final = 1024 * 1024
# Keys and protection are agreed on for all messages, so the next one would be refused alike.
_ABOUT_THE_AGREEMENT: Final = frozenset(
    {AUTHENTICATION_FAILED, DECRYPTION_FAILED, INSUFFICIENT_SECURITY}
)
_PASSING: Final = frozenset({INTEGRITY_FAILED, PROCESSING_ERROR})


@dataclass(frozen=True)
class Sent:
    """A message that was posted. `receipt` is None where none was asked for, and where it comes later:
    then keep `expected`, and give it to `must_be_delivered` with the receipt.

    `answer` holds the receipt as it came, which proves the delivery: store it with the message.
    """

    expected: Expected
    receipt: Receipt | None
    answer: Response

    @property
    def is_awaited(self) -> bool:
        """The receipt comes later, to the address the message named."""
        return self.receipt is None and self.expected.receipt == ASYNC


def send(
    url: str,
    document: Document,
    agreement: Agreement,
    *,
    message_id: str,
    subject: str = "",
    auth: tuple[str, str] | None = None,
    ca_bundle: str | None = None,
    client_cert: tuple[str, str] | None = None,
) -> Sent:
    """Post `document` and return once its receipt proves the delivery, or when it comes later.

    Give every try of a message the same `message_id`: a partner that has it already says so again.
    Raises the four recovery errors, with the partner's own words where it refused.
    """
    built = _built(document, agreement, message_id=message_id, subject=subject)
    answer = http.request(
        "POST",
        url,
        headers=built.headers,
        data=built.body,
        auth=auth,
        timeout=TIMEOUT,
        total_timeout=TOTAL_TIMEOUT,
        max_bytes=MAX_RECEIPT,
        ca_bundle=ca_bundle,
        client_cert=client_cert,
    )
    return Sent(built.expected, _receipt_in(answer, built.expected, agreement), answer)


def must_be_delivered(receipt: Receipt, expected: Expected) -> None:
    """Return if `receipt` proves that the message arrived as it was sent, else raise what helps."""
    verdict = judge(receipt, expected)
    if verdict != DELIVERED:
        raise _refusal(receipt) if verdict == REFUSED else _doubt(verdict, receipt, expected)


def _built(document: Document, agreement: Agreement, *, message_id: str, subject: str) -> Built:
    try:
        return build(document, agreement, message_id=message_id, subject=subject, now=clock.now())
    except NotSendable as error:
        if error.code == "bad_name":
            raise Permanent(error.text, code="bad_setting") from error
        raise NeedsCredentials(error.text, code="protection_refused") from error


def _receipt_in(answer: Response, expected: Expected, agreement: Agreement) -> Receipt | None:
    if not is_receipt(answer.headers, answer.body):
        http.raise_for_recovery(answer)
        if expected.receipt in {None, ASYNC}:
            return None
        raise Retryable(
            f"{answer!r} brought no receipt, so the message counts as not delivered.",
            code="ack_missing",
            uncertain=True,
        )
    try:
        receipt = read_receipt(answer.headers, answer.body, agreement, now=clock.now())
    except NotTaken as error:
        raise _unreadable(error, agreement.profile.theirs) from error
    if judge(receipt, expected) != REFUSED:
        http.raise_for_recovery(answer)
    must_be_delivered(receipt, expected)
    return receipt


def _unreadable(error: NotTaken, partner: str) -> CrossdockError:
    text = f"The receipt of {partner} does not count, although the message may have arrived: {error.text}"
    if error.reason in {AUTHENTICATION_FAILED, INSUFFICIENT_SECURITY}:
        return NeedsCredentials(text, code="protection_refused")
    return Retryable(text, code="ack_missing", uncertain=True)


def _refusal(receipt: Receipt) -> CrossdockError:
    reason = receipt.disposition.reason or receipt.disposition.type
    words = f"The partner refused the message: {reason}. It says: {receipt.words or 'nothing more'}"
    known = reason.lower()
    if known in _ABOUT_THE_AGREEMENT:
        return NeedsCredentials(words, code="protection_refused")
    if known == UNKNOWN_PARTNER:
        return NeedsCredentials(words, code="unknown_partner")
    if known in _PASSING:
        return Retryable(words, code="ack_rejected")
    return NeedsPerson([Problem("ack_rejected", "", shorten(reason), words)])


def _doubt(verdict: str, receipt: Receipt, expected: Expected) -> CrossdockError:
    if verdict == OTHER_MESSAGE:
        named = receipt.message_id or "no message"
        text = f"The receipt is about {named} and not about {expected.message_id}."
        return Retryable(text, code="ack_missing", uncertain=True)
    if verdict == UNSIGNED:
        text = "The receipt is not signed, and a signed one was asked for."
        return NeedsPerson([Problem("receipt_mismatch", "", "", text)])
    text = (
        "The partner received other bytes than were sent: the check in its receipt is another."
        if receipt.mic
        else "The receipt does not say what the partner received: it names no check."
    )
    return NeedsPerson([Problem("receipt_mismatch", "", "", text)])
