"""An application that talks to the hub over its API, and that the hub never calls."""

from integrations.connectors.application import mapper
from integrations.connectors.application.account import account_of
from integrations.connectors.application.client import ApplicationClient
from integrations.connectors.application.manifest import MANIFEST
from integrations.connectors.application.settings import SETTINGS
from integrations.connectors.connector import Connector

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=ApplicationClient,
)
