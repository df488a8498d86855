"""Calls of a described system: to its base address only, with its credentials, at its pace."""

from collections.abc import Mapping
from uuid import uuid4

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
        if system.auth.kind == "oauth" and (refresh := connection.secrets.get(system.auth.secret)):
            shown.append(refresh.reveal())
        self._call_id = system.call_id
        self._pace = pace.shared(account.mark(self.base, *shown), system.rate)
        self._paces = [
            (one, pace.shared(account.mark(self.base, *shown, one.method, one.path), one.rate))
            for one in system.rates
        ]

    def ask(self, path: str, params: Mapping[str, str]) -> Response:
        """A GET. `path` may bring a query of its own."""
        return self._send("GET", path, params=params, headers={})

    def write(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        params: Mapping[str, str],
        headers: Mapping[str, str],
    ) -> Response:
        return self._send(method, path, params=params, headers=headers, body=body)

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Response:
        found = (its for one, its in self._paces if one.fits(method, path))
        its_pace = next(found, self._pace)
        its_pace.wait()
        if self._call_id:
            headers = {**headers, self._call_id: str(uuid4())}
        params = {**params, **self._carried.params}
        answer = self._site.send(method, path, params=params, headers=headers, body=body)
        its_pace.hear(answer)
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
    auth = system.auth
    return access.token_site(
        connection,
        headers=headers,
        carried_in=auth.name,
        refresh=auth.secret,
        identifies=auth.identifies,
        asked_with=tuple(system.headers.items()) if auth.same_headers else (),
        call_id=system.call_id if auth.same_headers else "",
    )
