"""Any system that sends JSON webhooks or takes JSON over HTTP."""

from integrations.connectors.access import code_grant
from integrations.connectors.connector import Connector
from integrations.connectors.http import mapper
from integrations.connectors.http.account import account_of
from integrations.connectors.http.client import HttpClient
from integrations.connectors.http.manifest import MANIFEST
from integrations.connectors.http.settings import SETTINGS
from integrations.connectors.http.webhook import admit, check_headers

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=HttpClient,
    admit=admit,
    check_headers=check_headers,
    authorises=code_grant,
)
