"""The conversation with one seller's account, as `description.yaml` says."""

from typing import Final

from integrations.connectors.connection import Connection
from integrations.connectors.described import shipped
from integrations.connectors.described.client import DescribedClient
from integrations.connectors.walmart.settings import SETTINGS
from integrations.connectors.walmart.writing import shape

SYSTEM: Final = shipped.read(__file__, SETTINGS)


def client(connection: Connection) -> DescribedClient:
    return shipped.client_of(connection, SYSTEM, shape=shape)
