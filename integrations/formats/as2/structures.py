"""CMS structures (RFC 5652) as they come from outside: whatever is wrong with them is one error."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from asn1crypto import cms, parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from integrations.formats.as2.disposition import NotTaken

# What asn1crypto and cryptography raise on bytes that are not what they say they are.
BROKEN: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)
_LONGEST_NAME: Final = 4096


@contextmanager
def reading(reason: str, what: str) -> Iterator[None]:
    """Whatever breaks while a structure is read becomes NotTaken with `reason`."""
    try:
        yield
    except BROKEN as error:
        raise NotTaken(reason, f"{what} is damaged.") from error


def content_of(der: bytes) -> tuple[str, Any]:
    """What kind of CMS content it is, in asn1crypto's words, and the content. BER is read, too.

    A line end may stand behind it, as some senders write one, and nothing else: what is left alone
    inside of an envelope tells by its padding what it is.
    """
    length = parser.peek(der)
    if der[length:].strip():
        raise ValueError("something stands behind the structure")
    info = cms.ContentInfo.load(der)
    kind = info["content_type"].native
    return kind, info["content"]


def names_certificate(identifier: Any, certificate: x509.Certificate) -> bool:
    """Whether a signer or recipient identifier means this certificate."""
    if identifier.name == "issuer_and_serial_number":
        wanted = identifier.chosen
        if wanted["serial_number"].native != certificate.serial_number:
            return False
        return _same_name(wanted["issuer"], as_asn1(certificate).issuer)
    wanted_id = identifier.chosen.native
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return False
    return bool(wanted_id == extension.value.digest)


def _same_name(one: Any, other: Any) -> bool:
    """By their bytes, and by what they mean only where that takes no time: a stranger chose one."""
    if one.dump() == other.dump():
        return True
    return len(one.dump()) <= _LONGEST_NAME and bool(one.hashable == other.hashable)


def identifier_of(certificate: x509.Certificate) -> cms.IssuerAndSerialNumber:
    """The identifier by issuer and serial number."""
    parsed = as_asn1(certificate)
    return cms.IssuerAndSerialNumber(
        {"issuer": parsed.issuer, "serial_number": certificate.serial_number}
    )


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """A certificate as asn1crypto has it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
