"""Who writes what to a Vendure shop."""

from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.store_deliveries import Writers
from integrations.connectors.vendure.orders import OrderWriter
from integrations.connectors.vendure.variants import PER_BATCH, PriceWriter, StockWriter


def writers(conversation: Conversation, connection: Connection) -> Writers:
    return Writers(
        store="Vendure shop",
        order=OrderWriter(conversation, connection).write,
        prices=PriceWriter(conversation, connection).write,
        stock=StockWriter(conversation, connection).write,
        per_batch=PER_BATCH,
    )
