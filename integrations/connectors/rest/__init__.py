"""Any REST system that speaks JSON, described in YAML."""

from integrations.connectors.access import code_grant
from integrations.connectors.connector import Connector
from integrations.connectors.rest import mapper
from integrations.connectors.rest.account import account_of
from integrations.connectors.rest.client import client
from integrations.connectors.rest.manifest import MANIFEST
from integrations.connectors.rest.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
    authorises=code_grant,
    streams_of=mapper.streams_of,
)
