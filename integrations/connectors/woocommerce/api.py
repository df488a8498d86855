"""WooCommerce's REST API v3 as calls and errors."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.transports.http import Site, basic_auth, encode
from portal.core.errors import NeedsCredentials, Retryable
from portal.core.recovery import raise_for_recovery
from portal.core.response import Response

_BASE: Final = "/wp-json/wc/v3"


class Api:
    """Calls that raise only the four errors named by recovery."""

    def __init__(self, connection: Connection) -> None:
        key, secret = (_secret(connection, name) for name in ("consumer_key", "consumer_secret"))
        base = str(connection.settings["url"]).rstrip("/") + _BASE
        self._site = Site(base, headers={"Authorization": basic_auth(key, secret)})

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Response:
        """The answer, if it is a good one."""
        answer = self._site.send("GET", path, params=params)
        raise_for_recovery(answer)
        return answer

    def ask(self, path: str, params: Mapping[str, str] | None = None) -> Response:
        """The answer, whatever its status."""
        return self._site.send("GET", path, params=params)

    def write(self, method: str, path: str, body: Any) -> Response:
        """Send a change. The answer whatever its status: `check` it once it is noted."""
        return self._site.send(method, path, body=encode(body))


def _secret(connection: Connection, name: str) -> str:
    found = connection.secrets.get(name)
    if not found:
        raise NeedsCredentials(f"No {name.replace('_', ' ')} is entered")
    return found.reveal()


def check(answer: Response) -> Any:
    """The JSON of a good answer; else the error that names what helps.

    A refusal of the content (400, 422) asks a person, in the store's own words.
    """
    raise_for_recovery(answer, problems=_problems)
    return answer.json()


def _problems(answer: Response) -> list[Problem]:
    if answer.status not in {400, 422}:
        return []
    try:
        said = answer.json()
    except Retryable:
        return []
    return [refusal(said)] if isinstance(said, dict) and said.get("message") else []


def refusal(said: Mapping[str, Any], *, path: str = "") -> Problem:
    """WooCommerce's error object {code, message, data} as a problem."""
    text = f"The store says: {shorten(said.get('message', ''))}"
    return Problem("rejected", path, shorten(said.get("code", "")), text)
