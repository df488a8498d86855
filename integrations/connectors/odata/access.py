"""The site of a connection with what opens it: an access token for ourselves, or user and password."""

from integrations.connectors.connection import Connection
from integrations.transports.http import Site, basic_auth
from integrations.transports.oauth import Tokens, TokenSite, by_credentials
from integrations.transports.token_server import Identifies, TokenClient
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret


def token_site(
    connection: Connection,
    base: str,
    *,
    token_url: str,
    scope: str = "",
    identifies: Identifies = "basic",
    headers: dict[str, str] | None = None,
) -> TokenSite:
    """A site whose tokens come from `token_url`. NeedsCredentials where client or secret are not entered."""
    client_id = str(connection.settings.get("client_id") or "").strip()
    if not client_id or not token_url:
        raise NeedsCredentials("No client ID or no token address is entered")
    client = TokenClient(
        token_url,
        client_id,
        _secret(connection, "client_secret", "client secret"),
        scope=scope,
        identifies=identifies,
    )
    return TokenSite(base, Tokens(by_credentials(client)), headers=headers)


def basic_site(connection: Connection, base: str, *, headers: dict[str, str] | None = None) -> Site:
    """A site with user and password. NeedsCredentials where one of them is not entered."""
    user = str(connection.settings.get("user") or "").strip()
    if not user:
        raise NeedsCredentials("No user is entered")
    password = _secret(connection, "password", "password").reveal()
    return Site(base, headers={**(headers or {}), "Authorization": basic_auth(user, password)})


def _secret(connection: Connection, name: str, spoken: str) -> Secret:
    found = connection.secrets.get(name)
    if not found:
        raise NeedsCredentials(f"No {spoken} is entered")
    return found
