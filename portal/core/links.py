"""Links that work without a login: their token is signed, and only its hash is kept."""

import hashlib
import secrets
from typing import Final

from django.core import signing

# Addresses whose next part is the token: no log holds it.
DOORS: Final = ("/keys/", "/ask/", "/ack/", "/join/", "/unsubscribe/", "/reset/", "/support/enter/")


class NoLinkError(LookupError):
    """There is no such link, or somebody changed a letter of it."""


class LinkOverError(ValueError):
    """The link was good once; the text says why it is no more and what to do."""


def new_token(salt: str) -> str:
    """A token to be shown once and kept nowhere. `salt` names what it is for."""
    return signing.Signer(salt=salt).sign(secrets.token_urlsafe(24))


def digest(token: str, *, salt: str) -> str:
    """SHA-256 of a token of ours, in hex. NoLinkError for one that was changed or made up."""
    try:
        signing.Signer(salt=salt).unsign(token)
    except signing.BadSignature:
        raise NoLinkError from None
    return hashlib.sha256(token.encode()).hexdigest()
