"""What connectors share whose partner speaks AS2: what is entered for it, the agreement, and a file sent.

A connector over AS2 adds `SETTINGS` to its own, gives `agreement_of` as its capability `as2`, so that the
door takes the partner's messages, and lets its `put_file` end in `put`.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from cryptography import x509

from integrations.connectors.connection import Connection, Setting
from integrations.formats.as2 import (
    Agreement,
    Document,
    KeyPair,
    NotSendable,
    Profile,
    fault_of,
    fingerprint,
)
from integrations.formats.as2.names import quoted
from integrations.formats.as2.pem import (
    BadPemError,
    certificate_fault,
    certificate_in,
    pair_fault,
    pair_in,
)
from integrations.formats.as2.profile import AFTER, ASYNC, BEFORE, SYNC
from integrations.transports import as2
from portal.core import clock
from portal.core.errors import NeedsCredentials

AS2: Final = "as2"
NONE: Final = "none"
WARN_DAYS: Final = 30
BOTH, SIGNED, ENCRYPTED, ANY = "signed and encrypted", "signed", "encrypted", "anything"
AWAITED, PROVEN, UNPROVEN = "receipt awaited", "receipt proves it", "sent without a receipt"


def _name_fault(text: str) -> str:
    try:
        quoted(text)
    except NotSendable:
        return (
            "An AS2 name has 1 to 128 letters, digits and signs of ASCII, and no blank at its ends."
        )
    return ""


def _certificate_fault(text: str) -> str:
    return certificate_fault(text, clock.now())


def _pair_fault(text: str) -> str:
    return pair_fault(text, clock.now())


def _key(name: str, label: str, help_text: str) -> Setting:
    # It stays: the key signs and decrypts here, and is sent nowhere.
    return Setting(name, label, help_text, secret=True, required=False, kind="lines",
                   check=_pair_fault, stays=True)  # fmt: skip


def _certificate(name: str, label: str, help_text: str) -> Setting:
    return Setting(
        name, label, help_text, required=False, kind="lines", check=_certificate_fault, default=()
    )


def _choice(
    name: str, label: str, help_text: str, *choices: str, words: tuple[str, ...] = ()
) -> Setting:
    """The first choice is the default."""
    return Setting(name, label, help_text, required=False, default=choices[0], kind="choice",
                   choices=choices, words=words)  # fmt: skip


def _flag(
    name: str, label: str, help_text: str, *, default: bool, when: tuple[str, Any] | None = None
) -> Setting:
    return Setting(name, label, help_text, required=False, default=default, kind="flag", when=when)


# What few partners ask for, or what matters only while a certificate changes.
_SELDOM: Final = {
    "as2_next_certificate", "as2_encryption_certificate", "as2_next_private_key", "as2_compress",
    "as2_receipt_signed", "as2_takes", "as2_takes_weak", "as2_partner_receipt_url", "as2_old_names",
    "as2_user", "as2_password",
}  # fmt: skip
_ENTERED: Final = (
    Setting("as2_own_id", "Our AS2 name", "The name the partner knows us by. Capital letters count.",
            check=_name_fault),
    Setting("as2_partner_id", "Partner's AS2 name", "The name in the header AS2-From of their messages.",
            check=_name_fault),
    Setting("as2_url", "Partner's AS2 address", "Where messages are posted, such as https://as2.example.com/in.",
            kind="url", place=True),
    _certificate("as2_certificate", "Partner's certificate",
                 "In PEM form. Their signatures are checked with it, and messages to them encrypted for it."),
    _certificate("as2_next_certificate", "Partner's next certificate",
                 "During a change: both count, and messages are encrypted for the first while it is valid."),
    _certificate("as2_encryption_certificate", "Partner's certificate for encryption",
                 "Only if they decrypt with another key than they sign with."),
    _key("as2_private_key", "Our private key and certificate",
         "Both in PEM form, the key without a pass phrase. The partner is given the certificate only."),
    _key("as2_next_private_key", "Our next private key and certificate",
         "During a change: what they encrypt for either is read; the first signs while it is valid."),
    _choice("as2_sign", "Messages are signed with", "Ask the partner. SHA-1 is for old systems only.",
            "sha256", "sha384", "sha512", "sha1", NONE,
            words=("SHA-256", "SHA-384", "SHA-512", "SHA-1", "nothing")),
    _choice("as2_encrypt", "Messages are encrypted with", "Ask the partner. 3DES is for old systems only.",
            "aes256", "aes192", "aes128", "3des", NONE,
            words=("AES-256", "AES-192", "AES-128", "3DES", "nothing")),
    _choice("as2_compress", "Messages are compressed", "Ask the partner.",
            NONE, BEFORE, AFTER, words=("no", "before they are signed", "after they are signed")),
    _choice("as2_receipt", "Receipt", "In the answer (synchronous), or posted to us later (asynchronous).",
            SYNC, ASYNC, NONE, words=("in the answer", "posted later", "none")),
    _flag("as2_receipt_signed", "Receipts have to be signed", "Else anybody could say what arrived.",
          default=True, when=("as2_receipt", (SYNC, ASYNC))),
    Setting("as2_receipt_url", "Our address for receipts",
            "This endpoint's own address for documents, as the partner reaches it.",
            required=False, kind="url", default="", when=("as2_receipt", ASYNC)),
    _choice("as2_takes", "The partner's messages have to be", "What is less protected is refused.",
            BOTH, SIGNED, ENCRYPTED, ANY),
    _flag("as2_takes_weak", "Old algorithms are taken", "SHA-1 and 3DES in what the partner sends.",
          default=False),
    Setting("as2_partner_receipt_url", "Partner's address for receipts",
            "Where receipts go that they want asynchronously. Empty: where their signed message says.",
            required=False, kind="url", default=""),
    _flag("as2_old_names", "Algorithms by their old names", "sha256 in place of sha-256, for old systems.",
          default=False),
    Setting("as2_user", "User", "If the partner's address asks for a login.", required=False, default=""),
    Setting("as2_password", "Password", "Goes with the user.", secret=True, required=False),
)  # fmt: skip
SETTINGS: Final = tuple(replace(s, seldom=s.name in _SELDOM) for s in _ENTERED)


def settings_when(name: str, value: str = AS2) -> tuple[Setting, ...]:
    """SETTINGS for a connector that has other ways, too: required only where setting `name` is `value`."""
    return tuple(s if s.when else replace(s, when=(name, value)) for s in SETTINGS)


def agreement_of(connection: Connection) -> Agreement:
    """What was agreed on, with keys and certificates; NeedsCredentials for what cannot be used as entered."""
    entered = connection.settings
    takes = entered["as2_takes"]
    try:
        profile = Profile(
            ours=_text(connection, "as2_own_id"),
            theirs=_text(connection, "as2_partner_id"),
            sign=_unless_none(entered["as2_sign"]),
            encrypt=_unless_none(entered["as2_encrypt"]),
            compress=_unless_none(entered["as2_compress"]),
            receipt=_unless_none(entered["as2_receipt"]),
            receipt_signed=bool(entered["as2_receipt_signed"]),
            receipt_url=_text(connection, "as2_receipt_url"),
            wants_signed=takes in {BOTH, SIGNED},
            wants_encrypted=takes in {BOTH, ENCRYPTED},
            reads_sha1=bool(entered["as2_takes_weak"]),
            reads_3des=bool(entered["as2_takes_weak"]),
            their_receipt_url=_text(connection, "as2_partner_receipt_url"),
            dashed=not entered["as2_old_names"],
        )
        return Agreement(
            profile,
            own=tuple(_pairs(connection)),
            certificates=tuple(
                _certificates(connection, "as2_certificate", "as2_next_certificate")
            ),
            encryption_certificates=tuple(_certificates(connection, "as2_encryption_certificate")),
        )
    except ValueError as error:
        raise NeedsCredentials(str(error), code="protection_refused") from None


class Held(NamedTuple):
    """A certificate that was entered for an endpoint, and whose it is, such as `Our certificate`."""

    whose: str
    certificate: x509.Certificate

    @property
    def is_ours(self) -> bool:
        return self.whose.startswith("Our")

    @property
    def ends(self) -> datetime:
        return self.certificate.not_valid_after_utc

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal: what partners compare over the telephone."""
        return fingerprint(self.certificate)

    def days_left(self, now: datetime) -> int:
        """Negative when it has expired."""
        return (self.ends - now).days

    def fault(self, now: datetime) -> str:
        """Why it is not valid now, as the end of a sentence; empty if it is."""
        return fault_of(self.certificate, now)


def held(agreement: Agreement) -> list[Held]:
    """The certificates of an agreement, ours first."""
    ours = ("Our certificate", "Our next certificate")
    theirs = ("The partner's certificate", "The partner's next certificate")
    return [
        *(Held(who, pair.certificate) for who, pair in zip(ours, agreement.own, strict=False)),
        *(Held(who, one) for who, one in zip(theirs, agreement.certificates, strict=False)),
        *(Held("The partner's certificate for encryption", one)
          for one in agreement.encryption_certificates),
    ]  # fmt: skip


def ending(agreement: Agreement, now: datetime) -> list[Held]:
    """The certificates that end within WARN_DAYS or have ended, and that no other one of the same side, good
    now and for longer, takes over from."""
    known = held(agreement)
    return [
        one
        for one in known
        if one.days_left(now) < WARN_DAYS
        and not any(
            other.is_ours == one.is_ours and other.ends > one.ends and not other.fault(now)
            for other in known
        )
    ]


def message_id_of(connection: Connection, file_name: str, body: bytes) -> str:
    """The id of the message with this file: the same for every try, by which the partner knows it again."""
    names = (_text(connection, "as2_own_id"), _text(connection, "as2_partner_id"), file_name)
    digest = hashlib.sha256("\0".join(names).encode() + b"\0" + body).hexdigest()
    return f"<{digest[:40]}@as2>"


def put(
    connection: Connection,
    file_name: str,
    body: bytes,
    *,
    content_type: str = "application/octet-stream",
) -> dict[str, Any]:
    """Send a file as one message. Returns what `put_file` returns: what people are shown, and under `as2`
    what the hub keeps of the receipt, or has to hold against one that comes later.

    A synchronous receipt has proven the delivery. Raises the four recovery errors, a refusal in the
    partner's words.
    """
    agreement = agreement_of(connection)
    message_id = message_id_of(connection, file_name, body)
    password = connection.secrets.get("as2_password")
    user = _text(connection, "as2_user")
    sent = as2.send(
        _text(connection, "as2_url"),
        Document(body, file_name, content_type),
        agreement,
        message_id=message_id,
        subject=file_name if file_name.isascii() else "",
        auth=(user, password.reveal() if password else "") if user else None,
    )
    return {"status": _status(sent), "body": file_name, "as2": kept(sent)}


def kept(sent: as2.Sent) -> dict[str, Any]:
    """What is stored of a message that was posted, as JSON: what its receipt has to say, and the receipt as
    it came, its body in base64."""
    expected = sent.expected
    proof: Mapping[str, Any] = {}
    if sent.receipt is not None:
        body = base64.b64encode(sent.answer.body).decode()
        proof = {"headers": dict(sent.answer.headers), "body": body}
    return {
        "message_id": expected.message_id,
        "mic": expected.mic.digest,
        "mic_algorithm": expected.mic.algorithm,
        "receipt": expected.receipt,
        "signed": expected.signed,
        "mic_needed": expected.mic_needed,
        "proof": proof,
    }


def _status(sent: as2.Sent) -> str:
    if sent.receipt is not None:
        return PROVEN
    return AWAITED if sent.is_awaited else UNPROVEN


def _pairs(connection: Connection) -> list[KeyPair]:
    secrets = [connection.secrets.get(name) for name in ("as2_private_key", "as2_next_private_key")]
    try:
        return [pair_in(secret.reveal()) for secret in secrets if secret]
    except BadPemError as error:
        raise BadPemError(f"Our private key and certificate: {error}") from None


def _certificates(connection: Connection, *names: str) -> list[Any]:
    texts = ["\n".join(connection.lines(name)) for name in names]
    try:
        return [certificate_in(text) for text in texts if text]
    except BadPemError as error:
        raise BadPemError(f"Partner's certificate: {error}") from None


def _text(connection: Connection, name: str) -> str:
    return str(connection.settings.get(name) or "").strip()


def _unless_none(choice: str) -> str | None:
    return None if choice == NONE else choice
