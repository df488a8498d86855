"""What a token server is asked, and what it gives: OAuth 2.0 (RFC 6749), with PKCE (RFC 7636)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple, NoReturn
from urllib.parse import quote, quote_plus, urlencode, urlsplit
from uuid import uuid4

from integrations.transports import http as transport
from integrations.transports.http import basic_auth
from portal.accounts.openid.asking import challenge
from portal.core import guard, http
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.core.recovery import raise_for_recovery
from portal.core.redact import HIDDEN
from portal.core.response import Response
from portal.core.secrets import Secret

Identifies = Literal["basic", "body"]

LONGEST: Final = 86_400.0
_LARGEST: Final = 256 * 1024
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,16384}")  # what a header can carry
_SECONDS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_REFUSED: Final = frozenset(
    {200, 400, 401, 403}
)  # answers whose `error` says why there is no token
_COME_AGAIN: Final = frozenset({"server_error", "temporarily_unavailable", "slow_down"})
_DENIED: Final = frozenset({"access_denied", "invalid_scope", "unauthorized_client"})


class Granted(NamedTuple):
    """A token, how many seconds it lasts (None: the server does not say), and what gets the next one."""

    token: Secret
    lasts: float | None
    refresh: Secret | None


@dataclass(frozen=True)
class TokenClient:
    """Who we are at a token server. `audience` is no part of the standard, but some servers want it; so are
    `headers`, and the header `call_id`, in which every request has an id of its own.

    The verbs raise NeedsCredentials with the server's own `error`, Retryable for a server that is down or
    busy, never `uncertain`, because nothing but a token was asked for, and Permanent for an answer or an
    address that no time mends. None of them repeats a secret.
    """

    token_url: str
    client_id: str
    client_secret: Secret | None = None
    scope: str = ""
    audience: str = ""
    identifies: Identifies = "basic"
    headers: tuple[tuple[str, str], ...] = ()
    call_id: str = ""

    def by_credentials(self) -> Granted:
        """A token for ourselves (RFC 6749, 4.4)."""
        return self._ask(
            {"grant_type": "client_credentials", "scope": self.scope, "audience": self.audience}
        )

    def by_code(self, code: str, *, verifier: str, back: str) -> Granted:
        """A token for whoever came back with `code` (4.1.3)."""
        form = {"grant_type": "authorization_code", "redirect_uri": back}
        return self._ask(form, hidden={"code": code, "code_verifier": verifier})

    def by_refresh(self, refresh: Secret) -> Granted:
        """The next token (6). Its `refresh`, where there is one, replaces the one it was asked with."""
        return self._ask(
            {"grant_type": "refresh_token"}, hidden={"refresh_token": refresh.reveal()}
        )

    def _ask(self, form: dict[str, str], *, hidden: Mapping[str, str] | None = None) -> Granted:
        _must_be_safe(self.token_url)
        spellings = [*self._spellings(), *(hidden or {}).values()]
        try:
            return _granted(self._send({**form, **(hidden or {})}), hidden=spellings)
        except Retryable as error:
            failure = Retryable(error.message, retry_after=error.retry_after, code=error.code)
        raise failure

    def _send(self, form: dict[str, str]) -> Response:
        headers = {"Accept": "application/json", **dict(self.headers)}
        if self.call_id:
            headers[self.call_id] = str(uuid4())
        if self.client_secret and self.identifies == "basic":
            headers["Authorization"] = basic_auth(*self._quoted())
        else:
            secret = self.client_secret.reveal() if self.client_secret else ""
            form = {**form, "client_id": self.client_id, "client_secret": secret}
        return http.request(
            "POST",
            self.token_url,
            headers=headers,
            data={name: value for name, value in form.items() if value},
            timeout=transport.TIMEOUT,
            max_bytes=_LARGEST,
        )

    def _quoted(self) -> tuple[str, str]:
        # RFC 6749, 2.3.1: both are form-encoded before they become a header.
        secret = self.client_secret.reveal() if self.client_secret else ""
        return quote(self.client_id, safe=""), quote(secret, safe="")

    def _spellings(self) -> list[str]:
        """The secret as it was sent: a server may repeat in its answer what it was told."""
        if not self.client_secret:
            return []
        secret = self.client_secret.reveal()
        basic = basic_auth(*self._quoted()).removeprefix("Basic ")
        return [secret, self._quoted()[1], quote_plus(secret), basic]


class CodeGrant(NamedTuple):
    """A system that wants a person to say yes on its own page first (4.1). `meant` changes with anything
    that the tokens depend on, and with where they are sent."""

    authorise_url: str
    client: TokenClient
    meant: str


def page_of(grant: CodeGrant, *, state: str, verifier: str, back: str) -> str:
    """Where the person's browser goes to say yes. Permanent for an address it must not be sent to."""
    _must_be_safe(grant.authorise_url)
    parts = urlsplit(grant.authorise_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Permanent(
            "The page where one authorises is no http or https address", code="bad_setting"
        )
    asked = {
        "response_type": "code",
        "client_id": grant.client.client_id,
        "redirect_uri": back,
        "scope": grant.client.scope,
        "audience": grant.client.audience,
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    joint = "&" if parts.query else "?"
    return f"{grant.authorise_url.partition('#')[0]}{joint}{query}"


def _must_be_safe(url: str) -> None:
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        raise Permanent("That is no address that can be called", code="bad_address") from None
    if scheme == "http" and host and not guard.is_allowed(host):
        raise Permanent(
            f"The address at {host} begins with http://: secrets would travel readable",
            code="bad_setting",
        )


def _granted(answer: Response, *, hidden: list[str]) -> Granted:
    said = _object_in(answer)
    if said and answer.status in _REFUSED and isinstance(said.get("error"), str):
        _refuse(answer, said, hidden)
    if answer.status == 400:
        raise NeedsCredentials(f"{answer!r}: the token server refused and did not say why")
    raise_for_recovery(replace(answer, body=b""))  # a body may repeat what was sent
    if said is None:
        raise Retryable(f"{answer!r} is no JSON object")
    kind, token, refresh = (
        said.get(name) for name in ("token_type", "access_token", "refresh_token")
    )
    if not (kind is None or (isinstance(kind, str) and kind.lower() == "bearer")):
        shown = _shown(kind, hidden, most=40)
        raise Permanent(
            f"The token server gave a token of the type {shown}, and only Bearer can be carried",
            code="unsupported_type",
        )
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise Permanent(f"{answer!r} holds no access token", code="refused")
    renews = isinstance(refresh, str) and refresh
    return Granted(
        Secret(token), _lasts(said.get("expires_in")), Secret(str(refresh)) if renews else None
    )


def _object_in(answer: Response) -> dict[str, Any] | None:
    try:
        said = answer.json()
    except Retryable:
        return None
    return said if isinstance(said, dict) else None


def _refuse(answer: Response, said: Mapping[str, Any], hidden: list[str]) -> NoReturn:
    error = said["error"]
    raise refusal(
        urlsplit(answer.url).hostname or "",
        _shown(error, hidden, most=60),
        _shown(said.get("error_description") or "", hidden, most=200),
        denied=answer.status == 403,
    )


def refusal(host: str, error: str, description: str, *, denied: bool = False) -> CrossdockError:
    """The error for what an OAuth server refuses, in its words (4.1.2.1, 5.2)."""
    text = f"The token server {host} says {error}" + (f" ({description})" if description else "")
    if error in _COME_AGAIN:
        return Retryable(text)
    denied = denied or error in _DENIED
    return NeedsCredentials(text, code="forbidden" if denied else "auth_expired")


def _shown(value: Any, hidden: list[str], *, most: int) -> str:
    text = str(value)[: 10 * most]
    for spelling in filter(None, hidden):
        text = text.replace(spelling, HIDDEN)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def _lasts(said: Any) -> float | None:
    """`expires_in`: a number, or the text of one, as some servers send it."""
    if isinstance(said, bool) or not _SECONDS.fullmatch(str(said)):
        return None
    return min(float(said), LONGEST)
