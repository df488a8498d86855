"""Deliveries to a shop: which messages go together, and who writes them."""

from collections.abc import Sequence
from typing import NamedTuple

from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.vendure.orders import OrderWriter, order_id_of
from integrations.connectors.vendure.variants import PER_BATCH, PriceWriter, StockWriter
from portal.core.errors import Permanent


class Job(NamedTuple):
    """Messages that one thread delivers one after the other or in one call."""

    object_type: str
    items: list[Outbound]


def plan(batch: Sequence[Outbound]) -> list[Job]:
    """Orders and shipments by order, so that two of one order never race; stock by the hundred."""
    by_order: dict[str, list[Outbound]] = {}
    stock, others = [], []
    for item in batch:
        if item.object_type in {"order", "shipment"}:
            by_order.setdefault(str(order_id_of(item)), []).append(item)
        elif item.object_type == "availability":
            stock.append(item)
        else:
            others.append(item)
    chunks = [stock[start : start + PER_BATCH] for start in range(0, len(stock), PER_BATCH)]
    return (
        [Job("order", items) for items in by_order.values()]
        + [Job("availability", items) for items in chunks]
        + [Job(item.object_type, [item]) for item in others]
    )


class Performer:
    """Performs jobs. Safe from any thread; an outcome for every message, never an error."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._orders = OrderWriter(conversation, connection)
        self._stock = StockWriter(conversation, connection)
        self._prices = PriceWriter(conversation, connection)

    def __call__(self, job: Job) -> list[Outcome]:
        if job.object_type == "availability":
            return self._stock.write(job.items)
        write = {"order": self._orders.write, "price_list": self._prices.write}.get(
            job.object_type, _refuse
        )
        return [write(item) for item in job.items]


def _refuse(item: Outbound) -> Outcome:
    text = f"A Vendure shop takes no {item.object_type}"
    return Outcome(item.message_id, error=Permanent(text, code="not_supported"))
