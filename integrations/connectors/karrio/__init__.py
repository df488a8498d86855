"""Karrio, its REST API."""

from integrations.connectors.connector import Connector
from integrations.connectors.karrio import mapper
from integrations.connectors.karrio.account import account_of
from integrations.connectors.karrio.client import client
from integrations.connectors.karrio.manifest import MANIFEST
from integrations.connectors.karrio.settings import SETTINGS
from integrations.connectors.karrio.webhook import admit, check_headers

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
    admit=admit,
    check_headers=check_headers,
)
