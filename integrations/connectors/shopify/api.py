"""A shop's GraphQL Admin API: who calls, what its errors and its quota mean."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.graphql import refusals
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.faults import Dialect
from integrations.connectors.graphql.quota import Quota
from integrations.connectors.shopify.documents import PATH
from integrations.connectors.shopify.settings import TOKEN
from integrations.transports.http import Site
from integrations.transports.oauth import Tokens, TokenSite, by_credentials
from integrations.transports.token_server import TokenClient
from portal.core.errors import NeedsCredentials

SAYS: Final = "Shopify says"
_HEADER: Final = "X-Shopify-Access-Token"
_TOKEN_PATH: Final = "/admin/oauth/access_token"  # noqa: S105 - an address


def quota_of(said: Mapping[str, Any]) -> Quota | None:
    """`extensions.cost`: what the call costs, and what is in the bucket of app and shop."""
    extensions = said.get("extensions")
    cost = extensions.get("cost") if isinstance(extensions, Mapping) else None
    status = cost.get("throttleStatus") if isinstance(cost, Mapping) else None
    if not isinstance(cost, Mapping) or not isinstance(status, Mapping):
        return None
    try:
        return Quota(
            left=float(status["currentlyAvailable"]),
            restored=float(status["restoreRate"]),
            most=float(status["maximumAvailable"]),
            required=float(cost.get("requestedQueryCost") or 0),
        )
    except (KeyError, TypeError, ValueError):
        return None


_USUAL: Final = Dialect()
DIALECT: Final = Dialect(
    name="Shopify",
    forbidden=_USUAL.forbidden | {"SHOP_INACTIVE"},  # nothing works until its owner pays
    quota=quota_of,
)


def conversation_of(connection: Connection) -> Conversation:
    """The conversation with a shop. NeedsCredentials for what is not entered."""
    return Conversation(_site(connection), PATH, DIALECT)


def _site(connection: Connection) -> Site:
    base = str(connection.settings["url"]).rstrip("/")
    if connection.settings["access"] == TOKEN:
        token = connection.secrets.get("access_token")
        if not token:
            raise NeedsCredentials("No access token is entered")
        return Site(base, headers={_HEADER: token.reveal()})
    secret = connection.secrets.get("client_secret")
    if not (secret and connection.settings["client_id"]):
        raise NeedsCredentials("No client ID and client secret are entered")
    client = TokenClient(
        token_url=base + _TOKEN_PATH,
        client_id=str(connection.settings["client_id"]),
        client_secret=secret,
        identifies="body",
    )
    return TokenSite(base, Tokens(by_credentials(client)), carried_in=_HEADER)


def refused(payload: Any, *, name: str = "userErrors", root: str = "") -> list[Problem]:
    """What a change's payload refuses, in Shopify's words."""
    return refusals.of_user_errors(payload, says=SAYS, names=(name,), root=root)
