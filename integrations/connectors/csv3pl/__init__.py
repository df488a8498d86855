"""Warehouses that exchange CSV files in folders."""

from integrations.connectors.connector import Connector
from integrations.connectors.csv3pl import mapper
from integrations.connectors.csv3pl.account import account_of
from integrations.connectors.csv3pl.client import client
from integrations.connectors.csv3pl.manifest import MANIFEST
from integrations.connectors.csv3pl.settings import SETTINGS
from integrations.connectors.flat_files.envelope import envelope
from integrations.connectors.mailbox import code_grant

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
    envelope=envelope,
    authorises=code_grant,
)
