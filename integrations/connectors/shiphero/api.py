"""ShipHero's GraphQL API: who calls, what its errors and its credits mean."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.faults import Dialect
from integrations.connectors.graphql.quota import Quota
from integrations.transports.http import Site, encode
from integrations.transports.oauth import UNTOLD, Ask, Held, Tokens, TokenSite, good_for
from portal.core import clock
from portal.core.errors import NeedsCredentials, Retryable
from portal.core.recovery import raise_for_recovery
from portal.core.response import Response
from portal.core.secrets import Secret

_PATH: Final = "/graphql"
_REFRESH: Final = "/auth/refresh"
# As ShipHero publishes them; a refusal for want of credits does not always repeat them.
_RESTORED: Final = 60.0
_MOST: Final = 4004.0
_NO_CREDITS: Final = "30"
_REFUSED: Final = frozenset({400, 401, 403})


def quota_of(said: Mapping[str, Any]) -> Quota | None:
    """What a refusal for want of credits says of them; a good answer says nothing."""
    errors = said.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, Mapping) and str(error.get("code")) == _NO_CREDITS:
            try:
                return Quota(
                    left=float(error.get("remaining_credits") or 0),
                    restored=float(error.get("increment_rate") or _RESTORED),
                    most=_MOST,
                    required=float(error.get("required_credits") or 0),
                )
            except (TypeError, ValueError):
                return None
    return None


DIALECT: Final = Dialect(name="ShipHero", waits=frozenset({_NO_CREDITS}), quota=quota_of)


def conversation_of(connection: Connection) -> Conversation:
    """The conversation with one account. NeedsCredentials without a refresh token."""
    secret = connection.secrets.get("refresh_token")
    if not secret:
        raise NeedsCredentials("No refresh token is entered")
    base = str(connection.settings["url"]).rstrip("/")
    return Conversation(TokenSite(base, Tokens(_by_refresh(base, secret))), _PATH, DIALECT)


def _by_refresh(base: str, secret: Secret) -> Ask:
    """ShipHero's own way to renew: JSON instead of a form, and the refresh token stays the same."""

    def ask(refused: Secret | None) -> Held:
        began = clock.monotonic()
        body = encode({"refresh_token": secret.reveal()})
        token, lasts = _granted(Site(base).send("POST", _REFRESH, body=body))
        return Held(Secret(token), began + good_for(lasts))

    return ask


def _granted(answer: Response) -> tuple[str, float]:
    """The access token and how many seconds it lasts. No error repeats the answer: it may hold a token."""
    if answer.status in _REFUSED:
        raise NeedsCredentials(f"ShipHero takes the refresh token no more ({answer.status})")
    if not 200 <= answer.status < 300:
        raise_for_recovery(_silent(answer))
    said = answer.json()
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise Retryable(f"{answer!r} holds no access token")
    lasts = said.get("expires_in")
    return token, float(lasts) if isinstance(lasts, int) and lasts > 0 else UNTOLD


def _silent(answer: Response) -> Response:
    return Response(answer.method, answer.url, answer.status, answer.headers, b"", answer.seconds)
