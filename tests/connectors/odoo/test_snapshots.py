"""What an Odoo says it has, for the comparison of stock and orders."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from integrations.connectors.odoo.settings import QUOTATION
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid
from tests.connectors.odoo.server import OdooServer

SINCE = datetime(2026, 3, 1, tzinfo=UTC)


def test_stock_is_told_by_warehouse_product_and_lot(client: Any) -> None:
    assert list(client.levels()) == [
        LevelSaid("WH", "TENT-0", "7.5", lot="B2026"),
        LevelSaid("WH", "TENT-1", "7", lot="B2026"),
    ]


def test_only_the_warehouses_of_the_settings_are_told(connect: Callable[..., Any]) -> None:
    assert list(connect(warehouses=["EAST"]).levels()) == []


def test_an_order_is_told_by_our_number(client: Any) -> None:
    placed = datetime(2026, 3, 2, 13, 58, 4, tzinfo=UTC)
    assert list(client.orders(since=SINCE)) == [
        OrderSaid("HB-1042", "4711", "shipped", placed, "561.82")
    ]
    assert list(client.orders(since=datetime(2026, 3, 3, tzinfo=UTC))) == []


def test_states_are_ours(connect: Callable[..., Any], odoo: OdooServer) -> None:
    states = {1: "draft", 2: "sale", 3: "cancel", 4: "done"}
    for number, state in states.items():
        odoo.add(
            "sale.order", number, name=f"S{number}", state=state, date_order="2026-03-02 00:00:00"
        )
    said = {one.number: one.status for one in connect(orders=QUOTATION).orders(since=SINCE)}
    assert said == {
        "S1": "on_hold",
        "S2": "open",
        "S3": "cancelled",
        "S4": "open",
        "HB-1042": "shipped",
    }
    assert "S1" not in {one.number for one in connect().orders(since=SINCE)}


def test_lines_of_an_order_that_is_gone_are_left_out(client: Any, odoo: OdooServer) -> None:
    odoo.records["product.product"][1001]["active"] = False
    assert client.order_lines(["4711", "99", "no number"]) == {
        "4711": [LineSaid("TENT-0", "3", "1"), LineSaid("TENT-1", "12", "2")]
    }
