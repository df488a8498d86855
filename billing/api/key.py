"""Who sends usage: a system with a key of its own."""

import hashlib
import secrets
from typing import Any, Final

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from billing.models import UsageSource
from portal.core import clock

PREFIX: Final = "uk_"
_REFUSED: Final = "This key is not known, or was revoked."


def new_source(code: str, name: str, *, by: str) -> tuple[UsageSource, str]:
    """A source and its key, which is not kept: only its hash and its last characters are."""
    key = PREFIX + secrets.token_urlsafe(24)
    source = UsageSource(code=code, name=name, hash=_hash(key), hint=key[-4:], created_by=by[:80])
    source.full_clean(exclude={"used_at", "revoked_at"})
    source.save()
    return source, key


def revoke(source: UsageSource) -> None:
    source.revoked_at = clock.now()
    source.save(update_fields=["revoked_at"])


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class UsageKey(BaseAuthentication):
    """`Authorization: Bearer uk_…`."""

    def authenticate(self, request: Request) -> tuple[Any, UsageSource]:
        kind, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer" or not key.startswith(PREFIX):
            raise AuthenticationFailed("Send the key of the source: Authorization: Bearer uk_…")
        source = UsageSource.objects.filter(hash=_hash(key), revoked_at=None).first()
        if source is None:
            raise AuthenticationFailed(_REFUSED)
        return request._request.user, source

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
