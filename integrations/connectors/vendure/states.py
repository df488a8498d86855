"""What the states of a Vendure order mean for one of ours. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.vendure.settings import released

CANCELLED: Final = "Cancelled"
SHIPPED: Final = frozenset({"PartiallyShipped", "Shipped", "PartiallyDelivered", "Delivered"})
# A cart, or a draft of a person in the shop.
UNPLACED: Final = frozenset({"Created", "Draft", "AddingItems"})
UNDONE: Final = CANCELLED  # of a fulfilment


def is_news(order: Mapping[str, Any]) -> bool:
    """Whether it is an order to ship: not a cart, not what stands above several sellers' orders, and not
    shipped already, which is an echo."""
    if order.get("type") == "Aggregate" or not order.get("orderPlacedAt"):
        return False
    return order.get("state") not in SHIPPED | UNPLACED


def status_of(order: Mapping[str, Any], connection: Connection) -> str:
    """open, on_hold or cancelled."""
    if order.get("state") == CANCELLED:
        return "cancelled"
    return "open" if order.get("state") in released(connection) else "on_hold"
