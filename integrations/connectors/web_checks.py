"""The lines of a connection test that all systems reached over HTTP share."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import NoConsentError
from integrations.transports import certificate
from integrations.transports.certificate import TlsError
from integrations.transports.reach import UnreachableError
from portal.core import clock
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent
from portal.core.response import Response

_TLS_REMEDIES: Final = {
    "expired": "Ask them to renew the certificate.",
    "not_yet": "Ask them whether their server shows the right certificate.",
    "wrong_name": "Enter the address with the name in the certificate, or ask them for one for this name.",
    "self_signed": "Ask them for a certificate of a public authority.",
    "unknown_issuer": "Ask them for a certificate of a public authority, with its intermediate ones.",
    "no_tls": "Check the port, and whether the address begins with https://.",
}


class Web(NamedTuple):
    """An http or https address as its parts."""

    host: str
    port: int
    encrypted: bool


def of(address: str) -> Web | None:
    """The parts of an address; None for one that cannot be called."""
    try:
        parts: SplitResult = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    encrypted = parts.scheme == "https"
    return Web(parts.hostname, port or (443 if encrypted else 80), encrypted)


def lines(address: str) -> Iterator[Check]:
    """The lines host and tls of an http or https address. The last one failed: go no further."""
    parts = of(address)
    if parts is None:
        yield checks.failed(
            "host", "That is no http or https address.", "Enter one such as https://host."
        )
        return
    line, found = checks.host(parts.host, parts.port)
    yield line
    if found is not None:
        yield _tls(parts, public=found.public)


def _tls(parts: Web, *, public: bool) -> Check:
    if not parts.encrypted and public:
        text = "The address begins with http://: the key would travel readable, so it was not sent."
        return checks.failed("tls", text, "Enter the address with https://.")
    if not parts.encrypted:
        return checks.untried(
            "tls", "The address begins with http://: it lies in a network of our own."
        )
    try:
        shown = certificate.inspect(parts.host, parts.port)
    except TlsError as error:
        return checks.failed("tls", str(error), _TLS_REMEDIES[error.reason])
    except UnreachableError as error:
        return checks.failed("tls", str(error), checks.HOST_REMEDIES[error.reason])
    ends = f"{shown.ends.day} {shown.ends:%b %Y}"
    text = (
        f"The certificate by {shown.issuer} is good until {ends}, {shown.days_left} days from now."
    )
    return checks.passed("tls", text)


def clock_of(answer: Response) -> Check:
    """The line for the clock of whoever gave `answer`, just now."""
    return checks.clock_line(date_of(answer), ours=clock.now(), whose="The clock of their server")


def date_of(answer: Response) -> datetime | None:
    """When the answer was made, by its Date header and, from a cache, its Age (RFC 9110, 9111)."""
    age = answer.header("Age") or ""
    kept = int(age) if age.isascii() and age.isdigit() and len(age) < 9 else 0
    try:
        at = parsedate_to_datetime(answer.header("Date") or "")
        return at.replace(tzinfo=at.tzinfo or UTC) + timedelta(seconds=kept)
    except (ValueError, OverflowError):
        return None


def key_refused(error: CrossdockError) -> Check:
    """The line for a key that was refused, or for an answer that says nothing of it."""
    text = f"{error}."
    if isinstance(error, NoConsentError):  # no key is wrong
        said, _, remedy = str(error).partition(". ")
        return checks.failed("key", f"{said}.", f"{remedy}.")
    if isinstance(error, NeedsCredentials):
        remedy = "The key is wrong or was revoked. Enter a new one."
        if error.code == "forbidden":
            remedy = "The key is wrong, was revoked or has too few rights. Enter another one."
        return checks.failed("key", text, remedy)
    if isinstance(error, Permanent) and error.code == "redirected":
        return checks.failed("key", text, "Enter the address it sends us to.")
    remedy = "The key could not be tried. Try again in a few minutes; if it stays, ask them."
    return checks.failed("key", text, remedy)
