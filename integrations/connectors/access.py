"""OAuth 2.0 for connectors whose token server is entered: the settings, the site whose calls carry a token,
and the page where a person says yes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from integrations.connectors import account
from integrations.connectors.connection import GIVEN, Connection, NoConsentError, Setting
from integrations.transports.oauth import Ask, Held, Tokens, TokenSite, by_credentials, by_refresh
from integrations.transports.token_server import CodeGrant, Identifies, TokenClient
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret

CREDENTIALS: Final = "client-credentials"
CODE: Final = "authorisation-code"

SETTINGS: Final = (
    Setting(
        "token_url",
        "Token address",
        "For systems with OAuth 2.0: where access tokens are asked for, such as "
        "https://login.example.com/oauth2/token. Each call then carries a token as its Authorization.",
        required=False,
        default="",
        kind="url",
        place=True,
    ),
    Setting(
        "grant",
        "Who the tokens are for",
        "For the portal itself (client credentials), or for a person, who says yes once on the system's own "
        "page (authorisation code).",
        required=False,
        default=CREDENTIALS,
        kind="choice",
        choices=(CREDENTIALS, CODE),
        words=("the portal itself", "a person who says yes"),
        when=("token_url", GIVEN),
    ),
    Setting(
        "authorise_url",
        "Page where one authorises",
        "The system's own page, such as https://login.example.com/oauth2/authorize.",
        required=False,
        default="",
        kind="url",
        when=("grant", CODE),
    ),
    Setting(
        "client_id",
        "Client ID",
        "Who we are at the token address.",
        required=False,
        default="",
        when=("token_url", GIVEN),
    ),
    Setting(
        "client_secret",
        "Client secret",
        "What proves it. A public client has none.",
        secret=True,
        required=False,
        when=("token_url", GIVEN),
    ),
    Setting(
        "scope",
        "Scope",
        "What the tokens are asked for, with blanks between. Empty: what the system gives by itself.",
        required=False,
        default="",
        when=("token_url", GIVEN),
    ),
    Setting(
        "audience",
        "Audience",
        "For whom the tokens are, where the token server wants to know.",
        required=False,
        default="",
        when=("token_url", GIVEN),
        seldom=True,
    ),
    Setting(
        "client_identifies",
        "Client ID and secret are sent",
        "With each request for a token, as the system's documentation says.",
        required=False,
        default="basic",
        kind="choice",
        choices=("basic", "body"),
        words=("in the Authorization header (basic)", "in the form (body)"),
        when=("token_url", GIVEN),
        seldom=True,
    ),
)


def token_site(
    connection: Connection,
    *,
    headers: Mapping[str, str],
    carried_in: str = "",
    refresh: str = "",
    identifies: Identifies | None = None,
    asked_with: tuple[tuple[str, str], ...] = (),
    call_id: str = "",
) -> TokenSite:
    """Where calls go, each with a token. Raises NeedsCredentials for a token address without client and
    secret.

    `carried_in`: the header a token goes in by itself, instead of a bearer token in Authorization.
    `refresh`: the secret that holds a refresh token which somebody entered. `asked_with` are headers that the
    token server wants too, and `call_id` one that carries an id of its own; `identifies` counts where no
    setting says it.
    """
    client = replace(_client(connection), headers=asked_with, call_id=call_id)
    if identifies:
        client = replace(client, identifies=identifies)
    ask = _by_refresh(connection, client, refresh) if refresh else _ask(connection, client)
    return TokenSite(
        connection.settings["url"], Tokens(ask), headers=headers, carried_in=carried_in
    )


def known_by(connection: Connection) -> list[str]:
    """What tells one account of a site from another: who we are at its token server. Empty without one."""
    token_url, *client = (
        str(connection.settings.get(name) or "").strip()
        for name in ("token_url", "client_id", "audience")
    )
    return [account.site(token_url), *client] if token_url else []


def is_for_a_person(connection: Connection) -> bool:
    """Whether a person says yes at the system: many may, each for an account of their own."""
    return bool(connection.settings.get("token_url")) and connection.settings.get("grant") == CODE


def code_grant(connection: Connection, *, place: str = "") -> CodeGrant | None:
    """The page where a person says yes; None where tokens are asked for without one. `place`: where the
    tokens go, instead of to the base address."""
    if not is_for_a_person(connection):
        return None
    settings, client = connection.settings, _client(connection)
    # For another place somebody has to say yes anew.
    sites = (account.site(place or str(settings["url"])), account.site(str(settings["token_url"])))
    return CodeGrant(
        settings["authorise_url"], client, account.mark(*sites, client.client_id, client.audience)
    )


def tokens(connection: Connection, *, place: str) -> Tokens:
    """The tokens of a system that is no site; they go to `place`. NeedsCredentials as of `token_site`."""
    return Tokens(_ask(connection, _client(connection), place=place))


def _by_refresh(connection: Connection, client: TokenClient, name: str) -> Ask:
    held = connection.secrets.get(name)
    if not client.client_secret or not held or not held.reveal().strip():
        raise NeedsCredentials("The client secret and the refresh token must both be entered")
    return by_refresh(client, Secret(held.reveal().strip()))


def _ask(connection: Connection, client: TokenClient, *, place: str = "") -> Ask:
    grant = code_grant(connection, place=place)
    if grant is None:
        if not client.client_secret:
            raise NeedsCredentials("A token address is entered, and no client secret")
        return by_credentials(client)

    def ask(refused: Secret | None) -> Held:
        if connection.authorisation is None:
            raise NoConsentError(
                "Nobody authorised us at the system yet. Authorise at the endpoint"
            )
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
        scope=settings.get("scope") or "",
        audience=settings.get("audience") or "",
        identifies=settings.get("client_identifies") or "basic",
    )
