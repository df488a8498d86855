"""Shopify's documents both ways, from golden files and at their edges."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.canonical.totals import warnings
from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.shopify import mapper
from integrations.mapping import MISSING, Outcome, compile_mapping
from tests.connectors.conformance import connection

GOLDEN = Path(__file__).parent / "golden"
SHOPIFY = registry.get("shopify")


def shop(**settings: Any) -> Connection:
    url = "https://harbor.myshopify.com"
    return connection(SHOPIFY, settings={"url": url, **settings}, secrets={})


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    return mapper.read(object_type, "", json.dumps(document).encode(), to or shop())


def mapped(object_type: str, native: Any, *, direction: Any = "in", **context: Any) -> Outcome:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        native,
        lookup=lambda table, code: code,
        binding=lambda kind, known: {"5551234567890": "1042"}.get(known, MISSING),
        context=context,
    )


def order(**changed: Any) -> dict[str, Any]:
    return golden("order.native") | changed


def status(to: Connection | None = None, **changed: Any) -> Any:
    [document] = read("order", order(**changed), to).documents
    return document["derived"]["status"]


@pytest.mark.parametrize("object_type", ["order", "product", "customer", "return", "inventory"])
def test_a_native_document_becomes_the_golden_record(object_type: str) -> None:
    native = read(object_type, golden(f"{object_type}.native"))
    wanted = golden(f"{object_type}.canonical")
    bodies = []
    for document in native.documents:
        outcome = mapped(object_type, document)
        assert outcome.problems == []
        assert validate(object_type, outcome.body) == []
        assert warnings(object_type, outcome.body or {}) == []
        bodies.append(outcome.body)
    assert bodies == (wanted if isinstance(wanted, list) else [wanted])


def test_the_webhook_of_an_order_is_the_same_record_as_its_poll() -> None:
    [document] = read("order", golden("order.webhook"), shop(hold_risky=False)).documents
    outcome = mapped("order", document)
    assert outcome.problems == []
    assert outcome.body == golden("order.canonical")
    polled = read("order", order()).documents[0]
    ids = {mapper.remote_id("order", one) for one in (document, polled)}
    assert ids == {"5551234567890"}


def test_a_webhook_does_not_know_the_risk_and_leaves_the_order_to_the_poll() -> None:
    webhook = golden("order.webhook")
    assert read("order", webhook) == Native("order", [], [])
    [cancelled] = read("order", webhook | {"cancelled_at": "2026-11-30T05:00:00-05:00"}).documents
    assert cancelled["derived"]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, "open"),
        ({"displayFinancialStatus": "PARTIALLY_REFUNDED"}, "open"),
        ({"displayFinancialStatus": "AUTHORIZED"}, "on_hold"),
        ({"displayFinancialStatus": "PENDING"}, "on_hold"),
        ({"displayFinancialStatus": None}, "on_hold"),
        ({"displayFinancialStatus": "BRAND_NEW"}, "on_hold"),
        ({"cancelledAt": "2026-11-30T10:00:00Z"}, "cancelled"),
        ({"test": True}, "on_hold"),
        ({"displayFulfillmentStatus": "ON_HOLD"}, "on_hold"),
        ({"displayFulfillmentStatus": "SCHEDULED"}, "on_hold"),
        ({"displayFulfillmentStatus": "PARTIALLY_FULFILLED"}, "open"),
        ({"risk": {"recommendation": "INVESTIGATE"}}, "on_hold"),
        ({"risk": {"recommendation": "CANCEL"}}, "on_hold"),
        ({"risk": None}, "on_hold"),
        ({"risk": {"recommendation": "NONE", "assessments": [{"riskLevel": "PENDING"}]}}, "on_hold"),
    ],
)  # fmt: skip
def test_only_what_is_paid_and_neither_held_nor_risky_is_released(
    changed: dict[str, Any], wanted: str
) -> None:
    assert status(**changed) == wanted


def test_settings_change_what_is_released() -> None:
    assert (
        status(shop(release_statuses=["authorized"]), displayFinancialStatus="AUTHORIZED") == "open"
    )
    assert status(shop(release_statuses=["authorized"])) == "on_hold"
    assert status(shop(release_test_orders=True), test=True) == "open"
    assert status(shop(hold_risky=False), risk={"recommendation": "CANCEL"}) == "open"


def test_what_is_shipped_is_an_echo_and_no_news() -> None:
    assert read("order", order(displayFulfillmentStatus="FULFILLED")).documents == []
    cancelled = order(displayFulfillmentStatus="FULFILLED", cancelledAt="2026-11-30T10:00:00Z")
    assert len(read("order", cancelled).documents) == 1


def test_an_order_with_nothing_left_is_cancelled_as_it_was_ordered() -> None:
    nodes = [line | {"currentQuantity": 0} for line in order()["lineItems"]["nodes"]]
    [document] = read("order", order(lineItems={"nodes": nodes})).documents
    assert document["derived"]["status"] == "cancelled"
    assert [line["quantity"] for line in document["derived"]["lines"]] == ["3", "1", "1"]


def test_an_order_of_nothing_that_ships_is_no_news() -> None:
    [gift] = [line for line in order()["lineItems"]["nodes"] if not line["requiresShipping"]]
    assert read("order", order(lineItems={"nodes": [gift]})) == Native("order", [], [])


def test_an_order_without_a_shipping_address_goes_to_the_billing_address() -> None:
    [document] = read("order", order(shippingAddress=None)).documents
    assert document["derived"]["ship_to"]["address1"] == "1 Hill"


@pytest.mark.parametrize("amount", ["1.000.00", "NaN", "Infinity", "1e40", {}])
def test_an_amount_that_is_none_is_a_problem(amount: Any) -> None:
    native = read("order", order(currentTotalPriceSet={"shopMoney": {"amount": amount}}))
    assert native.documents == []
    assert native.problems[0].path == "currentTotalPriceSet.shopMoney.amount"


def test_an_amount_is_never_the_customers_currency() -> None:
    total = {"shopMoney": {"amount": "122.83"}, "presentmentMoney": {"amount": "170.00"}}
    [document] = read("order", order(currentTotalPriceSet=total)).documents
    assert document["derived"]["total"] == "122.83"


def test_a_variant_is_what_a_products_remote_id_means() -> None:
    documents = read("product", golden("product.native")).documents
    assert [mapper.remote_id("product", one) for one in documents] == ["3001", "3003"]


def test_a_product_with_one_variant_has_the_products_title() -> None:
    product = golden("product.native")
    product["variants"]["nodes"] = product["variants"]["nodes"][:1]
    [document] = read("product", product).documents
    assert document["derived"]["title"] == "Tent"


def test_a_refund_by_webhook_is_of_the_order_it_names_by_number() -> None:
    line = {"id": 71, "admin_graphql_api_id": "gid://shopify/LineItem/71", "sku": "TENT-2P",
            "requires_shipping": True}  # fmt: skip
    money = {"shop_money": {"amount": "39.99", "currency_code": "USD"}}
    refund = {
        "id": 890,
        "admin_graphql_api_id": "gid://shopify/Refund/890",
        "order_id": 5551234567890,
        "created_at": "2026-12-05T13:00:00-05:00",
        "note": "Too small",
        "refund_line_items": [
            {"quantity": 1, "restock_type": "return", "line_item": line, "subtotal_set": money}
        ],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": "39.99", "currency": "USD"},
            {"kind": "refund", "status": "failure", "amount": "39.99", "currency": "USD"},
        ],
    }
    [document] = read("return", refund).documents
    outcome = mapped("return", document)
    assert outcome.problems == []
    assert outcome.body == golden("return.canonical")


def test_a_refund_of_money_alone_is_no_return() -> None:
    refund = golden("return.native") | {"refundLineItems": {"nodes": []}}
    assert read("return", refund) == Native("return", [], [])


def test_stock_without_a_sku_is_no_news() -> None:
    level = golden("inventory.native") | {"item": {"sku": ""}}
    assert read("inventory", level) == Native("inventory", [], [])


def test_a_shipment_names_the_order_by_the_shops_number_and_only_what_was_shipped() -> None:
    shipment = {
        "number": "S1", "site": "RNO1", "order_number": "1042", "shipped_at": "2026-12-01",
        "status": "partial", "carrier": {"scac": "UPSN", "name": "UPS"}, "tracking": ["1Z1"],
        "lines": [
            {"line_no": "71", "sku": "TENT-2P", "shipped": "1"},
            {"line_no": "72", "sku": "STOVE-1", "shipped": "0", "short": "1"},
        ],
    }  # fmt: skip
    outcome = mapped("shipment", shipment, direction="out", order_remote_id="5551234567890")
    assert outcome == (
        {
            "order_id": "5551234567890",
            "shipment_number": "S1",
            "tracking": ["1Z1"],
            "company": "UPS",
            "shipped": "partial",
            "lines": [{"line_no": "71", "sku": "TENT-2P", "quantity": "1"}],
        },
        [],
    )


def test_a_price_list_gives_the_price_of_one() -> None:
    listed = {
        "list": "retail",
        "currency": "USD",
        "prices": [
            {"sku": "A", "price": "5.00"},
            {"sku": "A", "price": "4.00", "min_quantity": "10"},
        ],
    }
    outcome = mapped("price_list", listed, direction="out")
    assert outcome.body == {"currency": "USD", "prices": [{"sku": "A", "price": "5.00"}]}
