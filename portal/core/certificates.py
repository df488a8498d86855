"""What a host answers to TLS: whose certificate, until when, whether browsers take it, and who is behind."""

import http.client
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.x509.oid import NameOID

SECONDS: Final = 6.0
_MOST_READ: Final = 200
# OpenSSL's numbers of what is wrong with a chain (X509_V_ERR_*).
_WORDS: Final = {
    9: "it is not valid yet",
    10: "it has run out",
    18: "it is signed by itself and by nobody browsers know",
    19: "its chain ends at somebody browsers do not know",
    20: "its chain is not complete, or ends at somebody browsers do not know",
    21: "its chain is not complete: the server sends the first certificate alone",
    62: "it is for another name",
}
_NONE_YET: Final = (
    "The server has no certificate for this name yet. It gets one when it is first asked, which"
    " may take a minute."
)


class Certificate(NamedTuple):
    """`error`: in words why browsers refuse it, or blank. `body`: what the page asked for said, or blank."""

    subject: str
    names: tuple[str, ...]
    issuer: str
    until: datetime
    error: str = ""
    body: str = ""


class NoTlsError(Exception):
    """There was no certificate to look at; the text is a sentence that says why."""


def look(host: str, addresses: Sequence[str], *, port: int, path: str) -> Certificate:
    """Of whoever answers for `host` at one of `addresses`, which somebody has judged. With a certificate that
    browsers take, `path` is asked for, too. NoTlsError."""
    try:
        with (
            _connect(addresses, port) as raw,
            _wrapped(raw, host, ssl.create_default_context()) as tls,
        ):
            return _read(tls)._replace(body=_ask(tls, host, path))
    except ssl.SSLCertVerificationError as refused:
        return _refused(host, addresses, port, refused)
    except (ssl.SSLError, ConnectionError) as broken:
        raise NoTlsError(_NONE_YET) from broken
    except OSError as error:
        raise NoTlsError(f"Nobody answered at port {port}.") from error


def _refused(
    host: str, addresses: Sequence[str], port: int, why: ssl.SSLCertVerificationError
) -> Certificate:
    """The certificate all the same: only to be read, nothing is said over this connection."""
    anyhow = ssl.create_default_context()
    anyhow.check_hostname, anyhow.verify_mode = False, ssl.CERT_NONE
    try:
        with _connect(addresses, port) as raw, _wrapped(raw, host, anyhow) as tls:
            found = _read(tls)
    except OSError as error:
        raise NoTlsError(_NONE_YET) from error
    return found._replace(error=_WORDS.get(why.verify_code, why.verify_message))


def _connect(addresses: Sequence[str], port: int) -> socket.socket:
    failure: OSError = ConnectionRefusedError("no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), SECONDS / len(addresses))
        except OSError as error:
            failure = error
    raise NoTlsError(f"Nobody answered at port {port}.") from failure


def _wrapped(raw: socket.socket, host: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    raw.settimeout(SECONDS)
    return context.wrap_socket(raw, server_hostname=host)


def _read(tls: ssl.SSLSocket) -> Certificate:
    der = tls.getpeercert(binary_form=True)
    if der is None:
        raise NoTlsError("The server showed no certificate.")
    found = x509.load_der_x509_certificate(der)
    names = _names(found)
    return Certificate(
        subject=_common_name(found.subject) or (names[0] if names else ""),
        names=names,
        issuer=_common_name(found.issuer),
        until=found.not_valid_after_utc,
    )


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(extension.value.get_values_for_type(x509.DNSName))


def _common_name(name: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(kind):
            return str(attribute.value)
    return ""


def _ask(tls: ssl.SSLSocket, host: str, path: str) -> str:
    """What the page says, or blank where it does not answer 200 in time."""
    asked = http.client.HTTPConnection(host)
    asked.sock = tls
    try:
        asked.request("GET", path, headers={"Connection": "close"})
        answer = asked.getresponse()
        body = answer.read(_MOST_READ).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
    return body.strip() if answer.status == 200 else ""
