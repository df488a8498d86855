"""Warehouses that speak X12 in files on a server, or in files that come by mail."""

from integrations.connectors.connector import Connector
from integrations.connectors.edi_files.account import account_of
from integrations.connectors.edi_files.clients import client
from integrations.connectors.mailbox import code_grant
from integrations.connectors.x12 import mapper
from integrations.connectors.x12.envelope import envelope, file_kind
from integrations.connectors.x12.manifest import MANIFEST
from integrations.connectors.x12.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
    envelope=envelope,
    file_kind=file_kind,
    authorises=code_grant,
)
