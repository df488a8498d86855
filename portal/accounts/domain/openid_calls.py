"""Asking a provider: where it is asked what, its keys, and whom a code stands for."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from portal.accounts.models import Provider
from portal.accounts.openid import asking, discovery, proof
from portal.accounts.openid.asking import Tokens
from portal.accounts.openid.discovery import Endpoints
from portal.accounts.openid.errors import OpenIdError
from portal.accounts.openid.proof import Key
from portal.core import clock, http, secrets
from portal.core.errors import CrossdockError
from portal.core.guard import is_allowed
from portal.core.words import gettext_noop

_REMEMBER: Final = 600.0  # seconds: what a provider says of itself changes with its releases
_LEFT_ALONE: Final = 10.0  # seconds after it gave no answer
_LARGEST: Final = 512 * 1024
_MOST: Final = 200
_PATIENCE: Final = (5.0, 10.0)
# Not the client's own words: they name the whole address, of which a part may look like a secret.
_WHY_NOT: Final = {
    "unavailable": gettext_noop("%(host)s does not answer as a provider does."),
    "timeout": gettext_noop("%(host)s did not answer in time."),
    "tls": gettext_noop("%(host)s has no certificate that we trust."),
    "address_refused": gettext_noop(
        "%(host)s is not on the internet, and this installation does not allow calling it."
    ),
    "response_too_large": gettext_noop("%(host)s answered more than a provider has to say."),
}
_CANNOT: Final = gettext_noop("%(host)s cannot be asked.")


class _Kept(NamedTuple):
    value: Any
    until: float


_kept: dict[str, _Kept] = {}


def must_be_callable(issuer: str) -> None:
    """OpenIdError for an address that is none of a provider: https, or a host that platform staff allowed."""
    try:
        parts = urlsplit(issuer)
        is_whole = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
        is_safe = parts.scheme == "https" or (
            parts.scheme == "http" and is_whole and is_allowed(str(parts.hostname))
        )
    except (ValueError, CrossdockError):
        is_whole = is_safe = False
    if not (is_whole and is_safe):
        raise OpenIdError(
            "address", gettext_noop("Enter the https address that the provider calls its issuer.")
        )


def endpoints(issuer: str, *, fresh: bool = False) -> Endpoints:
    """What the provider says of itself, at most ten minutes ago. OpenIdError where it says nothing usable."""
    must_be_callable(issuer)
    url = discovery.address(issuer)
    found: Endpoints = _remembered(
        url, lambda: discovery.read(_json("GET", url), issuer=issuer), fresh=fresh
    )
    return found


def keys(found: Endpoints, *, fresh: bool = False) -> list[Key]:
    """The keys it signs with, at most ten minutes old. OpenIdError as above."""
    published: list[Key] = _remembered(
        found.keys, lambda: proof.keys_of(_json("GET", found.keys)), fresh=fresh
    )
    return published


def exchange(
    provider: Provider, found: Endpoints, *, code: str, verifier: str, back: str
) -> Tokens:
    """What the provider gives for a code: once. OpenIdError when it gives nothing."""
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": back,
        "code_verifier": verifier,
    }  # fmt: skip
    secret = _secret_of(provider)
    auth = None
    if secret and not found.posts_secret:
        # RFC 6749, 2.3.1: both are form-encoded before they become a header
        auth = (quote(provider.client_id, safe=""), quote(secret.reveal(), safe=""))
    else:
        form["client_id"] = provider.client_id
        if secret:
            form["client_secret"] = secret.reveal()
    return asking.tokens_of(_json("POST", found.token, data=form, auth=auth))


def more_claims(found: Endpoints, access_token: str, *, subject: str) -> dict[str, Any]:
    """What the provider says of the person beside the proof; nothing where it says nothing. OpenIdError when
    it speaks of somebody else (Core 5.3.4)."""
    if not (found.userinfo and access_token):
        return {}
    said = _json("GET", found.userinfo, headers={"Authorization": f"Bearer {access_token}"})
    if not isinstance(said, dict) or said.get("sub") != subject:
        raise OpenIdError(
            "subject", gettext_noop("The provider speaks of two people at once. Begin again.")
        )
    return said


def forget() -> None:
    """Drop what is remembered."""
    _kept.clear()


def _secret_of(provider: Provider) -> secrets.Secret | None:
    if not provider.sealed:
        return None
    found: secrets.Secret = secrets.decrypt(bytes(provider.sealed))["secret"]
    return found


def _remembered(url: str, ask: Callable[[], Any], *, fresh: bool) -> Any:
    known = _kept.get(url)
    if known is None or fresh or clock.monotonic() >= known.until:
        known = _asked(ask)
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[url] = known
    if isinstance(known.value, OpenIdError):
        raise OpenIdError(known.value.code, known.value.text, **known.value.values)
    return known.value


def _asked(ask: Callable[[], Any]) -> _Kept:
    """An answer, or why there is none: anybody may press the button, and one that is down is left alone."""
    try:
        return _Kept(ask(), clock.monotonic() + _REMEMBER)
    except OpenIdError as error:
        return _Kept(error, clock.monotonic() + _LEFT_ALONE)


def _json(method: str, url: str, **parts: Any) -> Any:
    """The answer, which has to be a good one. Never a word of it in an error: it may hold a token."""
    host = urlsplit(url).hostname
    try:
        answer = http.request(
            method, url, timeout=_PATIENCE, total_timeout=20.0, max_bytes=_LARGEST,
            **{**parts, "headers": {"Accept": "application/json", **parts.get("headers", {})}},
        )  # fmt: skip
        if answer.status == 200:
            return answer.json()
    except CrossdockError as error:
        why = _WHY_NOT.get(error.code, _CANNOT)
        raise OpenIdError("unreachable", why, host=host) from None
    if method == "POST" and answer.status in (400, 401):
        raise OpenIdError("code", _why_no_token(answer), host=host)
    raise OpenIdError(
        "unreachable",
        gettext_noop("%(host)s answered %(status)s where it should have said 200."),
        host=host,
        status=answer.status,
    )


def _why_no_token(answer: http.Response) -> str:
    try:
        said = answer.json()
    except CrossdockError:
        said = None
    if isinstance(said, dict) and said.get("error") in ("invalid_client", "unauthorized_client"):
        return gettext_noop("%(host)s does not know us by this client ID and secret.")
    return gettext_noop(
        "%(host)s does not take the code: it was used before, or is too old. Begin again."
    )
