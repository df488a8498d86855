"""Certificates and keys as people enter them: PEM texts, and in a sentence what is wrong with one."""

import re
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from integrations.formats.as2.profile import KeyPair, fault_of

SMALLEST_RSA: Final = 2048  # bits
_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_CERTIFICATES: Final = frozenset({"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"})
_BEGINS: Final = "which begins with -----BEGIN CERTIFICATE-----"


class BadPemError(ValueError):
    """A text holds no certificate or key that can be used. Its words never repeat the text."""


def certificate_in(text: str) -> x509.Certificate:
    """The one certificate of a partner in a PEM text. Raises BadPemError."""
    certificates, keys = _divided(text)
    if keys:
        raise BadPemError(
            f"This holds a private key. Only the certificate is wanted, {_BEGINS}; whoever sent the key"
            " has to make a new one, because it is private no more."
        )
    return _certificate(certificates)


def pair_in(text: str) -> KeyPair:
    """Our private key and its certificate, both in one PEM text in either order. Raises BadPemError."""
    certificates, keys = _divided(text)
    if len(keys) != 1:
        found = "no private key" if not keys else f"{len(keys)} private keys"
        raise BadPemError(f"Enter one private key with its certificate: this text holds {found}.")
    certificate, key = _certificate(certificates), _key(keys[0])
    try:
        return KeyPair(key, certificate)
    except ValueError as error:
        raise BadPemError(str(error)) from None


def certificate_fault(text: str, now: datetime) -> str:
    """Why `text` is no certificate to enter, as a sentence; empty if it is one, maybe not valid yet."""
    try:
        return _expired(certificate_in(text), now)
    except BadPemError as error:
        return str(error)


def pair_fault(text: str, now: datetime) -> str:
    """Why `text` is no key with a certificate to enter, as a sentence without it; empty if it is."""
    try:
        return _expired(pair_in(text).certificate, now)
    except BadPemError as error:
        return str(error)


def _expired(certificate: x509.Certificate, now: datetime) -> str:
    if now <= certificate.not_valid_after_utc:
        return ""
    return f"The certificate {fault_of(certificate, now)}. Enter one that is still valid."


def _divided(text: str) -> tuple[list[str], list[str]]:
    """The blocks of certificates, and those of private keys."""
    certificates, keys = [], []
    for found in _BLOCK.finditer(text):
        if found[1] in _CERTIFICATES:
            certificates.append(found[0])
        elif found[1].endswith("PRIVATE KEY"):
            keys.append(found[0])
    return certificates, keys


def _certificate(blocks: list[str]) -> x509.Certificate:
    if not blocks:
        raise BadPemError(f"This holds no certificate in PEM form, {_BEGINS}.")
    if len(blocks) > 1:
        raise BadPemError(
            f"This holds {len(blocks)} certificates. Enter the partner's own one alone: those of authorities"
            " are not needed, and the next one has a field of its own."
        )
    try:
        certificate = x509.load_pem_x509_certificate(blocks[0].encode())
        public = certificate.public_key()
    except Exception:  # whatever a damaged one raises
        raise BadPemError(
            "The certificate is damaged: copy it once more, with its first and last line."
        ) from None
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < SMALLEST_RSA:
            raise BadPemError(
                f"The certificate's key has {public.key_size} bits. At least {SMALLEST_RSA} are needed."
            )
    elif not isinstance(public, ec.EllipticCurvePublicKey):
        raise BadPemError("The certificate has neither an RSA key nor one on an elliptic curve.")
    return certificate


def _key(block: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    if "ENCRYPTED" in block:
        raise BadPemError("The private key is locked by a pass phrase. Enter it without one.")
    try:
        key = load_pem_private_key(block.encode(), None)
    except Exception:  # whatever a damaged one raises; its words may repeat the key
        raise BadPemError(
            "The private key is damaged: copy it once more, with its first and last line."
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise BadPemError("The private key is neither an RSA key nor one on an elliptic curve.")
    return key
