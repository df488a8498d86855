"""Signing in by a provider: sent there, and back with a code that says who it is.

What goes along is kept in the browser's session, so only the browser that began comes to an end; each of
it is good once, for ten minutes.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog
from django.http import HttpRequest

from portal.accounts.domain import lockout, openid_calls, openid_people, signing_in
from portal.accounts.domain.lockout import Tried
from portal.accounts.models import Person, Provider
from portal.accounts.openid import asking, proof
from portal.accounts.openid import claims as said
from portal.accounts.openid.asking import Asked, Us
from portal.accounts.openid.discovery import Endpoints
from portal.accounts.openid.errors import OpenIdError, UnknownKeyError
from portal.accounts.openid.proof import Expected
from portal.core import clock
from portal.core.errors import CrossdockError
from portal.core.sender import address_of
from portal.core.words import gettext_noop

LASTS: Final = timedelta(minutes=10)
_SESSION: Final = "openid"
_MOST: Final = 5  # begun in as many windows of one browser
# What nobody tries in order to get in: it is not counted.
_NOT_COUNTED: Final = frozenset({"unreachable", "unavailable", "denied", "again", "off"})
log = structlog.get_logger()


class Arrived(NamedTuple):
    """Who came back, where they were going, and whether they are in: else a second step is before them."""

    person: Person
    onward: str
    is_in: bool


def begin(request: HttpRequest, provider: Provider, *, back: str, onward: str) -> str:
    """The provider's address to go to. OpenIdError when it cannot be reached."""
    endpoints = openid_calls.endpoints(provider.issuer)
    asked = Asked(*(secrets.token_urlsafe(32) for _ in range(3)))
    begun = dict(list(request.session.get(_SESSION, {}).items())[1 - _MOST :])
    begun[asked.state] = {
        "provider": provider.pk,
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "back": back,
        "onward": onward,
        "at": clock.now().timestamp(),
    }
    request.session[_SESSION] = begun
    request.session.set_expiry(int(LASTS.total_seconds()))
    return asking.address(endpoints, Us(provider.client_id, back, provider.scopes), asked)


def finish(request: HttpRequest, provider: Provider, answer: Mapping[str, str]) -> Arrived:
    """Whoever came back is signed in, or has their second step before them.

    OpenIdError says why not; LockedError when it was tried too often from there.
    """
    tried = Tried(address_of(request), purpose="provider")
    lockout.is_open(tried)
    try:
        return _finish(request, provider, answer)
    except OpenIdError as error:
        log.warning("not signed in", provider=provider.ref, code=error.code)
        if error.code not in _NOT_COUNTED:
            lockout.counted(tried)
        raise
    except CrossdockError as error:  # no key of the installation opens the client's secret
        log.error("not signed in", provider=provider.ref, code=error.code)
        text = gettext_noop("%(provider)s has to be set up anew here.")
        raise OpenIdError("unreadable", text, provider=provider.name) from None


def _finish(request: HttpRequest, provider: Provider, answer: Mapping[str, str]) -> Arrived:
    begun = _take(request, provider, answer.get("state", ""))
    claims = _claims(provider, begun, answer)
    person = openid_people.person_of(provider, claims)
    request.session.pop(_SESSION, None)
    if provider.trusts_second_step and said.showed_second_step(claims):
        how = f"{provider.name}, second step there"
        signing_in.complete(request, person, how=how, second_step_elsewhere=True)
        return Arrived(person, begun["onward"], is_in=True)
    is_in = signing_in.go_on(request, person, onward=begun["onward"], how=provider.name)
    return Arrived(person, begun["onward"], is_in=is_in)


def _take(request: HttpRequest, provider: Provider, state: str) -> dict[str, Any]:
    """What this browser began under that state: once."""
    begun = dict(request.session.get(_SESSION, {}))
    found = begun.pop(state, None)
    request.session[_SESSION] = begun
    if not found or found["provider"] != provider.pk:
        raise OpenIdError(
            "state", gettext_noop("This is not a sign-in that this browser began. Begin again.")
        )
    if clock.now() - datetime.fromtimestamp(found["at"], UTC) > LASTS:
        raise OpenIdError("late", gettext_noop("That took longer than ten minutes. Begin again."))
    return {**found, "state": state}


def _claims(provider: Provider, begun: dict[str, Any], answer: Mapping[str, str]) -> dict[str, Any]:
    """What the provider proves of the person, and what it says beside the proof."""
    endpoints = openid_calls.endpoints(provider.issuer)
    code = asking.code_of(answer, state=begun["state"], endpoints=endpoints)
    tokens = openid_calls.exchange(
        provider, endpoints, code=code, verifier=begun["verifier"], back=begun["back"]
    )
    expected = Expected(
        endpoints.issuer, provider.client_id, begun["nonce"], clock.now(), endpoints.algorithms,
        tokens.access_token,
    )  # fmt: skip
    claims = _proven(endpoints, tokens.id_token, expected)
    more = openid_calls.more_claims(endpoints, tokens.access_token, subject=claims["sub"])
    return said.joined(claims, more)


def _proven(endpoints: Endpoints, token: str, expected: Expected) -> dict[str, Any]:
    try:
        return proof.claims_of(token, openid_calls.keys(endpoints), expected)
    except UnknownKeyError:  # the provider has new keys since we asked: once more, and no more
        return proof.claims_of(token, openid_calls.keys(endpoints, fresh=True), expected)
