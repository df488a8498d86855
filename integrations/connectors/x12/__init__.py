"""Warehouses that speak X12 in files over SFTP."""

from integrations.connectors.connector import Connector
from integrations.connectors.edi_files.account import account_of
from integrations.connectors.edi_files.client import FilesClient
from integrations.connectors.x12 import mapper
from integrations.connectors.x12.envelope import envelope, file_kind
from integrations.connectors.x12.manifest import MANIFEST
from integrations.connectors.x12.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=FilesClient,
    envelope=envelope,
    file_kind=file_kind,
)
