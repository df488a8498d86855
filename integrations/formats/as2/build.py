"""A message of ours: from a document to headers, a body, and what its receipt has to say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from integrations.formats.as2 import entity
from integrations.formats.as2.algorithms import Mic, mic_of, spelled
from integrations.formats.as2.compressing import compress
from integrations.formats.as2.encrypting import encrypt
from integrations.formats.as2.names import checked_id, quoted
from integrations.formats.as2.profile import AFTER, ASYNC, BEFORE, Agreement, KeyPair, Profile
from integrations.formats.as2.signing import sign

VERSION: Final = "1.2"  # which says that compressed messages are read (RFC 4130 §6.1, RFC 5402)
_CMS: Final = "application/pkcs7-mime; smime-type={}; name={}"
_SIGNATURE: Final = "application/pkcs7-signature; name=smime.p7s"


class Document(NamedTuple):
    """What is sent: its bytes, and under which name and as what."""

    payload: bytes
    filename: str = ""
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Expected:
    """What the receipt of a message has to say; keep it where receipts come later. `mic` is base64.

    `receipt` is sync, async or None. `signed`: only a signed receipt counts. `mic_needed`: it has to
    name the integrity check, as it must for a signed message.
    """

    message_id: str
    mic: Mic
    receipt: str | None
    signed: bool
    mic_needed: bool


@dataclass(frozen=True)
class Built:
    """A message to be posted as it is."""

    headers: dict[str, str]
    body: bytes
    expected: Expected


def build(
    document: Document,
    agreement: Agreement,
    *,
    message_id: str,
    now: datetime,
    subject: str = "",
) -> Built:
    """The message as its agreement has it protected. The same `message_id` for every try.

    Raises NotSendable for names no header can carry, missing keys and certificates that ran out.
    """
    profile = agreement.profile
    headers = {
        "AS2-Version": VERSION,
        "AS2-From": quoted(profile.ours),
        "AS2-To": quoted(profile.theirs),
        "Message-ID": checked_id(message_id),
        "MIME-Version": "1.0",
        **_receipt_headers(profile),
    }
    if subject:
        headers["Subject"] = entity.fit("the subject", subject, ascii_only=True)
    wrapped = _Wrapped.plain(document)
    mic = mic_of(document.payload, profile.digest)
    if profile.sign or profile.encrypt or profile.compress:
        mic = mic_of(wrapped.raw(), profile.digest)
    if profile.compress == BEFORE or (profile.compress and not profile.sign):
        wrapped = _compressed(wrapped)
    if profile.sign:
        pair = agreement.signing_pair(now)
        mic = mic_of(wrapped.raw(), profile.digest)
        wrapped = signed(wrapped.raw(), pair, digest=profile.sign, now=now, dashed=profile.dashed)
        if profile.compress == AFTER:
            wrapped = _compressed(wrapped)
    if profile.encrypt:
        certificate = agreement.encryption_certificate(now)
        sealed = encrypt(wrapped.raw(), certificate, cipher=profile.encrypt)
        wrapped = _Wrapped.cms("enveloped-data", "smime.p7m", sealed)
    expected = Expected(
        message_id,
        mic,
        profile.receipt,
        signed=bool(profile.receipt) and profile.receipt_signed,
        mic_needed=bool(profile.sign),
    )
    return Built({**headers, **wrapped.headers}, wrapped.body, expected)


class _Wrapped(NamedTuple):
    headers: dict[str, str]
    body: bytes

    @classmethod
    def plain(cls, document: Document) -> "_Wrapped":
        kind = entity.fit("the content type", document.content_type, ascii_only=True)
        # Said to be binary, so that nobody changes its line ends.
        headers = {"Content-Type": kind, "Content-Transfer-Encoding": "binary"}
        if document.filename:
            headers["Content-Disposition"] = entity.attachment(document.filename)
        return cls(headers, document.payload)

    @classmethod
    def cms(cls, kind: str, name: str, der: bytes) -> "_Wrapped":
        headers = {
            "Content-Type": _CMS.format(kind, name),
            "Content-Transfer-Encoding": "binary",
            "Content-Disposition": f"attachment; filename={name}",
        }
        return cls(headers, der)

    def raw(self) -> bytes:
        return entity.write(self.headers, self.body)


def signed(raw: bytes, pair: KeyPair, *, digest: str, now: datetime, dashed: bool) -> _Wrapped:
    """An entity and its signature as multipart/signed (RFC 1847)."""
    signature = entity.write(
        {
            "Content-Type": _SIGNATURE,
            "Content-Transfer-Encoding": "base64",
            "Content-Disposition": "attachment; filename=smime.p7s",
        },
        entity.in_base64(sign(raw, pair, digest=digest, at=now)),
    )
    boundary, body = entity.join([raw, signature])
    kind = (
        'multipart/signed; protocol="application/pkcs7-signature";'
        f' micalg={spelled(digest, dashed=dashed)}; boundary="{boundary}"'
    )
    return _Wrapped({"Content-Type": kind}, body)


def _compressed(wrapped: _Wrapped) -> _Wrapped:
    return _Wrapped.cms("compressed-data", "smime.p7z", compress(wrapped.raw()))


def _receipt_headers(profile: Profile) -> dict[str, str]:
    if not profile.receipt:
        return {}
    headers = {"Disposition-Notification-To": quoted(profile.ours)}
    digest = spelled(profile.digest, dashed=profile.dashed)
    if profile.receipt_signed:
        headers["Disposition-Notification-Options"] = (
            "signed-receipt-protocol=required, pkcs7-signature;"
            f" signed-receipt-micalg=required, {digest}"
        )
    elif not profile.sign:
        # Where neither a signature nor this header names a digest, the check is made with SHA-1.
        headers["Disposition-Notification-Options"] = f"signed-receipt-micalg=optional, {digest}"
    if profile.receipt == ASYNC:
        url = entity.fit("the address for receipts", profile.receipt_url, ascii_only=True)
        headers["Receipt-Delivery-Option"] = url
    return headers
