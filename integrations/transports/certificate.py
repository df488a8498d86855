"""What a server shows in its TLS handshake, and what is wrong with it."""

import socket
import ssl
from datetime import datetime
from typing import Final, NamedTuple

import certifi
from cryptography import x509
from cryptography.x509.oid import NameOID

from integrations.transports import reach
from portal.core import clock

AUTHORITIES: Final = certifi.where()
_WRONG_NAME: Final = frozenset({62, 64})  # X509_V_ERR_HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH
_SELF_SIGNED: Final = frozenset({18, 19})


class Certificate(NamedTuple):
    """The figures of a server's certificate."""

    names: tuple[str, ...]
    issuer: str
    begins: datetime
    ends: datetime

    @property
    def days_left(self) -> int:
        """Negative when it has expired."""
        return (self.ends - clock.now()).days


class TlsError(Exception):
    """`reason` is expired, not_yet, wrong_name, self_signed, unknown_issuer or no_tls."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def inspect(host: str, port: int) -> Certificate:
    """The certificate of a server whose certificate is good. Raises TlsError, UnreachableError."""
    context = ssl.create_default_context(cafile=AUTHORITIES)
    try:
        return _shown(host, port, context)
    except ssl.SSLCertVerificationError as error:
        code = error.verify_code
        reason = error.verify_message
    except (ssl.SSLError, OSError) as error:
        text = f"{host}:{port} does not speak TLS: {_words(error)}."
        raise TlsError("no_tls", text) from error
    raise _fault(host, code, reason, _unverified(host, port))


def _unverified(host: str, port: int) -> Certificate:
    """The same certificate unjudged, to say what is wrong with it. Nothing is sent on this connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return _shown(host, port, context)
    except (ssl.SSLError, OSError) as error:
        raise TlsError("no_tls", f"The handshake with {host} failed: {_words(error)}.") from error


def _shown(host: str, port: int, context: ssl.SSLContext) -> Certificate:
    plain = reach.dial(reach.permitted(host), port, name=f"{host}:{port}")
    with plain, context.wrap_socket(plain, server_hostname=host) as secured:
        return _read(secured)


def _read(secured: ssl.SSLSocket) -> Certificate:
    found = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
    return Certificate(
        _names(found),
        _common_name(found.issuer),
        found.not_valid_before_utc,
        found.not_valid_after_utc,
    )


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        named = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (_common_name(found.subject),)
    addresses = map(str, named.get_values_for_type(x509.IPAddress))
    return (*named.get_values_for_type(x509.DNSName), *addresses)


def _common_name(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := name.get_attributes_for_oid(oid):
            return str(found[0].value)
    return "nobody named"


def _fault(host: str, code: int, reason: str, shown: Certificate) -> TlsError:
    now = clock.now()
    if shown.ends < now:
        text = f"The certificate of {host} expired on {_day(shown.ends)}, {_ago(shown)} ago."
        return TlsError("expired", text)
    if shown.begins > now:
        text = f"The certificate of {host} is not valid before {_day(shown.begins)}."
        return TlsError("not_yet", text)
    if code in _WRONG_NAME:
        names = ", ".join(shown.names[:5])
        return TlsError("wrong_name", f"The certificate is for {names}, not for {host}.")
    if code in _SELF_SIGNED:
        text = f"The certificate of {host} is self-signed: no authority vouches for it."
        return TlsError("self_signed", text)
    text = (
        f"The certificate of {host} was issued by {shown.issuer}, which is not trusted: {reason}."
    )
    return TlsError("unknown_issuer", text)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _ago(shown: Certificate) -> str:
    days = (clock.now() - shown.ends).days
    return "1 day" if days == 1 else f"{days} days"


def _words(error: OSError | socket.timeout) -> str:
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    return str(error) or type(error).__name__
