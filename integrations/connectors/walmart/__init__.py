"""Walmart Marketplace in the United States."""

from integrations.connectors.connector import Connector
from integrations.connectors.walmart import mapper
from integrations.connectors.walmart.account import account_of
from integrations.connectors.walmart.client import client
from integrations.connectors.walmart.manifest import MANIFEST
from integrations.connectors.walmart.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
)
