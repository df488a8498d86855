"""ShipHero, by its GraphQL API."""

from integrations.connectors.connector import Connector
from integrations.connectors.shiphero import mapper
from integrations.connectors.shiphero.account import account_of
from integrations.connectors.shiphero.client import WarehouseClient
from integrations.connectors.shiphero.manifest import MANIFEST
from integrations.connectors.shiphero.settings import SETTINGS

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=WarehouseClient,
)
