"""Odoo by its External API: JSON-2, and JSON-RPC for the versions before it."""

from integrations.connectors.connector import Connector
from integrations.connectors.odoo import mapper
from integrations.connectors.odoo.account import account_of
from integrations.connectors.odoo.client import OdooClient
from integrations.connectors.odoo.manifest import MANIFEST
from integrations.connectors.odoo.settings import SETTINGS, takes_cancels

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=OdooClient,
    takes_cancels=takes_cancels,
)
