"""Legacy ERPs through their database: tables, views, procedures."""

from integrations.connectors.connector import Connector
from integrations.connectors.sql import mapper
from integrations.connectors.sql.account import account_of
from integrations.connectors.sql.cancels import takes_cancels
from integrations.connectors.sql.client import SqlClient
from integrations.connectors.sql.manifest import MANIFEST
from integrations.connectors.sql.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    client=SqlClient,
    account=account_of,
    takes_cancels=takes_cancels,
)
