"""From a message as it came to the document in it: decrypted, opened, its signature checked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509

from integrations.formats.as2 import entity as mime
from integrations.formats.as2.algorithms import Mic, mic_of
from integrations.formats.as2.compressing import TooLarge, decompress
from integrations.formats.as2.disposition import (
    AUTHENTICATION_FAILED,
    DECOMPRESSION_FAILED,
    DECRYPTION_FAILED,
    INSUFFICIENT_SECURITY,
    PROCESSING_ERROR,
    NotTaken,
)
from integrations.formats.as2.encrypting import Decrypted, decrypt
from integrations.formats.as2.entity import Entity
from integrations.formats.as2.profile import Agreement, fingerprint
from integrations.formats.as2.signing import OtherCertificate, Verified, enclosed, verify
from integrations.formats.as2.structures import content_of, reading

_CMS: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURES: Final = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_DAMAGED: Final = {
    "enveloped-data": DECRYPTION_FAILED,
    "compressed-data": DECOMPRESSION_FAILED,
    "signed-data": AUTHENTICATION_FAILED,
}


@dataclass(frozen=True)
class Protection:
    """What protected a message: cipher and digest as a profile names them, or None.

    `signed_by` and `decrypted_by`: fingerprints of the partner's certificate and of ours, or empty.
    """

    encrypted: str | None = None
    signed: str | None = None
    compressed: bool = False
    signed_by: str = ""
    decrypted_by: str = ""


@dataclass(frozen=True)
class Content:
    """The document in a message. `mic` is the check over it that a receipt has to name."""

    payload: bytes
    filename: str
    content_type: str
    protection: Protection
    mic: Mic


def unwrap(
    outer: Entity, agreement: Agreement, *, now: datetime, largest: int, digest: str = ""
) -> Content:
    """The document in `outer`, of at most `largest` bytes. Raises NotTaken.

    `digest`: what the check shall be made with where the message is not signed.
    """
    profile = agreement.profile
    opened = _decrypted(outer, agreement)
    if opened is None and profile.wants_encrypted:
        raise NotTaken(INSUFFICIENT_SECURITY, "The message is not encrypted.")
    verified = None
    try:
        inner = mime.parse(opened.content) if opened else outer
        inner, early = _decompressed(inner, largest)
        verified = checked(inner, agreement, now=now)
        if verified is None and profile.wants_signed:
            raise NotTaken(INSUFFICIENT_SECURITY, "The message is not signed.")
        late = False
        if verified:
            inner, late = _decompressed(mime.parse(verified.content), largest, already=early)
        payload = inner.content()
    except NotTaken as error:
        if opened and verified is None and not _says_nothing_of_the_cipher(error):
            raise NotTaken(error.reason, error.text, inside=True) from error
        raise
    protection = Protection(
        encrypted=opened.cipher if opened else None,
        signed=verified.digest if verified else None,
        compressed=early or late,
        signed_by=_mark(verified.certificate if verified else None),
        decrypted_by=_mark(opened.certificate if opened else None),
    )
    # A signed message is checked with the signature's own digest, whatever is asked for (RFC 4130 §7.3.1).
    used = verified.digest if verified else digest or profile.digest
    mic = mic_of(_checked_bytes(inner, verified, protection), used)
    return Content(payload, inner.filename, inner.kind, protection, mic)


def _says_nothing_of_the_cipher(error: NotTaken) -> bool:
    """Garbage is neither well formed and weak, nor by another's certificate, nor a bomb."""
    return error.reason == INSUFFICIENT_SECURITY or isinstance(error, TooLarge | OtherCertificate)


def checked(entity: Entity, agreement: Agreement, *, now: datetime) -> Verified | None:
    """The signature of an entity, verified; None if it has none. Raises NotTaken."""
    if entity.kind == "multipart/signed":
        parts = mime.split(entity)
        if len(parts) != 2 or parts[1].kind not in _SIGNATURES:
            text = "A signed message has to have two parts, of which the second is the signature."
            raise NotTaken(AUTHENTICATION_FAILED, text)
        signature, raw = parts[1].content(), parts[0].raw
        canonical = mime.canonical(raw)
        contents = [raw] if canonical == raw else [raw, canonical]
    elif _cms_kind(entity) == "signed_data":
        signature = entity.content()
        inside = enclosed(signature)
        if inside is None:
            raise NotTaken(AUTHENTICATION_FAILED, "The signature came without what it is over.")
        contents = [inside]
    else:
        return None
    return verify(
        signature,
        contents,
        agreement.certificates,
        now=now,
        is_allowed=agreement.profile.reads_digest,
    )


def _decrypted(outer: Entity, agreement: Agreement) -> Decrypted | None:
    if _cms_kind(outer) != "enveloped_data":
        return None
    return decrypt(outer.content(), agreement.own, agreement.profile)


def _decompressed(entity: Entity, largest: int, *, already: bool = False) -> tuple[Entity, bool]:
    if _cms_kind(entity) != "compressed_data":
        return entity, False
    if already:
        raise NotTaken(DECOMPRESSION_FAILED, "The message is compressed twice.")
    return mime.parse(decompress(entity.content(), largest=largest)), True


def _cms_kind(entity: Entity) -> str:
    """What kind of CMS content stands in an entity, in asn1crypto's words; empty if it is another."""
    if entity.kind not in _CMS:
        return ""
    reason = _DAMAGED.get(entity.parameter("smime-type").lower(), PROCESSING_ERROR)
    with reading(reason, "The message"):
        return content_of(entity.content())[0]


def _checked_bytes(inner: Entity, verified: Verified | None, protection: Protection) -> bytes:
    """What the check is over (RFC 4130 §7.3.1, RFC 5402 §4)."""
    if verified:
        return verified.content
    if protection.encrypted or protection.compressed:
        return inner.raw
    return inner.body


def _mark(certificate: x509.Certificate | None) -> str:
    return fingerprint(certificate) if certificate else ""
