"""A shop's Admin API: who calls, and what its errors mean."""

from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.graphql import faults, refusals
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.faults import Dialect
from integrations.connectors.vendure.documents import LOGIN
from integrations.connectors.vendure.settings import BY_KEY
from integrations.transports.http import Site
from integrations.transports.oauth import Held, Tokens, TokenSite
from portal.core import clock
from portal.core.errors import NeedsCredentials, Retryable
from portal.core.response import Response
from portal.core.secrets import Secret

SAYS: Final = "Vendure says"
_SESSION: Final = "vendure-auth-token"
_KEY: Final = "vendure-api-key"
_CHANNEL: Final = "vendure-token"
_LASTS: Final = 86_400.0  # seconds a session is used; by its default a server keeps one for a year
_USUAL: Final = Dialect()
DIALECT: Final = Dialect(
    name="Vendure",
    bad_data=_USUAL.bad_data | {"USER_INPUT_ERROR", "ENTITY_NOT_FOUND", "ILLEGAL_OPERATION"},
)
# What a typed error says beside its message, which some lack: there it is the name of a text.
_DETAILS: Final = ("transitionError", "fulfillmentHandlerError")


class SessionSite(TokenSite):
    """A site that refuses a session it does not know by the same word as one without rights, with 200."""

    def _refuses(self, answer: Response) -> bool:
        if super()._refuses(answer):
            return True
        if b"FORBIDDEN" not in answer.body:
            return False
        try:
            found = faults.faults_of(answer.json())
        except Retryable:
            return False
        return any(fault.code in DIALECT.forbidden for fault in found)


def conversation_of(connection: Connection) -> Conversation:
    """The conversation with a shop. NeedsCredentials for what is not entered."""
    return Conversation(_site(connection), "", DIALECT)


def _site(connection: Connection) -> Site:
    base = str(connection.settings["url"]).strip()
    channel = str(connection.settings.get("channel_token") or "").strip()
    headers = {_CHANNEL: channel} if channel else {}
    if connection.settings["access"] == BY_KEY:
        key = connection.secrets.get("api_key")
        if not key:
            raise NeedsCredentials("No API key is entered")
        return Site(base, headers={**headers, _KEY: key.reveal()})
    password, user = connection.secrets.get("password"), connection.settings.get("username")
    if not (password and user):
        raise NeedsCredentials("No user name and password are entered")
    login = _Login(base, str(user), password)
    return SessionSite(base, Tokens(login), headers=headers)


class _Login:
    """Asks for a session."""

    def __init__(self, base: str, user: str, password: Secret) -> None:
        self._conversation = Conversation(Site(base), "", DIALECT)
        self._user, self._password = user, password

    def __call__(self, refused: Secret | None) -> Held:
        asked = {"username": self._user, "password": self._password.reveal()}
        said = self._conversation.ask(LOGIN, asked)
        login = said.data.get("login")
        if problems := refused_by(login, "CurrentUser"):
            raise NeedsCredentials(problems[0].text)
        token = said.answer.header(_SESSION)
        if not token:
            text = f"The shop gives no {_SESSION}: its authOptions.tokenMethod must contain bearer"
            raise NeedsCredentials(text)
        return Held(Secret(token), clock.monotonic() + _LASTS)


def refused_by(answer: Any, wanted: str, *, root: str = "") -> list[Problem]:
    """What a change's typed error says, in Vendure's words."""
    if isinstance(answer, dict):
        details = [answer[name] for name in _DETAILS if answer.get(name)]
        if details:
            answer = {**answer, "message": details[0]}
    return refusals.of_union(answer, frozenset({wanted}), says=SAYS, root=root)
