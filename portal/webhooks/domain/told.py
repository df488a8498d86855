"""Which events applications read: what becomes of their orders, and stock."""

from typing import Final

ORDERS: Final = frozenset({"order.created", "order.changed", "order.moved"})
PARTS: Final = frozenset(
    {"shipment.created", "shipment.changed", "return.created", "return.changed"}
)
DOCUMENTS: Final = frozenset({"message.held", "message.skipped"})
STOCK: Final = frozenset({"stock.changed"})
TOLD: Final = ORDERS | PARTS | DOCUMENTS | STOCK
