"""Deliveries to the sandbox store."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from integrations.connectors import registry
from integrations.connectors.client import Client
from integrations.connectors.outbound import Outbound, Outcome
from portal.core.errors import NeedsPerson, Permanent, Retryable
from tests.connectors.answering import Answering
from tests.connectors.conformance import client_of
from tests.connectors.woocommerce.harness import Harness

WOO = registry.get("woocommerce")


@pytest.fixture
def shop(harnesses: Callable[[str], Any]) -> Harness:
    return harnesses("woocommerce")


@pytest.fixture
def client(shop: Harness) -> Iterator[Client]:
    with client_of(WOO, shop.connection()) as client:
        yield client


def item(object_type: str, document: dict[str, Any], **more: Any) -> Outbound:
    given = {"message_id": uuid4(), "business_key": "k", "remote_id": None, "retried": False}
    return Outbound(object_type=object_type, document=document, **(given | more))


def shipment(order_id: int, number: str, **more: Any) -> Outbound:
    document = {"order_id": str(order_id), "shipment_number": number, "tracking": [f"1Z-{number}"]}
    return item("shipment", document | {"shipped": "complete"}, **more)


def by_message(outcomes: Any) -> dict[UUID, Outcome]:
    return {outcome.message_id: outcome for outcome in outcomes}


def test_a_shipment_completes_the_order_and_tells_its_tracking(
    shop: Harness, client: Client
) -> None:
    [outcome] = client.deliver([shipment(shop.orders[10], "S-10")])
    assert (outcome.error, outcome.confirmed) == (None, True)
    assert outcome.remote_id == f"{shop.orders[10]}:S-10"
    assert b"1Z-S-10" in outcome.sent
    assert outcome.answer["status"] == 200
    assert shop.api("GET", f"/orders/{shop.orders[10]}")["status"] == "completed"
    assert shop.told()["shipments"][str(shop.orders[10])] == ["1Z-S-10"]


@pytest.mark.parametrize("style", ["one entry per shipment", "shipment tracking plug-in"])
def test_shipments_of_one_order_delivered_at_once_all_stay(shop: Harness, style: str) -> None:
    order = shop.orders[11 if style.startswith("one") else 12]
    with client_of(WOO, shop.connection(tracking_style=style)) as client:
        outcomes = list(client.deliver([shipment(order, f"P-{n}") for n in range(6)]))
    assert [outcome.error for outcome in outcomes] == [None] * 6
    assert shop.told()["shipments"][str(order)] == [f"1Z-P-{n}" for n in range(6)]


@pytest.mark.parametrize("style", ["one entry per shipment", "shipment tracking plug-in"])
def test_a_shipment_whose_answer_was_lost_has_one_effect(
    shop: Harness, style: str, impatient: None
) -> None:
    order = shop.orders[13 if style.startswith("one") else 14]
    with client_of(WOO, shop.connection(tracking_style=style)) as client:
        shop.misbehave(timeout_after_commit=1)
        [lost] = client.deliver([shipment(order, "S-1")])
        assert isinstance(lost.error, Retryable)
        assert lost.error.uncertain
        [again] = client.deliver([shipment(order, "S-1", retried=True)])
    assert again.error is None
    assert again.remote_id == f"{order}:S-1"
    told = shop.told()
    assert told["shipments"][str(order)] == ["1Z-S-1"]
    assert told["double_effects"] == 0


def test_what_the_shop_decided_since_is_not_overwritten_by_a_retry(
    shop: Harness, client: Client
) -> None:
    order = shop.orders[15]
    list(client.deliver([shipment(order, "S-1")]))
    shop.api("PUT", f"/orders/{order}", json={"status": "refunded"})
    list(client.deliver([shipment(order, "S-1", retried=True)]))
    assert shop.api("GET", f"/orders/{order}")["status"] == "refunded"


def test_an_order_is_cancelled_by_its_own_id(shop: Harness, client: Client) -> None:
    cancelled = item("order", {"status": "cancelled"}, remote_id=str(shop.orders[16]))
    [outcome] = client.deliver([cancelled])
    assert (outcome.error, outcome.remote_id) == (None, str(shop.orders[16]))
    assert shop.api("GET", f"/orders/{shop.orders[16]}")["status"] == "cancelled"


@pytest.mark.parametrize("order_id", [None, "", "1/../2", "abc"])
def test_a_shipment_of_an_order_that_is_not_known_waits_for_a_person(
    client: Client, order_id: str | None
) -> None:
    [outcome] = client.deliver(
        [item("shipment", {"order_id": order_id, "order_number": "77", "shipment_number": "S"})]
    )
    assert isinstance(outcome.error, NeedsPerson)
    assert [(p.code, p.value) for p in outcome.error.problems] == [("unknown_order", "77")]


def test_an_order_that_the_store_does_not_have_is_permanent(client: Client) -> None:
    [outcome] = client.deliver([shipment(999_999, "S-1")])
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "not_found"


def test_a_refused_value_is_told_in_the_stores_words(shop: Harness, client: Client) -> None:
    wrong = item("order", {"status": "shipped!"}, remote_id=str(shop.orders[17]))
    [outcome] = client.deliver([wrong])
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.problems[0].text == "The store says: Invalid parameter(s): status"


def test_stock_goes_out_in_one_call_and_unknown_skus_are_told(
    shop: Harness, client: Client
) -> None:
    stock = {"TENT-2P": "41", "STOVE-2B": "0", "NO-SUCH": "3", "A,B": "1"}
    items = [item("availability", {"sku": s, "stock_quantity": q}) for s, q in stock.items()]
    items.append(item("availability", {"sku": "TENT-4P", "stock_quantity": "many"}))
    outcomes = by_message(client.deliver(items))
    errors = [outcomes[sent.message_id].error for sent in items]
    assert errors[:2] == [None, None]
    codes = [error.problems[0].code for error in errors[2:] if isinstance(error, NeedsPerson)]
    assert codes == ["unknown_sku", "unknown_sku", "wrong_format"]
    told = shop.told()["stock"]
    assert (told["TENT-2P"], told["STOVE-2B"]) == (41, 0)
    assert outcomes[items[0].message_id].remote_id == str(
        shop.api("GET", "/products", params={"sku": "TENT-2P"})[0]["id"]
    )


def test_a_known_product_is_not_asked_for_again(answering: Answering, shop: Harness) -> None:
    answering.body = b'[{"id":55,"sku":"V-1","type":"variation","parent_id":50}]'
    to = shop._connection(answering.url)
    with client_of(WOO, to) as client:
        client._catalogue.find(["V-1"])  # type: ignore[attr-defined]
        answering.body = b'{"update":[{"id":55}]}'
        answering.asked.clear()
        one, other = (
            item("availability", {"sku": "V-1", "stock_quantity": "4"}),
            item("availability", {"sku": "V-2", "stock_quantity": "5"}, remote_id="50/56"),
        )
        outcomes = by_message(client.deliver([one, other]))
    # Variations are written under their parent, both in one call.
    [(method, path, _, body)] = answering.asked
    assert (method, path) == ("POST", "/wp-json/wc/v3/products/50/variations/batch")
    assert body == (
        b'{"update":[{"id":55,"manage_stock":true,"stock_quantity":4},'
        b'{"id":56,"manage_stock":true,"stock_quantity":5}]}'
    )
    assert [outcomes[sent.message_id].remote_id for sent in (one, other)] == ["50/55", "50/56"]


def test_a_product_that_is_gone_is_asked_for_anew(answering: Answering, shop: Harness) -> None:
    answering.body = b'[{"id":55,"sku":"T","type":"simple"}]'
    with client_of(WOO, shop._connection(answering.url)) as client:
        client._catalogue.find(["T"])  # type: ignore[attr-defined]
        answering.body = b'{"update":[{"id":55,"error":{"code":"gone","message":"Invalid ID."}}]}'
        [outcome] = client.deliver([item("availability", {"sku": "T", "stock_quantity": "4"})])
        assert isinstance(outcome.error, NeedsPerson)
        assert outcome.error.problems[0].text == "The store says: Invalid ID."
        answering.asked.clear()
        list(client.deliver([item("availability", {"sku": "T", "stock_quantity": "4"})]))
    assert answering.asked[0][1].startswith("/wp-json/wc/v3/products?sku=T")


def test_prices_go_out_and_missing_products_are_told(shop: Harness, client: Client) -> None:
    prices = [
        {"sku": "TENT-2P", "regular_price": "131.50"},
        {"sku": "NO-SUCH", "regular_price": "1.00"},
    ]
    [outcome] = client.deliver([item("price_list", {"prices": prices})])
    assert isinstance(outcome.error, NeedsPerson)
    assert [(p.code, p.path) for p in outcome.error.problems] == [("unknown_sku", "prices[1].sku")]
    assert shop.told()["prices"]["TENT-2P"] == "131.50"


def test_an_object_type_it_does_not_take_is_permanent(client: Client) -> None:
    [outcome] = client.deliver([item("invoice", {})])
    assert isinstance(outcome.error, Permanent)


def test_a_maintenance_page_is_tried_again_later(answering: Answering, shop: Harness) -> None:
    answering.body = b"<html>Back soon</html>"
    with client_of(WOO, shop._connection(answering.url)) as client:
        [outcome] = client.deliver([shipment(1, "S-1")])
        assert isinstance(outcome.error, Retryable)
        told = {check.name: check for check in client.test_connection()}
    assert told["key"].passed is False
    assert told["key"].remedy.startswith("The key could not be tried. Try again")


def test_two_hundred_stock_levels_are_two_calls(answering: Answering, shop: Harness) -> None:
    answering.body = b'{"update":[]}'
    items = [
        item("availability", {"sku": f"S{n}", "stock_quantity": "1"}, remote_id=str(n))
        for n in range(200)
    ]
    with client_of(WOO, shop._connection(answering.url)) as client:
        assert all(outcome.error is None for outcome in client.deliver(items))
    assert len(answering.asked) == 2
