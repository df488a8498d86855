"""Which addresses a service's messages may go to: each service has hosts of its own."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

HOSTS: Final[Mapping[str, tuple[str, ...]]] = {
    "slack": ("hooks.slack.com", "hooks.slack-gov.com"),
    "teams": (".webhook.office.com", ".logic.azure.com", ".environment.api.powerplatform.com"),
}
EXAMPLES: Final = {
    "slack": "https://hooks.slack.com/services/…",
    "teams": "https://….environment.api.powerplatform.com/…",
}
PAGERDUTY: Final = {
    "us": "https://events.pagerduty.com/v2/enqueue",
    "eu": "https://events.eu.pagerduty.com/v2/enqueue",
}
_LONGEST: Final = 2_000


def objection(kind: str, url: str) -> str:
    """What is wrong with an address for a channel of this kind; "" for a good one. It never repeats the
    address, which may hold a secret."""
    if len(url) > _LONGEST or any(c.isspace() or not c.isprintable() for c in url):
        return "An address has no blanks and at most 2,000 characters."
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "This is no address: copy it whole, from https:// on."
    if parts.username or parts.password:
        return "Leave the name and the password out of the address."
    if kind not in HOSTS:
        right = parts.scheme in ("http", "https") and host
        return "" if right else "The address begins with https://"
    if parts.scheme != "https" or parts.port not in (None, 443) or not _of(host, HOSTS[kind]):
        return f"The address begins like {EXAMPLES[kind]}"
    return ""


def _of(host: str, known: tuple[str, ...]) -> bool:
    return any(host.endswith(one) if one.startswith(".") else host == one for one in known)


def host_of(url: str) -> str:
    """The host of a checked address: what may be shown of it."""
    return urlsplit(url).hostname or ""
