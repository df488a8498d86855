"""Vendure, by its GraphQL Admin API, and by webhooks of a small plugin."""

from integrations.connectors.connector import Connector
from integrations.connectors.vendure import mapper
from integrations.connectors.vendure.account import account_of
from integrations.connectors.vendure.client import ShopClient
from integrations.connectors.vendure.manifest import MANIFEST
from integrations.connectors.vendure.settings import SETTINGS
from integrations.connectors.vendure.webhook import admit, check_headers

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=ShopClient,
    admit=admit,
    check_headers=check_headers,
)
