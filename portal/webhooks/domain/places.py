"""Where events may be sent to: the internet over TLS, and what platform staff allowed."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from portal.core.errors import CrossdockError, Retryable
from portal.core.guard import is_allowed, permitted_addresses
from portal.core.redact import redact_url

LONGEST: Final = 500
_NOT_HTTPS: Final = "Use an https:// address: what is sent must not be readable on its way."
_PRIVATE: Final = (
    "{host} is not on the internet, and this installation does not allow calling it. Use a public"
    " address, or ask whoever runs the platform to allow the network."
)


def objection(url: str) -> str:
    """Why nothing is sent there, in a sentence; "" where it may be. Looks the name up."""
    parts = _parts(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "Enter a whole address, such as https://events.example.com/in."
    if parts.username or parts.password:
        return "Leave the user and the password out of the address: the signature says who sends."
    if parts.fragment:
        return "Leave out what stands behind the #: it is never sent."
    try:
        permitted_addresses(parts.hostname)
    except Retryable:
        return f"The name {parts.hostname} has no address. Look whether it is written right."
    except CrossdockError:
        return _PRIVATE.format(host=parts.hostname)
    return _NOT_HTTPS if parts.scheme == "http" and not is_allowed(parts.hostname) else ""


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def host(url: str) -> str:
    """The host of an address, for people."""
    parts = _parts(url)
    return parts.hostname or "" if parts else ""


def shown(url: str) -> str:
    """The address as pages say it: without the values of secret parameters."""
    return redact_url(url)
