"""What a shop is told: fulfilments, stock, prices and cancellations."""

from typing import Any
from uuid import uuid4

import pytest

from integrations.connectors import registry
from integrations.connectors.outbound import Outbound, Outcome
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import client_of
from tests.connectors.shopify.conftest import to
from tests.connectors.shopify.harness import shipment
from tests.connectors.shopify.server import Server
from tests.connectors.shopify.shop import BRANCH, LOCATION

SHOPIFY = registry.get("shopify")


def deliver(client: Any, *items: Outbound) -> list[Outcome]:
    return list(client.deliver(list(items)))


def out(object_type: str, document: dict[str, Any], **more: Any) -> Outbound:
    fields = {"remote_id": None, "retried": False, **more}
    return Outbound(uuid4(), object_type, document.get("sku", "x"), document, **fields)


def stock(sku: str, quantity: str) -> Outbound:
    return out("availability", {"sku": sku, "quantity": quantity})


def words(outcome: Outcome) -> str:
    assert isinstance(outcome.error, NeedsPerson)
    return " ".join(problem.text for problem in outcome.error.problems)


def test_a_shipment_fulfils_its_lines_with_tracking(server: Server, client: Any) -> None:
    server.shop.order(1001)
    [outcome] = deliver(client, shipment("1001", tracking=["1Z1", "1Z2"]))
    assert (outcome.error, outcome.remote_id) == (None, "900")
    [(_, fulfilment)] = server.shop.effects
    assert fulfilment == {
        "lineItemsByFulfillmentOrder": [
            {
                "fulfillmentOrderId": "gid://shopify/FulfillmentOrder/10010",
                "fulfillmentOrderLineItems": [
                    {"id": "gid://shopify/FulfillmentOrderLineItem/1001001", "quantity": 1}
                ],
            }
        ],
        "notifyCustomer": True,
        "trackingInfo": {"numbers": ["1Z1", "1Z2"], "company": "UPS"},
    }


def test_the_same_shipment_again_is_found_whether_or_not_it_is_known_as_a_retry(
    server: Server, client: Any
) -> None:
    server.shop.order(1001)
    item = shipment("1001", tracking=["1Z1"])
    outcomes = deliver(client, item) + deliver(client, item) + deliver(client, item)
    assert {(o.error, o.remote_id) for o in outcomes} == {(None, "900")}
    assert len(server.shop.effects) == 1


def test_two_shipments_of_one_order_in_one_batch(server: Server, client: Any) -> None:
    server.shop.order(1001)
    rest = [
        {"line_no": "1001001", "sku": "TENT-2P", "quantity": "1"},
        {"line_no": "1001002", "sku": "STOVE-1", "quantity": "3"},
    ]
    first = shipment("1001", number="S1", tracking=["1Z1"])
    second = shipment("1001", number="S2", tracking=["1Z2"], shipped="complete", lines=rest)
    outcomes = deliver(client, first, second)
    assert [o.error for o in outcomes] == [None, None]
    assert server.shop.orders["gid://shopify/Order/1001"]["displayFulfillmentStatus"] == "FULFILLED"


def test_a_line_is_found_by_its_sku_where_its_number_is_another(
    server: Server, client: Any
) -> None:
    server.shop.order(1001)
    lines = [{"line_no": "1", "sku": "STOVE-1", "quantity": "2"}]
    [outcome] = deliver(client, shipment("1001", lines=lines))
    assert outcome.error is None
    [(_, fulfilment)] = server.shop.effects
    [group] = fulfilment["lineItemsByFulfillmentOrder"]
    assert group["fulfillmentOrderLineItems"][0]["id"].endswith("1001002")


def test_more_than_is_left_is_a_persons_affair(server: Server, client: Any) -> None:
    server.shop.order(1001)
    lines = [{"line_no": "1001001", "sku": "TENT-2P", "quantity": "5"}]
    [outcome] = deliver(client, shipment("1001", lines=lines))
    assert "3 of these less" in words(outcome)
    assert server.shop.effects == []


def test_a_refusal_is_told_in_the_shops_words(server: Server, client: Any) -> None:
    server.shop.order(1001)
    server.next = []
    order = server.shop.orders["gid://shopify/Order/1001"]
    # Somebody closes it between our look and our change.
    fulfil = server.shop.fulfil
    server.shop.fulfil = lambda **given: (order["parts"][0].update(status="CLOSED"), fulfil(**given))[1]  # type: ignore[method-assign] # fmt: skip
    [outcome] = deliver(client, shipment("1001"))
    assert "Shopify says: Fulfillment order" in words(outcome)


def test_a_held_a_cancelled_and_a_strange_order(server: Server, client: Any) -> None:
    server.shop.order(1001)["parts"][0]["status"] = "ON_HOLD"
    server.shop.order(1002, cancelledAt="2026-11-30T12:00:00Z")
    held, cancelled, strange = deliver(client, shipment("1001"), shipment("1002"), shipment("4711"))
    by_id = {o.message_id: words(o) for o in (held, cancelled, strange)}
    assert "on hold in the shop" in by_id[shipment("1001").message_id]
    assert "cancelled in the shop" in by_id[shipment("1002").message_id]
    assert "no order" in by_id[shipment("4711").message_id]


def test_a_shipment_goes_to_one_location_the_entered_one_first(server: Server) -> None:
    lines = [server.shop.line(1001, n, "TENT-2P", 1) for n in (1, 2)]
    server.shop.order(1001, lines=lines, places=(LOCATION, BRANCH))
    item = shipment("1001", lines=[{"sku": "TENT-2P", "quantity": "1"}])
    with client_of(SHOPIFY, to(server, location="71")) as client:
        assert deliver(client, item)[0].error is None
    [(_, fulfilment)] = server.shop.effects
    assert fulfilment["lineItemsByFulfillmentOrder"][0]["fulfillmentOrderId"].endswith("10011")


def test_what_lies_at_two_locations_is_no_single_shipment(server: Server, client: Any) -> None:
    server.shop.order(1001, places=(LOCATION, BRANCH))
    lines = [{"sku": "TENT-2P", "quantity": "2"}, {"sku": "STOVE-1", "quantity": "3"}]
    [outcome] = deliver(client, shipment("1001", lines=lines))
    assert "at one location" in words(outcome)
    assert server.shop.effects == []


def test_a_shipment_without_lines_is_everything_only_when_it_is_complete(
    server: Server, client: Any
) -> None:
    server.shop.order(1001)
    [partial] = deliver(client, shipment("1001", lines=[]))
    assert "names no goods" in words(partial)
    [complete] = deliver(client, shipment("1001", lines=[], shipped="complete"))
    assert complete.error is None
    [again] = deliver(client, shipment("1001", lines=[], shipped="complete", retried=True))
    assert (again.error, again.remote_id) == (None, complete.remote_id)


def test_long_orders_are_read_to_their_end(server: Server, client: Any) -> None:
    lines = [server.shop.line(1001, n, f"SKU-{n}", 1) for n in range(130)]
    server.shop.order(1001, lines=lines)
    [outcome] = deliver(client, shipment("1001", lines=[{"sku": "SKU-129", "quantity": "1"}]))
    assert outcome.error is None
    assert "FulfilmentLines" in server.names()


def test_stock_is_set_by_the_batch_from_what_was_seen(server: Server, client: Any) -> None:
    server.shop.product(300, ["TENT-2P", "TENT-2P-XL"])
    server.shop.product(301, ["STOVE-1"])
    outcomes = deliver(client, stock("TENT-2P", "7"), stock("STOVE-1", "10"), stock("NOPE", "1"))
    by_error = {type(o.error) for o in outcomes}
    assert by_error == {type(None), NeedsPerson}
    [change] = server.shop.stock_sets
    assert change["name"] == "available"
    assert change["quantities"] == [
        {
            "inventoryItemId": "gid://shopify/InventoryItem/3000",
            "locationId": LOCATION,
            "quantity": 7,
            "changeFromQuantity": 10,
        }
    ]  # the stove has ten already
    assert {o.remote_id for o in outcomes} == {"3000", "3010", None}


def test_stock_that_changed_meanwhile_is_looked_at_again(server: Server, client: Any) -> None:
    server.shop.product(300, ["TENT-2P"])
    [level] = server.shop.levels.values()
    sold = iter([9, 9])

    def somebody_buys() -> None:
        level["available"] = next(sold)

    server.shop.before_stock = somebody_buys
    [outcome] = deliver(client, stock("TENT-2P", "7"))
    assert outcome.error is None
    assert level["available"] == 7
    assert server.shop.stock_sets[0]["quantities"][0]["changeFromQuantity"] == 9


def test_stock_that_never_stands_still_is_tried_later(server: Server, client: Any) -> None:
    server.shop.product(300, ["TENT-2P"])
    [level] = server.shop.levels.values()
    server.shop.before_stock = lambda: level.update(available=level["available"] + 1)
    [outcome] = deliver(client, stock("TENT-2P", "7"))
    assert isinstance(outcome.error, Retryable)


def test_one_refused_quantity_leaves_the_others_alone(server: Server, client: Any) -> None:
    server.shop.product(300, ["TENT-2P"])
    server.shop.product(301, ["STOVE-1"])
    outcomes = deliver(client, stock("TENT-2P", "2000000000"), stock("STOVE-1", "4"))
    assert sorted(str(o.error or "") for o in outcomes)[0] == ""
    [bad] = [o for o in outcomes if o.error]
    assert "can't be higher" in words(bad)


def test_a_sku_on_two_variants_is_not_guessed_but_archived_ones_do_not_count(
    server: Server, client: Any
) -> None:
    server.shop.product(300, ["TENT-2P"])
    server.shop.product(301, ["TENT-2P"], status="ARCHIVED")
    assert deliver(client, stock("TENT-2P", "4"))[0].error is None
    server.shop.product(302, ["TENT-2P"])
    [outcome] = deliver(client, stock("TENT-2P", "5"))
    assert "2 variants" in words(outcome)


@pytest.mark.parametrize(("changed", "said"), [("tracked", "not track"), ("level", "not stocked")])
def test_what_has_no_stock_in_the_shop(
    server: Server, client: Any, changed: str, said: str
) -> None:
    item = server.shop.product(300, ["TENT-2P"])["all"][0]["inventoryItem"]
    item |= {"tracked": False} if changed == "tracked" else {"inventoryLevel": lambda **_: None}
    [outcome] = deliver(client, stock("TENT-2P", "4"))
    assert said in words(outcome)


def test_a_location_there_is_none_of(server: Server) -> None:
    with client_of(SHOPIFY, to(server, location="99")) as client:
        [outcome] = deliver(client, stock("TENT-2P", "4"))
    assert isinstance(outcome.error, Permanent)


def prices(currency: str, **by_sku: str) -> Outbound:
    rows = [{"sku": sku, "price": price} for sku, price in by_sku.items()]
    return out("price_list", {"currency": currency, "prices": rows})


def test_prices_go_product_by_product(server: Server, client: Any) -> None:
    server.shop.product(300, ["A", "B"])
    server.shop.product(301, ["C"])
    [outcome] = deliver(client, prices("USD", A="1.00", B="2.00", C="3.00"))
    assert outcome.error is None
    assert sorted(server.shop.prices.values()) == ["1.00", "2.00", "3.00"]
    assert server.names().count("SetPrices") == 2


def test_prices_that_cannot_be_set_are_all_told(server: Server, client: Any) -> None:
    server.shop.product(300, ["A"])
    [outcome] = deliver(client, prices("USD", A="-1.00", NOPE="2.00"))
    assert "no variant" in words(outcome)
    assert "greater than or equal to 0" in words(outcome)
    [outcome] = deliver(client, prices("EUR", A="1.00"))
    assert "in USD" in words(outcome)
    assert server.shop.prices == {}


def test_a_cancelled_order_is_cancelled_once(server: Server, client: Any) -> None:
    server.shop.order(1001)
    item = out("order", {"order_id": "1001", "status": "cancelled"}, remote_id="1001")
    assert [o.error for o in deliver(client, item) + deliver(client, item)] == [None, None]
    [(order, given)] = server.shop.cancelled
    assert order == "gid://shopify/Order/1001"
    assert given["refundMethod"] == {"originalPaymentMethodsRefund": False}
    assert (given["reason"], given["restock"], given["notifyCustomer"]) == ("OTHER", True, True)


def test_an_order_that_was_shipped_is_not_cancelled(server: Server, client: Any) -> None:
    server.shop.order(1001)
    deliver(client, shipment("1001"))
    item = out("order", {"order_id": "1001", "status": "cancelled"}, remote_id="1001")
    [outcome] = deliver(client, item)
    assert "Cannot cancel a fulfilled order" in words(outcome)


def test_other_states_of_an_order_have_no_counterpart(server: Server, client: Any) -> None:
    item = out("order", {"order_id": "1001", "status": "on_hold"}, remote_id="1001")
    [outcome] = deliver(client, item)
    assert (outcome.error, outcome.answer) == (None, {"unchanged": True})
    assert server.asked == []


def test_an_answer_that_denies_access_asks_for_credentials(server: Server, client: Any) -> None:
    denied = {
        "message": "Access denied for fulfillmentCreate field.",
        "extensions": {"code": "ACCESS_DENIED"},
    }
    server.next = [{"errors": [denied], "data": None}]
    [outcome] = deliver(client, shipment("1001"))
    assert isinstance(outcome.error, NeedsCredentials)
    assert outcome.error.code == "forbidden"


def test_a_throttled_delivery_waits_for_its_points(server: Server, client: Any) -> None:
    server.shop.order(1001)
    status = {"maximumAvailable": 2000, "currentlyAvailable": 90, "restoreRate": 1000}
    throttled = {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {"cost": {"requestedQueryCost": 100, "throttleStatus": status}},
    }
    server.next = [throttled, throttled]
    [outcome] = deliver(client, shipment("1001"))
    assert outcome.error is None
    assert server.names() == ["Fulfilment", "Fulfilment", "Fulfilment", "Fulfil"]
