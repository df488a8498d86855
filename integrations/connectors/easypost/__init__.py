"""EasyPost, REST v2."""

from integrations.connectors.connector import Connector
from integrations.connectors.easypost import mapper
from integrations.connectors.easypost.account import account_of
from integrations.connectors.easypost.client import client
from integrations.connectors.easypost.manifest import MANIFEST
from integrations.connectors.easypost.settings import SETTINGS
from integrations.connectors.easypost.webhook import admit, check_headers

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=client,
    admit=admit,
    check_headers=check_headers,
)
