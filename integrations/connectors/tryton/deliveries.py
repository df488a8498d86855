"""Deliveries to a Tryton: which messages go in turn, and who writes them."""

from collections.abc import Sequence

from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.tryton.api import Api
from integrations.connectors.tryton.orders import OrderWriter
from integrations.connectors.tryton.shipments import ShipmentWriter
from integrations.connectors.tryton.warehouses import Warehouses
from portal.core.errors import Permanent


def plan(batch: Sequence[Outbound]) -> list[list[Outbound]]:
    """Two of one order never at once: the first must be there before the second looks for it."""
    by_order: dict[str, list[Outbound]] = {}
    for item in batch:
        by_order.setdefault(_order_of(item), []).append(item)
    return list(by_order.values())


def _order_of(item: Outbound) -> str:
    document = item.document
    known = item.remote_id if item.object_type == "order" else document.get("order_id")
    return str(known or f"{document.get('description')}/{document.get('reference')}")


class Performer:
    """Writes the messages of one order in turn. Safe from any thread; an outcome for every one."""

    def __init__(self, api: Api, connection: Connection, warehouses: Warehouses) -> None:
        orders = OrderWriter(api, connection, warehouses)
        self._writers = {"order": orders.write, "shipment": ShipmentWriter(api).write}

    def __call__(self, items: list[Outbound]) -> list[Outcome]:
        return [self._writers.get(item.object_type, _refuse)(item) for item in items]


def _refuse(item: Outbound) -> Outcome:
    text = f"Tryton takes no {item.object_type}"
    return Outcome(item.message_id, error=Permanent(text, code="not_supported"))
