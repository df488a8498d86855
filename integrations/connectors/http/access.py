"""The site of a connection, with what opens it: a secret in a header, an access token, or both."""

from integrations.connectors.connection import Connection
from integrations.transports.http import Site
from integrations.transports.oauth import ClientCredentials, Tokens, TokenSite
from portal.core.errors import NeedsCredentials, Permanent


def has_secret(connection: Connection) -> bool:
    """Whether anything is entered that opens the system."""
    return bool(connection.settings["token_url"] or connection.secrets.get("auth_token"))


def site_of(connection: Connection) -> Site:
    """Where calls go. Raises NeedsCredentials for a token address without client and secret, Permanent
    for two things that want the same header."""
    settings = connection.settings
    secret = connection.secrets.get("auth_token")
    headers = {settings["auth_header"]: secret.reveal()} if secret else {}
    if not settings["token_url"]:
        return Site(settings["url"], headers=headers)
    if "authorization" in {name.lower() for name in headers}:
        raise Permanent(
            "The access token wants the Authorization header: enter another one for the secret header value",
            code="bad_setting",
        )
    return TokenSite(settings["url"], Tokens(_grant(connection).ask), headers=headers)


def _grant(connection: Connection) -> ClientCredentials:
    settings, secret = connection.settings, connection.secrets.get("client_secret")
    if not settings["client_id"]:
        raise NeedsCredentials("A token address is entered, and no client ID")
    if not secret:
        raise NeedsCredentials("A token address is entered, and no client secret")
    return ClientCredentials(
        token_url=settings["token_url"],
        client_id=settings["client_id"],
        client_secret=secret,
        scope=settings["scope"],
        audience=settings["audience"],
        identifies=settings["client_identifies"],
    )
