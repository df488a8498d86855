"""Calls of a described system: to its base address only, with its credentials, at its pace."""

from collections.abc import Mapping

from integrations.connectors import access, account
from integrations.connectors.connection import Connection
from integrations.connectors.described import carrying, pace
from integrations.connectors.described.system import System
from integrations.transports.http import Site
from integrations.transports.oauth1 import SignedSite
from portal.core.errors import NeedsCredentials
from portal.core.response import Response


class Api:
    """Gives the answer, whatever its status. Safe from any thread. NeedsCredentials when a secret that
    the description names is not entered."""

    def __init__(self, connection: Connection, system: System) -> None:
        self.base = str(connection.settings["url"]).rstrip("/")
        self._carried = carrying.carried(system.auth, connection.secrets)
        headers = {"Accept": "application/json", **system.headers, **self._carried.headers}
        self._site = _site(connection, system, headers)
        shown = [*self._carried.headers.values(), *self._carried.params.values()]
        signer = carrying.signer_of(system.auth, connection.secrets)
        shown += [signer.token.reveal()] if signer else []
        shown += access.known_by(connection) if system.auth.kind == "oauth" else []
        self._pace = pace.shared(account.mark(self.base, *shown), system.rate)

    def ask(self, path: str, params: Mapping[str, str]) -> Response:
        """A GET. `path` may bring a query of its own."""
        self._pace.wait()
        answer = self._site.send("GET", path, params={**params, **self._carried.params})
        self._pace.hear(answer)
        return answer

    def write(self, method: str, path: str, body: bytes, *, headers: Mapping[str, str]) -> Response:
        self._pace.wait()
        answer = self._site.send(
            method, path, params=self._carried.params, body=body, headers=headers
        )
        self._pace.hear(answer)
        return answer


def _site(connection: Connection, system: System, headers: Mapping[str, str]) -> Site:
    url = str(connection.settings["url"])
    if signer := carrying.signer_of(system.auth, connection.secrets):
        return SignedSite(url, signer, headers=headers)
    if system.auth.kind != "oauth":
        return Site(url, headers=headers)
    if not connection.settings.get("token_url"):
        raise NeedsCredentials(
            "The description wants access tokens, and no token address is entered"
        )
    return access.token_site(connection, headers=headers)
