"""Who writes what to a WooCommerce store."""

from collections.abc import Mapping
from typing import Any

from integrations.connectors.store_deliveries import Writers
from integrations.connectors.woocommerce.api import Api
from integrations.connectors.woocommerce.catalogue import Catalogue
from integrations.connectors.woocommerce.orders import OrderWriter
from integrations.connectors.woocommerce.products import PER_BATCH, ProductWriter


def writers(api: Api, catalogue: Catalogue, settings: Mapping[str, Any]) -> Writers:
    products = ProductWriter(api, catalogue)
    return Writers(
        store="WooCommerce store",
        order=OrderWriter(api, settings).write,
        prices=products.write_prices,
        stock=products.write_stock,
        per_batch=PER_BATCH,
    )
