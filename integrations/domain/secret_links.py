"""Links by which customers enter their own keys: signed, expiring, used once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db import transaction

from integrations.connectors.client import Check
from integrations.domain import credentials
from integrations.models import Endpoint, SecretLink
from portal.core import clock, links
from portal.core.links import LinkOverError, NoLinkError

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=14)
MOST_TRIES: Final = 10
_SALT: Final = "integrations.secret_links"


def issue(endpoint: Endpoint, *, by: str, lasts: timedelta) -> str:
    """A new link's token, which is shown once and kept nowhere. ValueError for a time that is too
    short or too long."""
    if not SHORTEST <= lasts <= LONGEST:
        raise ValueError("A link lasts from one hour to fourteen days.")
    token = links.new_token(_SALT)
    SecretLink.objects.create(
        endpoint=endpoint,
        digest=links.digest(token, salt=_SALT),
        made_by=by[:80],
        expires_at=clock.now() + lasts,
    )
    return token


def find(token: str, *, lock: bool = False) -> SecretLink:
    """The open link of this token. NoLinkError, or LinkOverError once it is expired, used or revoked."""
    digest = links.digest(token, salt=_SALT)
    found = SecretLink.objects.select_related("endpoint__customer")
    if lock:
        found = found.select_for_update(of=("self",))
    link = found.filter(digest=digest).first()
    if link is None:
        raise NoLinkError
    over = why_over(link)
    if over:
        raise LinkOverError(f"{over} Ask {link.made_by} for a new one.")
    return link


def why_over(link: SecretLink) -> str:
    """Why a link can no longer be used; "" while it can."""
    if link.used_at:
        return "This link was used already: it works once."
    if link.revoked_at:
        return "This link was taken back."
    if link.expires_at <= clock.now():
        return "This link has expired."
    return ""


def wanted(link: SecretLink) -> list[str]:
    """The names of the secrets the endpoint's system asks for."""
    return [setting.name for setting in credentials.wanted(link.endpoint)]


def use(token: str, entered: Mapping[str, str]) -> list[Check]:
    """Try the keys, and only if they work keep them and use the link up.

    Of two at once one waits for the other and finds the link used. Ten tries, then the link is taken
    back. Errors as for `find`.
    """
    with transaction.atomic():
        link = find(token, lock=True)
        link.tries += 1
        checks = credentials.enter(link.endpoint, entered)
        if not credentials.refused(checks):
            link.used_at = clock.now()
        elif link.tries >= MOST_TRIES:
            link.revoked_at = clock.now()
        link.save(update_fields=["tries", "used_at", "revoked_at"])
    return checks


def revoke(link: SecretLink) -> None:
    """Take a link back; one that is over stays as it is."""
    if not why_over(link):
        link.revoked_at = clock.now()
        link.save(update_fields=["revoked_at"])
