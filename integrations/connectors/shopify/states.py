"""What the states of a Shopify order mean for one of ours. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.shopify.settings import released

SHIPPED: Final = frozenset({"FULFILLED"})
_ADVISED_AGAINST: Final = frozenset({"CANCEL", "INVESTIGATE"})
_HELD: Final = frozenset({"ON_HOLD", "SCHEDULED"})


def status_of(order: Mapping[str, Any], connection: Connection) -> str:
    """open, on_hold or cancelled. Open only is what is paid, no test, not held and not risky."""
    if order.get("cancelledAt"):
        return "cancelled"
    if order.get("displayFinancialStatus") not in released(connection):
        return "on_hold"
    if order.get("test") and not connection.settings["release_test_orders"]:
        return "on_hold"
    if order.get("displayFulfillmentStatus") in _HELD:
        return "on_hold"
    if connection.settings["hold_risky"] and _is_risky(order):
        return "on_hold"
    return "open"


def _is_risky(order: Mapping[str, Any]) -> bool:
    """Whether the shop's fraud analysis advises against it, or is not there yet."""
    risk = order.get("risk")
    if not isinstance(risk, Mapping):
        return True
    assessments = risk.get("assessments") or []
    levels = {one.get("riskLevel") for one in assessments if isinstance(one, Mapping)}
    return risk.get("recommendation") in _ADVISED_AGAINST or "PENDING" in levels


def is_undecided(order: Mapping[str, Any], connection: Connection) -> bool:
    """Whether it depends on the risk what becomes of the order, and the risk is not told: a webhook.

    Such an order is left to the poll. Were it held here, it would take back what a poll has released.
    """
    return bool(
        connection.settings["hold_risky"] and "risk" not in order and not order.get("cancelledAt")
    )
