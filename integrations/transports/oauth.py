"""Access tokens for calls to other systems: OAuth 2.0 (RFC 6749, RFC 6750).

A token is kept in this process until shortly before it expires, and asked for by one thread at a time: the
others wait and take the same one. A token server that refused is left alone for a while, so that a batch
of documents does not knock once for each.
"""

import copy
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple, NoReturn
from urllib.parse import quote, quote_plus, urlsplit

from integrations.transports import http as transport
from integrations.transports.http import Site, basic_auth
from portal.core import clock, guard, http
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.core.recovery import raise_for_recovery
from portal.core.redact import HIDDEN
from portal.core.response import Response
from portal.core.secrets import Secret

Identifies = Literal["basic", "body"]

UNTOLD: Final = 3600.0  # seconds a token is kept whose server does not say how long it lasts
LONGEST: Final = 86_400.0
_EARLY: Final = 300.0  # a token is renewed so long before it ends,
_EARLY_PART: Final = 0.2  # or this part of its life, for short-lived ones
_RESTS: Final = 30.0  # after a refusal
_RESTS_BRIEFLY: Final = 3.0  # after no answer, or one that may be better in a moment
_LARGEST: Final = 256 * 1024
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,16384}")  # what a header can carry
_SECONDS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_REFUSED: Final = frozenset(
    {200, 400, 401, 403}
)  # answers whose `error` says why there is no token
_COME_AGAIN: Final = frozenset({"server_error", "temporarily_unavailable", "slow_down"})
_DENIED: Final = frozenset({"access_denied", "invalid_scope", "unauthorized_client"})


class Held(NamedTuple):
    """A token, and until when (`clock.monotonic`) it is used."""

    token: Secret
    until: float


@dataclass(frozen=True)
class ClientCredentials:
    """The grant of a program that acts for itself (RFC 6749, 4.4). `audience` is no part of the standard,
    but some servers want it."""

    token_url: str
    client_id: str
    client_secret: Secret
    scope: str = ""
    audience: str = ""
    identifies: Identifies = "basic"

    def ask(self) -> Held:
        """A new token.

        Raises NeedsCredentials with the server's own `error`, Retryable for a server that is down or
        busy, never `uncertain`, because nothing but a token was asked for, and Permanent for an answer
        or an address that no time mends. None of them repeats the secret.
        """
        _must_be_safe(self.token_url)
        began = clock.monotonic()
        try:
            token, lasts = _granted(self._send(), hidden=self._spellings())
        except Retryable as error:
            failure = Retryable(error.message, retry_after=error.retry_after, code=error.code)
        else:
            return Held(token, began + lasts - min(_EARLY, lasts * _EARLY_PART))
        raise failure

    def _send(self) -> Response:
        form = {"grant_type": "client_credentials", "scope": self.scope, "audience": self.audience}
        headers = {"Accept": "application/json"}
        if self.identifies == "body":
            form |= {"client_id": self.client_id, "client_secret": self.client_secret.reveal()}
        else:
            headers["Authorization"] = basic_auth(*self._quoted())
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
        return quote(self.client_id, safe=""), quote(self.client_secret.reveal(), safe="")

    def _spellings(self) -> list[str]:
        """The secret as it was sent: a server may repeat in its answer what it was told."""
        basic = basic_auth(*self._quoted()).removeprefix("Basic ")
        secret = self.client_secret.reveal()
        return [secret, self._quoted()[1], quote_plus(secret), basic]


class Tokens:
    """The token of one endpoint. Safe from any thread."""

    def __init__(self, ask: Callable[[], Held]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._failure: CrossdockError | None = None
        self._rests_until = 0.0

    def current(self) -> tuple[Held, bool]:
        """A token that is good by its server's word, and whether it was here already.

        Raises what asking for one raised, for some seconds without asking again.
        """
        if held := self._good():
            return held, True
        with self._lock:
            if held := self._good():  # whoever was here before brought it
                return held, False
            return self._asked(), False

    def drop(self, refused: Held) -> None:
        """Forget a token that the system refused, unless there is another by now."""
        with self._lock:
            if self._held is refused:
                self._held = None

    def _good(self) -> Held | None:
        held = self._held
        return held if held and clock.monotonic() < held.until else None

    def _asked(self) -> Held:
        left = self._rests_until - clock.monotonic()
        if self._failure and left > 0:
            raise _again(self._failure, left)
        try:
            self._held = self._ask()
        except CrossdockError as error:
            self._failure = copy.copy(
                error
            )  # without its traceback, which would keep the call alive
            self._rests_until = clock.monotonic() + _rest(error)
            raise
        self._failure = None
        return self._held


class TokenSite(Site):
    """A site whose calls carry an access token. Safe from any thread."""

    def __init__(
        self, base: str, tokens: Tokens, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(base, headers=headers)
        self._tokens = tokens

    def send(self, method: str, path: str, **parts: Any) -> Response:
        """The answer, whatever its status. Raises what asking for a token raises, too.

        A 401 to a token that was here already may mean that it ended early: it is renewed, and the
        call is repeated, once. Who refuses the token has not looked at the rest.
        """
        for _ in range(2):
            held, was_here = self._tokens.current()
            answer = self._carrying(held, method, path, **parts)
            if answer.status != 401:
                break
            self._tokens.drop(held)
            if not was_here:
                break
        return answer

    def _carrying(self, held: Held, method: str, path: str, **parts: Any) -> Response:
        token = held.token.reveal()
        headers = {**(parts.pop("headers", None) or {}), "Authorization": f"Bearer {token}"}
        answer = super().send(method, path, headers=headers, **parts)
        # Answers are shown to people, and some say which token they refuse.
        hushed = answer.body.replace(token.encode(), HIDDEN.encode())
        return answer if hushed == answer.body else replace(answer, body=hushed)


def _must_be_safe(url: str) -> None:
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        return  # no address at all: the client says so
    if scheme == "http" and host and not guard.is_allowed(host):
        raise Permanent(
            "The token address begins with http://: the secret would travel readable",
            code="bad_setting",
        )


def _granted(answer: Response, *, hidden: list[str]) -> tuple[Secret, float]:
    """The token and how many seconds it lasts."""
    said = _object_in(answer)
    if said and answer.status in _REFUSED and isinstance(said.get("error"), str):
        _refuse(answer, said, hidden)
    if answer.status == 400:
        raise NeedsCredentials(f"{answer!r}: the token server refused and did not say why")
    raise_for_recovery(replace(answer, body=b""))  # a body may repeat what was sent
    if said is None:
        raise Retryable(f"{answer!r} is no JSON object")
    kind, token = said.get("token_type", "bearer"), said.get("access_token")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        shown = _shown(kind, hidden, most=40)
        raise Permanent(
            f"The token server gave a token of the type {shown}, and only Bearer can be carried",
            code="unsupported_type",
        )
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise Permanent(f"{answer!r} holds no access token", code="refused")
    return Secret(token), _lasts(said.get("expires_in"))


def _object_in(answer: Response) -> dict[str, Any] | None:
    try:
        said = answer.json()
    except Retryable:
        return None
    return said if isinstance(said, dict) else None


def _refuse(answer: Response, said: Mapping[str, Any], hidden: list[str]) -> NoReturn:
    error = said["error"]
    text = f"The token server {urlsplit(answer.url).hostname} says {_shown(error, hidden, most=60)}"
    if description := _shown(said.get("error_description") or "", hidden, most=200):
        text += f" ({description})"
    if error in _COME_AGAIN:
        raise Retryable(text)
    denied = error in _DENIED or answer.status == 403
    raise NeedsCredentials(text, code="forbidden" if denied else "auth_expired")


def _shown(value: Any, hidden: list[str], *, most: int) -> str:
    text = str(value)[: 10 * most]
    for spelling in filter(None, hidden):
        text = text.replace(spelling, HIDDEN)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def _lasts(said: Any) -> float:
    """`expires_in`: a number, or the text of one, as some servers send it."""
    if isinstance(said, bool) or not _SECONDS.fullmatch(str(said)):
        return UNTOLD
    return min(float(said), LONGEST)


def _rest(error: CrossdockError) -> float:
    if isinstance(error, Retryable):
        return error.retry_after if error.retry_after is not None else _RESTS_BRIEFLY
    return _RESTS


def _again(failure: CrossdockError, left: float) -> CrossdockError:
    if isinstance(failure, Retryable) and failure.retry_after is not None:
        return Retryable(failure.message, retry_after=left, code=failure.code)
    return copy.copy(failure)
