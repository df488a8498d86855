"""Tryton, through its REST API."""

from integrations.connectors.connector import Connector
from integrations.connectors.tryton import mapper
from integrations.connectors.tryton.account import account_of
from integrations.connectors.tryton.client import TrytonClient
from integrations.connectors.tryton.manifest import MANIFEST
from integrations.connectors.tryton.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST, settings=SETTINGS, mapper=mapper, account=account_of, client=TrytonClient
)
