"""The conversation with one store, as `description.yaml` says."""

from functools import partial
from typing import Final

from integrations.connectors.bigcommerce.settings import SETTINGS
from integrations.connectors.bigcommerce.shipping import shape
from integrations.connectors.connection import Connection
from integrations.connectors.described import shipped
from integrations.connectors.described.client import DescribedClient

SYSTEM: Final = shipped.read(__file__, SETTINGS)


def client(connection: Connection) -> DescribedClient:
    location = str(connection.settings["location_id"]).strip()
    return shipped.client_of(connection, SYSTEM, shape=partial(shape, location=location))
