"""Amazon, by the Selling Partner API."""

from integrations.connectors.amazon import mapper
from integrations.connectors.amazon.account import account_of
from integrations.connectors.amazon.client import AmazonClient
from integrations.connectors.amazon.manifest import MANIFEST
from integrations.connectors.amazon.settings import SETTINGS
from integrations.connectors.connector import Connector

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=AmazonClient,
)
