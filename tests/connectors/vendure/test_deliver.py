"""Changes of a shop: fulfilments, cancellations, stock and prices, each with one effect."""

from typing import Any
from uuid import uuid4

import pytest

from integrations.connectors.outbound import Outbound, Outcome
from portal.core.errors import NeedsPerson, Permanent
from tests.connectors.conformance import client_of
from tests.connectors.vendure.conftest import VENDURE, to
from tests.connectors.vendure.harness import shipment
from tests.connectors.vendure.server import Server
from tests.connectors.vendure.shop import ALREADY


def deliver(client: Any, *items: Outbound) -> list[Outcome]:
    by_id = {outcome.message_id: outcome for outcome in client.deliver(items)}
    return [by_id[item.message_id] for item in items]


def item(kind: str, document: dict[str, Any], remote_id: str | None = None) -> Outbound:
    return Outbound(uuid4(), kind, "key", document, remote_id, retried=False)


def stock(sku: str, quantity: Any) -> Outbound:
    return item("availability", {"sku": sku, "quantity": quantity})


def words(outcome: Outcome) -> str:
    assert isinstance(outcome.error, NeedsPerson), outcome
    return outcome.error.problems[0].text


def test_a_shipment_is_fulfilled_with_its_tracking_and_shipped(server: Server, client: Any) -> None:
    order = server.shop.order(1000)
    [outcome] = deliver(client, shipment("1000", tracking=["1Z1", "1Z2"]))
    assert outcome.error is None
    [made] = order["fulfillments"]
    assert (made["method"], made["trackingCode"], made["state"]) == ("UPS", "1Z1, 1Z2", "Shipped")
    assert outcome.remote_id == made["id"]


@pytest.mark.parametrize("tracking", [["1Z1"], []])
def test_a_shipment_that_is_sent_again_is_found(
    server: Server, client: Any, tracking: list[str]
) -> None:
    order = server.shop.order(1000)
    first, again = (
        deliver(client, shipment("1000", tracking=tracking, retried=retried))[0]
        for retried in (False, True)
    )
    assert first.remote_id == again.remote_id
    assert again.answer == {"found": True}
    assert len(order["fulfillments"]) == 1


def test_a_fulfilment_that_was_undone_in_the_shop_is_made_anew(server: Server, client: Any) -> None:
    order = server.shop.order(1000)
    deliver(client, shipment("1000", tracking=["1Z1"]))
    order["fulfillments"][0]["state"] = "Cancelled"
    order["lines"][0]["fulfillmentLines"].clear()
    [outcome] = deliver(client, shipment("1000", tracking=["1Z1"]))
    assert (outcome.error, len(order["fulfillments"])) == (None, 2)


def test_a_shipment_that_is_left_pending_is_not_moved(server: Server) -> None:
    order = server.shop.order(1000)
    with client_of(VENDURE, to(server, fulfilment_state="Pending")) as client:
        deliver(client, shipment("1000", tracking=["1Z1"]))
    assert order["fulfillments"][0]["state"] == "Pending"


def test_what_moves_no_further_is_told_in_vendures_words_and_completed_later(
    server: Server, client: Any
) -> None:
    order = server.shop.order(1000)
    server.shop.ships = False
    [outcome] = deliver(client, shipment("1000", tracking=["1Z1"]))
    text = 'Vendure says: Cannot transition Fulfillment from "Pending" to "Shipped"'
    assert words(outcome) == text
    server.shop.ships = True
    [outcome] = deliver(client, shipment("1000", tracking=["1Z1"], retried=True))
    assert outcome.error is None
    assert [made["state"] for made in order["fulfillments"]] == ["Shipped"]


def test_lines_are_found_by_number_or_sku_and_share_what_is_left(
    server: Server, client: Any
) -> None:
    lines = [
        server.shop.line("7", "TENT-2P", 2),
        server.shop.line("8", "STOVE-1", 1),
        server.shop.line("9", "TENT-2P", 2),
    ]
    server.shop.order(1000, lines=lines)
    by_sku = [{"line_no": "1", "sku": "TENT-2P", "quantity": "3"}]
    deliver(client, shipment("1000", number="A", lines=by_sku))
    by_number = [{"line_no": "8", "quantity": "1"}]
    deliver(client, shipment("1000", number="B", lines=by_number))
    deliver(client, shipment("1000", number="C", lines=[], shipped="complete"))
    sent = [
        {one["orderLineId"]: one["quantity"] for one in given["lines"]}
        for _, given in server.shop.effects
    ]
    assert sent == [{"7": 2, "9": 1}, {"8": 1}, {"9": 1}]


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({"lines": [{"sku": "TENT-2P", "quantity": "9"}]}, f"Vendure says: {ALREADY}"),
        ({"lines": [{"sku": "NO-1", "quantity": "1"}]}, "no line with these goods"),
        ({"lines": [{"sku": "TENT-2P", "quantity": "0.5"}]}, "whole pieces"),
        ({"lines": [{"sku": "TENT-2P", "quantity": "NaN"}]}, "whole pieces"),
        ({"lines": []}, "names no goods"),
        ({"order_id": "77"}, "no order"),
        ({"order_id": None}, "no order"),
    ],
)
def test_what_cannot_be_fulfilled_is_told(
    server: Server, client: Any, more: dict[str, Any], shown: str
) -> None:
    server.shop.order(1000)
    [outcome] = deliver(client, shipment("1000", **more))
    assert shown in words(outcome)
    assert server.shop.effects == []


def test_shipments_of_one_order_go_in_turn(server: Server, client: Any) -> None:
    order = server.shop.order(1000)
    items = [shipment("1000", number=f"S{n}", tracking=[f"1Z{n}"]) for n in range(3)]
    outcomes = deliver(client, *items)
    assert [outcome.error is None for outcome in outcomes] == [True, True, False]
    assert len(order["fulfillments"]) == 2


def test_an_order_is_cancelled_once(server: Server, client: Any) -> None:
    order = server.shop.order(1000)
    cancel = {"order_id": "1000", "status": "cancelled"}
    for _ in range(2):
        [outcome] = deliver(client, item("order", cancel))
        assert (outcome.error, outcome.remote_id) == (None, "1000")
    assert order["state"] == "Cancelled"
    assert [kind for kind, _ in server.shop.effects] == ["cancel"]
    assert "cancelled in the shop" in words(deliver(client, shipment("1000"))[0])


def test_an_order_that_has_shipped_is_not_cancelled_from_here(server: Server, client: Any) -> None:
    server.shop.order(1000, state="PartiallyShipped")
    [outcome] = deliver(client, item("order", {"status": "cancelled"}, "1000"))
    assert "has shipped" in words(outcome)
    [other] = deliver(client, item("order", {"status": "open"}, "1000"))
    assert (other.error, other.answer) == (None, {"unchanged": True})
    assert server.shop.effects == []


def test_stock_is_set_beside_what_orders_wait_for_and_only_where_it_differs(
    server: Server, client: Any
) -> None:
    tent, stove = server.shop.variant(1, "TENT-2P"), server.shop.variant(2, "STOVE-1")
    outcomes = deliver(client, stock("TENT-2P", "30"), stock("STOVE-1", "8"))
    assert [(one.error, one.remote_id) for one in outcomes] == [(None, "1"), (None, "2")]
    levels = [one["stockLevels"][0]["stockOnHand"] for one in (tent, stove)]
    assert levels == [32, 10]
    assert len(server.shop.effects) == 1


def test_one_that_is_refused_does_not_hold_the_others(server: Server, client: Any) -> None:
    server.shop.variant(1, "TENT-2P")
    server.shop.variant(2, "STOVE-1", broken=True)
    good, bad = deliver(client, stock("TENT-2P", "30"), stock("STOVE-1", "30"))
    assert good.error is None
    assert words(bad) == 'Vendure says: No ProductVariant with the id "2" could be found'


def test_a_sku_that_means_no_variant_or_several_is_told(server: Server, client: Any) -> None:
    server.shop.variant(1, "TENT-2P")
    server.shop.variant(2, "TENT-2P")
    server.shop.variant(3, "GIFT", trackInventory="FALSE")
    server.shop.variant(4, "MUG-1")
    asked = [("TENT-2P", "1"), ("NO-1", "1"), ("GIFT", "1"), ("MUG-1", "many")]
    outcomes = deliver(client, *(stock(sku, quantity) for sku, quantity in asked))
    wanted = ["2 variants", "no variant", "does not track", "a number is needed"]
    for outcome, shown in zip(outcomes, wanted, strict=True):
        assert shown in words(outcome)


def test_of_several_locations_one_has_to_be_entered(server: Server, client: Any) -> None:
    level = {"stockOnHand": 0, "stockAllocated": 0}
    levels = [{"stockLocationId": place, **level} for place in ("1", "2")]
    variant = server.shop.variant(1, "TENT-2P", stockLevels=levels)
    server.shop.locations.append({"id": "2", "name": "Boise"})
    [outcome] = deliver(client, stock("TENT-2P", "3"))
    assert isinstance(outcome.error, Permanent)
    with client_of(VENDURE, to(server, stock_location="Boise")) as other:
        assert deliver(other, stock("TENT-2P", "3"))[0].error is None
    assert [one["stockOnHand"] for one in variant["stockLevels"]] == [0, 3]


def test_prices_are_set_in_the_smallest_unit_and_what_is_finer_is_told(
    server: Server, client: Any
) -> None:
    tent, stove = server.shop.variant(1, "TENT-2P"), server.shop.variant(2, "STOVE-1")
    prices = [
        {"sku": "TENT-2P", "price": "189.90"},
        {"sku": "STOVE-1", "price": "39.955"},
        {"sku": "NO-1", "price": "1"},
    ]
    [outcome] = deliver(client, item("price_list", {"currency": "USD", "prices": prices}))
    assert isinstance(outcome.error, NeedsPerson)
    assert [problem.path for problem in outcome.error.problems] == [
        "prices[1].price",
        "prices[2].sku",
    ]
    assert (tent["price"], stove["price"]) == (18990, 1250)


def test_a_currency_that_the_channel_has_not_is_told(server: Server, client: Any) -> None:
    prices = [{"sku": "TENT-2P", "price": "1"}]
    [outcome] = deliver(client, item("price_list", {"currency": "EUR", "prices": prices}))
    assert words(outcome) == "The prices of the channel are in USD, CAD."


def test_what_a_shop_does_not_take_is_refused(client: Any) -> None:
    refused = deliver(client, item("invoice", {}), shipment("1000", shipped="cancelled"))
    assert [outcome.error.code for outcome in refused if outcome.error] == ["not_supported"] * 2
