"""The conversation with one warehouse, as `description.yaml` says."""

from dataclasses import replace
from typing import Final

from integrations.connectors.connection import Connection
from integrations.connectors.described import shipped
from integrations.connectors.described.client import DescribedClient
from integrations.connectors.described.system import Auth
from integrations.connectors.rest3pl.settings import SETTINGS

SYSTEM: Final = shipped.read(__file__, SETTINGS)
_BY_TOKEN_SERVER: Final = replace(SYSTEM, auth=Auth("oauth"))


def client(connection: Connection) -> DescribedClient:
    system = _BY_TOKEN_SERVER if connection.settings["token_url"] else SYSTEM
    return shipped.client_of(connection, system)
