"""Warehouses that speak X12 in files over SFTP."""

from integrations.connectors.connector import Connector
from integrations.connectors.x12 import mapper
from integrations.connectors.x12.account import account_of
from integrations.connectors.x12.client import WarehouseClient
from integrations.connectors.x12.envelope import envelope
from integrations.connectors.x12.manifest import MANIFEST
from integrations.connectors.x12.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=WarehouseClient,
    envelope=envelope,
)
