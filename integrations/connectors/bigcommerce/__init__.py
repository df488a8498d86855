"""BigCommerce, REST V2 and V3."""

from integrations.connectors.bigcommerce import mapper
from integrations.connectors.bigcommerce.account import account_of
from integrations.connectors.bigcommerce.client import client
from integrations.connectors.bigcommerce.manifest import MANIFEST
from integrations.connectors.bigcommerce.settings import SETTINGS
from integrations.connectors.connector import Connector

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
)
