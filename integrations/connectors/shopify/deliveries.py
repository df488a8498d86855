"""Who writes what to a Shopify shop."""

from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.shopify.orders import OrderWriter
from integrations.connectors.shopify.prices import PriceWriter
from integrations.connectors.shopify.stock import PER_BATCH, StockWriter
from integrations.connectors.store_deliveries import Writers


def writers(conversation: Conversation, connection: Connection) -> Writers:
    return Writers(
        store="Shopify shop",
        order=OrderWriter(conversation, connection).write,
        prices=PriceWriter(conversation).write,
        stock=StockWriter(conversation, connection).write,
        per_batch=PER_BATCH,
    )
