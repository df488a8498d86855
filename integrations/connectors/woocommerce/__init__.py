"""WooCommerce REST v3."""

from integrations.connectors.connector import Connector
from integrations.connectors.woocommerce import mapper
from integrations.connectors.woocommerce.account import account_of
from integrations.connectors.woocommerce.client import StoreClient
from integrations.connectors.woocommerce.manifest import MANIFEST
from integrations.connectors.woocommerce.settings import SETTINGS
from integrations.connectors.woocommerce.webhook import admit, check_headers

CONNECTOR = Connector(
    manifest=MANIFEST,
    settings=SETTINGS,
    mapper=mapper,
    account=account_of,
    client=StoreClient,
    admit=admit,
    check_headers=check_headers,
)
