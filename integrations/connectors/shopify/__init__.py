"""Shopify, by its GraphQL Admin API and its webhooks."""

from integrations.connectors.connector import Connector
from integrations.connectors.shopify import mapper
from integrations.connectors.shopify.account import account_of
from integrations.connectors.shopify.client import ShopClient
from integrations.connectors.shopify.manifest import MANIFEST
from integrations.connectors.shopify.settings import SETTINGS
from integrations.connectors.shopify.webhook import admit, check_headers

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=ShopClient,
    admit=admit,
    check_headers=check_headers,
)
