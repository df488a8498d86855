"""Access tokens as calls carry them (RFC 6750).

A token is kept in this process until shortly before it expires, and asked for by one thread at a time: the
others wait and take the same one. A token server that refused is left alone for a while, so that a batch
of documents does not knock once for each.
"""

import copy
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from integrations.transports.http import Site
from integrations.transports.token_server import Granted, TokenClient
from portal.core import clock
from portal.core.errors import CrossdockError, Retryable
from portal.core.redact import HIDDEN
from portal.core.response import Response
from portal.core.secrets import Secret

UNTOLD: Final = 3600.0  # seconds a token is kept whose server does not say how long it lasts
_EARLY: Final = 300.0  # a token is renewed so long before it ends,
_EARLY_PART: Final = 0.2  # or this part of its life, for short-lived ones
_RESTS: Final = 30.0  # after a refusal
_RESTS_BRIEFLY: Final = 3.0  # after no answer, or one that may be better in a moment


class Held(NamedTuple):
    """A token, and until when (`clock.monotonic`) it is used. One that was kept by others is not new."""

    token: Secret
    until: float
    is_new: bool = True


# A token to use from now on. What is given is the one that the system refused just now, if it did.
Ask = Callable[[Secret | None], Held]


def good_for(lasts: float) -> float:
    """How many seconds a token is used that lasts `lasts`."""
    return lasts - min(_EARLY, lasts * _EARLY_PART)


def by_credentials(client: TokenClient) -> Ask:
    """Tokens of a program that acts for itself."""
    return _by(client.by_credentials)


def by_refresh(client: TokenClient, refresh: Secret) -> Ask:
    """Tokens for a refresh token that stays good, as a person entered it."""
    return _by(lambda: client.by_refresh(refresh))


def _by(grant: Callable[[], Granted]) -> Ask:
    def ask(refused: Secret | None) -> Held:
        began = clock.monotonic()
        granted = grant()
        lasts = UNTOLD if granted.lasts is None else granted.lasts
        return Held(granted.token, began + good_for(lasts))

    return ask


class Tokens:
    """The token of one endpoint. Safe from any thread."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._refused: Secret | None = None
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
                return held, not held.is_new
            held = self._asked()
            return held, not held.is_new

    def drop(self, refused: Held) -> None:
        """Forget a token that the system refused, unless there is another by now."""
        with self._lock:
            if self._held is refused:
                self._held, self._refused = None, refused.token

    def _good(self) -> Held | None:
        held = self._held
        return held if held and clock.monotonic() < held.until else None

    def _asked(self) -> Held:
        left = self._rests_until - clock.monotonic()
        if self._failure and left > 0:
            raise _again(self._failure, left)
        try:
            self._held = self._ask(self._refused)
        except CrossdockError as error:
            self._failure = copy.copy(
                error
            )  # without its traceback, which would keep the call alive
            self._rests_until = clock.monotonic() + _rest(error)
            raise
        self._failure = None
        return self._held


class TokenSite(Site):
    """A site whose calls carry an access token. Safe from any thread. `header` is for systems that want
    it by itself in a header of their own."""

    def __init__(
        self,
        base: str,
        tokens: Tokens,
        *,
        headers: Mapping[str, str] | None = None,
        carried_in: str = "",
    ) -> None:
        """`carried_in`: a header that a token goes in by itself, instead of Authorization."""
        super().__init__(base, headers=headers)
        self._tokens = tokens
        self._header, self._prefix = (
            (carried_in, "") if carried_in else ("Authorization", "Bearer ")
        )

    def send(self, method: str, path: str, **parts: Any) -> Response:
        """The answer, whatever its status. Raises what asking for a token raises, too.

        A refusal of a token that was here already may mean that it ended early: it is renewed, and the
        call is repeated, once. Who refuses the token has not looked at the rest.
        """
        for _ in range(2):
            held, was_here = self._tokens.current()
            answer = self._carrying(held, method, path, **parts)
            if not self._refuses(answer):
                break
            self._tokens.drop(held)
            if not was_here:
                break
        return answer

    def _refuses(self, answer: Response) -> bool:
        """Whether the system does not know the token that the call carried."""
        return answer.status == 401

    def _carrying(self, held: Held, method: str, path: str, **parts: Any) -> Response:
        token = held.token.reveal()
        carried = {self._header: f"{self._prefix}{token}"}
        headers = {**(parts.pop("headers", None) or {}), **carried}
        answer = super().send(method, path, headers=headers, **parts)
        # Answers are shown to people, and some say which token they refuse.
        hushed = answer.body.replace(token.encode(), HIDDEN.encode())
        return answer if hushed == answer.body else replace(answer, body=hushed)


def _rest(error: CrossdockError) -> float:
    if isinstance(error, Retryable):
        return error.retry_after if error.retry_after is not None else _RESTS_BRIEFLY
    return _RESTS


def _again(failure: CrossdockError, left: float) -> CrossdockError:
    if isinstance(failure, Retryable) and failure.retry_after is not None:
        return Retryable(failure.message, retry_after=left, code=failure.code)
    return copy.copy(failure)
