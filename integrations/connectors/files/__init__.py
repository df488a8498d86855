"""Flat files of any kind, as an agreement says."""

from integrations.connectors.connector import Connector
from integrations.connectors.files import mapper
from integrations.connectors.files.account import account_of
from integrations.connectors.files.client import client
from integrations.connectors.files.manifest import MANIFEST
from integrations.connectors.files.settings import SETTINGS
from integrations.connectors.flat_files import tables
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
    tables=tables,
)
