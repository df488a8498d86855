"""The conversation with one shop, as `description.yaml` says."""

from functools import partial
from typing import Final

from integrations.connectors.connection import Connection
from integrations.connectors.described import shipped
from integrations.connectors.described.client import DescribedClient
from integrations.connectors.magento.settings import SETTINGS
from integrations.connectors.magento.writing import shape

SYSTEM: Final = shipped.read(__file__, SETTINGS)


def client(connection: Connection) -> DescribedClient:
    settings = connection.settings
    shaped = partial(
        shape,
        source=str(settings["source_code"] or "").strip(),
        notify=bool(settings["notify"]),
    )
    return shipped.client_of(connection, SYSTEM, shape=shaped)
