"""The site of a connection, with what opens it: a secret in a header, an access token, or both."""

from integrations.connectors import account
from integrations.connectors.connection import Connection
from integrations.connectors.http.settings import CODE
from integrations.transports.http import Site
from integrations.transports.oauth import Ask, Held, Tokens, TokenSite, by_credentials
from integrations.transports.token_server import CodeGrant, TokenClient
from portal.core.errors import NeedsCredentials, Permanent
from portal.core.secrets import Secret


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
    return TokenSite(settings["url"], Tokens(_ask(connection)), headers=headers)


def code_grant(connection: Connection) -> CodeGrant | None:
    """The page where a person says yes; None where tokens are asked for without one."""
    settings = connection.settings
    if not settings["token_url"] or settings["grant"] != CODE:
        return None
    client = _client(connection)
    # The tokens go to the base address: for another one somebody has to say yes anew.
    sites = (account.site(str(settings[name])) for name in ("url", "token_url"))
    return CodeGrant(
        settings["authorise_url"], client, account.mark(*sites, client.client_id, client.audience)
    )


def _ask(connection: Connection) -> Ask:
    grant = code_grant(connection)
    if grant is None:
        client = _client(connection)
        if not client.client_secret:
            raise NeedsCredentials("A token address is entered, and no client secret")
        return by_credentials(client)

    def ask(refused: Secret | None) -> Held:
        if connection.authorisation is None:
            raise NeedsCredentials("Nobody authorised us at the system yet")
        return connection.authorisation.token(
            grant.client.by_refresh, meant=grant.meant, refused=refused
        )

    return ask


def _client(connection: Connection) -> TokenClient:
    settings = connection.settings
    if not settings["client_id"]:
        raise NeedsCredentials("A token address is entered, and no client ID")
    return TokenClient(
        token_url=settings["token_url"],
        client_id=settings["client_id"],
        client_secret=connection.secrets.get("client_secret") or None,
        scope=settings["scope"],
        audience=settings["audience"],
        identifies=settings["client_identifies"],
    )
