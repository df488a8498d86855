"""TLS with the server that was meant: by an authority, or by the one certificate that was pinned."""

import hashlib
import re
import socket
import ssl
from typing import Final

from integrations.transports import certificate
from portal.core.errors import NeedsCredentials, Permanent

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


def fingerprint_of(text: str) -> str:
    """64 digits of `SHA256:AB:CD…`, `ab cd…`; empty when it is no SHA-256 fingerprint."""
    plain = re.sub(r"(?i)^sha-?256[:= ]*|(?i:[:\s])", "", text.strip()).lower()
    return plain if _FINGERPRINT.fullmatch(plain) else ""


def context_of(authority: str, fingerprint: str) -> ssl.SSLContext:
    """For a server whose certificate the public authorities, or `authority` (PEM) alone, vouch for; with
    a `fingerprint` the certificate itself is judged in `wrapped`."""
    try:
        if authority:
            context = ssl.create_default_context(cadata=authority)
        else:
            context = ssl.create_default_context(cafile=certificate.AUTHORITIES)
    except (ssl.SSLError, ValueError) as error:
        raise Permanent("The authority's certificate cannot be read.", code="tls") from error
    if fingerprint:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def wrapped(
    context: ssl.SSLContext,
    plain: socket.socket,
    *,
    host: str,
    fingerprint: str,
    resumed: ssl.SSLSession | None = None,
) -> ssl.SSLSocket:
    """The connection under TLS. NeedsCredentials (`host_key_changed`) for another certificate than the
    pinned one; the errors of `ssl` for one that nobody vouches for."""
    try:
        secured = context.wrap_socket(plain, server_hostname=host, session=resumed)
    except OSError:
        plain.close()
        raise
    if fingerprint:
        shown = hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()
        if shown != fingerprint_of(fingerprint):
            secured.close()
            raise NeedsCredentials(
                f"{host} shows another certificate (SHA-256 {shown}) than the one that was"
                " pinned. Ask the partner whether it was changed.",
                code="host_key_changed",
            )
    return secured


def fault(error: BaseException, host: str) -> Permanent | None:
    """What a broken handshake means; None where the connection was lost, or it is something else."""
    if isinstance(error, ssl.SSLCertVerificationError):
        text = f"The certificate of {host} is refused: {error.verify_message}."
        return Permanent(text, code="tls")
    cut = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | TimeoutError)
    if isinstance(error, ssl.SSLError) and not cut:
        reason = (error.reason or "the handshake failed").lower().replace("_", " ")
        return Permanent(f"{host}: TLS: {reason}.", code="tls")
    return None
