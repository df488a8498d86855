"""Microsoft Dynamics 365 Business Central, API v2.0."""

from integrations.connectors.businesscentral import mapper
from integrations.connectors.businesscentral.account import account_of
from integrations.connectors.businesscentral.client import BusinessCentralClient
from integrations.connectors.businesscentral.manifest import MANIFEST
from integrations.connectors.businesscentral.settings import SETTINGS, takes_cancels
from integrations.connectors.connector import Connector

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=BusinessCentralClient,
    takes_cancels=takes_cancels,
)
