"""Magento 2: Adobe Commerce and Magento Open Source, REST V1."""

from integrations.connectors.connector import Connector
from integrations.connectors.magento import mapper
from integrations.connectors.magento.account import account_of
from integrations.connectors.magento.client import client
from integrations.connectors.magento.manifest import MANIFEST
from integrations.connectors.magento.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
)
