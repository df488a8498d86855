"""Calls of a described system: to its base address only, with its credentials, at its pace."""

from collections.abc import Mapping

from integrations.connectors.connection import Connection
from integrations.connectors.described import carrying
from integrations.connectors.described.pace import Pace
from integrations.connectors.described.system import System
from integrations.transports.http import Site
from portal.core.response import Response


class Api:
    """Gives the answer, whatever its status. Safe from any thread. NeedsCredentials when a secret that
    the description names is not entered."""

    def __init__(self, connection: Connection, system: System) -> None:
        self.base = str(connection.settings["url"]).rstrip("/")
        self._carried = carrying.carried(system.auth, connection.secrets)
        self._site = Site(
            self.base, headers={"Accept": "application/json", **self._carried.headers}
        )
        self._pace = Pace(system.per_second)

    def ask(self, path: str, params: Mapping[str, str]) -> Response:
        """A GET. `path` may bring a query of its own."""
        self._pace.wait()
        return self._site.send("GET", path, params={**params, **self._carried.params})

    def write(self, method: str, path: str, body: bytes, *, headers: Mapping[str, str]) -> Response:
        self._pace.wait()
        return self._site.send(
            method, path, params=self._carried.params, body=body, headers=headers
        )
