"""A warehouse that speaks our published REST shape."""

from integrations.connectors.access import code_grant
from integrations.connectors.connector import Connector
from integrations.connectors.rest3pl import mapper
from integrations.connectors.rest3pl.account import account_of
from integrations.connectors.rest3pl.client import client
from integrations.connectors.rest3pl.manifest import MANIFEST
from integrations.connectors.rest3pl.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
    authorises=code_grant,
)
