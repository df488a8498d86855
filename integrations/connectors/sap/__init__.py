"""SAP S/4HANA by its published OData services."""

from integrations.connectors.connector import Connector
from integrations.connectors.sap import mapper
from integrations.connectors.sap.account import account_of
from integrations.connectors.sap.client import SapClient
from integrations.connectors.sap.manifest import MANIFEST
from integrations.connectors.sap.settings import SETTINGS, takes_cancels

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=SapClient,
    takes_cancels=takes_cancels,
)
