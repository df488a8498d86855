"""Orders of two systems, in few words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from monitoring.reconcile.definition import Definition, Side
from monitoring.reconcile.order_hours import Orders, hour_of, tally
from monitoring.reconcile.order_rows import OrderLine, OrderRow
from monitoring.reconcile.orders import compare_orders

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NINE = NOW - timedelta(hours=3)
KITS = {"CAMP-SET": (("TENT-2P", 1), ("BAG-S20", 2))}
DEFINITION = Definition(1, "orders", (Side("channel", "hub"), Side("warehouse", "hub")))


def order(number, *lines, at=NINE, status="open", total="10.00"):
    rows = tuple(OrderLine(str(n), sku, quantity) for n, (sku, quantity) in enumerate(lines, 1))
    amount = None if total is None else Decimal(total)
    return OrderRow("shop", number, at, status, amount, rows or (OrderLine("1", "MUG", 1),))


class System:
    """One system's orders, which notes for which hours it was asked."""

    def __init__(self, side, *rows, kits=None):
        self.side, self.rows, self.asked = side, rows, []
        self.orders = Orders(side, tally(rows, kits), self.read)

    def read(self, hours):
        self.asked += hours
        return [row for row in self.rows if hour_of(row.placed_at) in set(hours)]


def compare(left, right, *, kits=None):
    """`left` and `right` as (side, orders …)."""
    first, second = System(*left, kits=kits), System(*right)
    return compare_orders(DEFINITION, first.orders, second.orders, at=NOW, kits=kits)
