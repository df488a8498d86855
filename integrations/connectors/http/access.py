"""The site of a connection, with what opens it: a secret in a header, an access token, or both."""

from integrations.connectors import access
from integrations.connectors.connection import Connection
from integrations.transports.http import Site
from portal.core.errors import Permanent


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
    return access.token_site(connection, headers=headers)
