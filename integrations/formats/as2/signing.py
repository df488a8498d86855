"""Detached CMS signatures: made, and checked against certificates that are known beforehand.

No chain is built: what counts is that a partner's own certificate signed, not that somebody vouches
for one. Signatures may be RSA (PKCS #1 v1.5 and PSS) or ECDSA.
"""

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from integrations.formats.as2.algorithms import DIGESTS, digest_of
from integrations.formats.as2.disposition import (
    AUTHENTICATION_FAILED,
    INSUFFICIENT_SECURITY,
    INTEGRITY_FAILED,
    NotTaken,
)
from integrations.formats.as2.profile import KeyPair, fault_of
from integrations.formats.as2.structures import (
    as_asn1,
    content_of,
    identifier_of,
    names_certificate,
    reading,
)

_MOST_SIGNERS: Final = 8
_SET: Final = 0x31


class OtherCertificate(NotTaken):
    """A signature that is well formed, and by a certificate that does not count, or counts no more."""


class Verified(NamedTuple):
    """Who signed what: `content` is the one of those offered that the signature is over."""

    certificate: x509.Certificate
    digest: str
    content: bytes


def sign(content: bytes, pair: KeyPair, *, digest: str, at: datetime) -> bytes:
    """A detached signature over `content` as DER, with the certificate in it."""
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "data"),
            _attribute("signing_time", cms.Time({"utc_time": at.replace(microsecond=0)})),
            _attribute("message_digest", digest_of(content, digest)),
        ]
    )
    is_rsa = isinstance(pair.key, rsa.RSAPrivateKey)
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", identifier_of(pair.certificate)),
        "digest_algorithm": {"algorithm": digest},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "rsassa_pkcs1v15" if is_rsa else f"{digest}_ecdsa"},
        "signature": _signature(pair, attributes.dump(), digest),
    }
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": digest}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [as_asn1(pair.certificate)],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()


def enclosed(der: bytes) -> bytes | None:
    """What a signature carries in itself (RFC 5751 §3.4.2); None where it is detached."""
    with reading(AUTHENTICATION_FAILED, "The signature"):
        _, signed = content_of(der)
        content = signed["encap_content_info"]["content"]
        return None if isinstance(content, core.Void) else bytes(content)


def verify(
    der: bytes,
    contents: Sequence[bytes],
    certificates: Sequence[x509.Certificate],
    *,
    now: datetime,
    is_allowed: Callable[[str], bool],
) -> Verified:
    """Check a signature over one of `contents` by one of `certificates`. Raises NotTaken.

    `is_allowed` says by name whether a digest is strong enough for this partner.
    """
    with reading(AUTHENTICATION_FAILED, "The signature"):
        kind, signed = content_of(der)
        if kind != "signed_data":
            raise NotTaken(AUTHENTICATION_FAILED, f"The signature is {kind} and no signature.")
        signer, certificate = _signer(list(signed["signer_infos"]), signed, certificates)
        if fault := fault_of(certificate, now):
            text = f"The certificate that signed {fault}."
            raise OtherCertificate(AUTHENTICATION_FAILED, text)
        digest = signer["digest_algorithm"]["algorithm"].native
        if not is_allowed(digest):
            text = f"The signature uses {digest}, which is not agreed on."
            raise NotTaken(INSUFFICIENT_SECURITY, text)
        inner = signed["encap_content_info"]["content_type"].native
        content, over = _signed_bytes(signer, contents, digest, inner=inner)
        _check(certificate, signer, over, digest)
        return Verified(certificate, digest, content)


def _signer(
    signers: list[Any], signed: Any, certificates: Sequence[x509.Certificate]
) -> tuple[Any, x509.Certificate]:
    if not 0 < len(signers) <= _MOST_SIGNERS:
        raise NotTaken(AUTHENTICATION_FAILED, f"The message has {len(signers)} signers.")
    for signer in signers:
        for certificate in certificates:
            if names_certificate(signer["sid"], certificate):
                return signer, certificate
    if not certificates:
        raise OtherCertificate(AUTHENTICATION_FAILED, "No certificate of the partner is known.")
    text = f"The signature is by another certificate than those known{_shown(signed)}."
    raise OtherCertificate(AUTHENTICATION_FAILED, text)


def _shown(signed: Any) -> str:
    """Which certificate came along, for whoever compares it with the one the partner sent by mail."""
    for choice in signed["certificates"] or ():
        if choice.name == "certificate":
            return f": its SHA-256 fingerprint is {choice.chosen.sha256.hex()}"
    return ""


def _signed_bytes(
    signer: Any, contents: Sequence[bytes], digest: str, *, inner: str
) -> tuple[bytes, Sequence[bytes]]:
    """The content, and what the signature itself may be over (RFC 5652 §5.4)."""
    attributes = signer["signed_attrs"]
    if not attributes:
        # Else somebody could show the signed attributes of another message as a content of its own.
        plain = [content for content in contents if content[:1] != bytes([_SET])]
        return contents[0], plain
    claimed = _only(attributes, "message_digest")
    if _only(attributes, "content_type") != inner:
        raise NotTaken(INTEGRITY_FAILED, "The signature is over another kind of content.")
    for content in contents:
        if hmac.compare_digest(digest_of(content, digest), claimed):
            encoded = attributes.dump()
            # They travel under a tag of their own and are signed under that of a set.
            return content, [bytes([_SET]) + encoded[1:]]
    raise NotTaken(INTEGRITY_FAILED, "The content is not what was signed: it changed on the way.")


def _only(attributes: Any, name: str) -> Any:
    found = [item["values"].native for item in attributes if item["type"].native == name]
    if len(found) != 1 or len(found[0]) != 1:
        raise NotTaken(INTEGRITY_FAILED, f"The signature has no single {name}.")
    return found[0][0]


def _check(certificate: x509.Certificate, signer: Any, over: Sequence[bytes], digest: str) -> None:
    signature = signer["signature"].native
    for signed in over:
        try:
            _check_one(
                certificate.public_key(), signer["signature_algorithm"], signature, signed, digest
            )
        except InvalidSignature:
            continue
        except UnsupportedAlgorithm as error:
            raise NotTaken(AUTHENTICATION_FAILED, "The signature is of an unknown kind.") from error
        return
    raise NotTaken(AUTHENTICATION_FAILED, "The signature does not match the partner's certificate.")


def _check_one(key: Any, algorithm: Any, signature: bytes, signed: bytes, digest: str) -> None:
    kind = algorithm.signature_algo
    hashing = DIGESTS[digest]
    named = algorithm["algorithm"].native
    # rsaEncryption names no digest of its own; the others must name the signer's.
    if named not in {"rsassa_pkcs1v15", "rsassa_pss"} and algorithm.hash_algo != digest:
        raise NotTaken(AUTHENTICATION_FAILED, "The signature names two digests.")
    if kind == "rsassa_pkcs1v15" and isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), hashing)
    elif kind == "rsassa_pss" and isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, _pss(algorithm["parameters"], digest), hashing)
    elif kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(hashing))
    else:
        raise NotTaken(AUTHENTICATION_FAILED, f"A signature of the kind {kind} is not read.")


def _pss(parameters: Any, digest: str) -> padding.PSS:
    mask = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
    if parameters["hash_algorithm"]["algorithm"].native != digest or mask not in DIGESTS:
        raise NotTaken(AUTHENTICATION_FAILED, "The signature names two digests.")
    return padding.PSS(padding.MGF1(DIGESTS[mask]), parameters["salt_length"].native)


def _signature(pair: KeyPair, signed: bytes, digest: str) -> bytes:
    if isinstance(pair.key, rsa.RSAPrivateKey):
        return pair.key.sign(signed, padding.PKCS1v15(), DIGESTS[digest])
    return pair.key.sign(signed, ec.ECDSA(DIGESTS[digest]))


def _attribute(name: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})
