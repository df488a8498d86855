"""Vendure's documents both ways, from golden files and at their edges."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.canonical.totals import warnings
from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.vendure import documents, mapper
from integrations.mapping import MISSING, Outcome, compile_mapping
from tests.connectors.conformance import connection

GOLDEN = Path(__file__).parent / "golden"
VENDURE = registry.get("vendure")


def shop(**settings: Any) -> Connection:
    url = "https://shop.example.com/admin-api"
    return connection(VENDURE, settings={"url": url, **settings}, secrets={})


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    return mapper.read(object_type, "", json.dumps(document).encode(), to or shop())


def mapped(object_type: str, native: Any, *, direction: Any = "in", **context: Any) -> Outcome:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        native,
        lookup=lambda table, code: code,
        binding=lambda kind, known: {"XJ8PQ4PCUWN4KDJD": "42"}.get(known, MISSING),
        context=context,
    )


def order(**changed: Any) -> dict[str, Any]:
    return golden("order.native") | changed


def derived(to: Connection | None = None, **changed: Any) -> Any:
    [document] = read("order", order(**changed), to).documents
    return document["derived"]


@pytest.mark.parametrize("object_type", ["order", "product", "customer"])
def test_a_native_document_becomes_the_golden_record(object_type: str) -> None:
    [document] = read(object_type, golden(f"{object_type}.native")).documents
    outcome = mapped(object_type, document)
    assert outcome.problems == []
    assert validate(object_type, outcome.body) == []
    assert warnings(object_type, outcome.body or {}) == []
    assert outcome.body == golden(f"{object_type}.canonical")


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("PaymentSettled", "open"),
        ("PaymentAuthorized", "on_hold"),
        ("ArrangingPayment", "on_hold"),
        ("ArrangingAdditionalPayment", "on_hold"),
        ("Modifying", "on_hold"),
        ("OneOfTheShopsOwn", "on_hold"),
        ("Cancelled", "cancelled"),
    ],
)
def test_only_what_is_paid_is_released(state: str, wanted: str) -> None:
    assert derived(state=state)["status"] == wanted


def test_a_setting_releases_what_is_authorised() -> None:
    to = shop(release_states=["PaymentAuthorized"])
    assert derived(to, state="PaymentAuthorized")["status"] == "open"
    assert derived(to)["status"] == "on_hold"


@pytest.mark.parametrize(
    "changed",
    [
        *({"state": state} for state in ("PartiallyShipped", "Shipped", "PartiallyDelivered")),
        *({"state": state} for state in ("Delivered", "Draft", "AddingItems")),
        {"orderPlacedAt": None},
        {"type": "Aggregate"},
    ],
)
def test_carts_and_what_is_shipped_are_no_news(changed: dict[str, Any]) -> None:
    assert read("order", order(**changed)) == Native("order", [], [])


def test_a_cancelled_order_keeps_what_was_placed() -> None:
    emptied = {"quantity": 0, "linePrice": 0, "proratedLinePrice": 0, "lineTax": 0}
    lines = [line | emptied for line in order()["lines"]]
    nothing = {"shipping": 0, "total": 0, "totalWithTax": 0, "surcharges": []}
    native = read("order", order(state="Cancelled", lines=lines, **nothing))
    body = mapped("order", native.documents[0]).body
    assert body is not None
    assert [line["quantity"] for line in body["lines"]] == ["2", "3", "1"]
    assert body["status"] == "cancelled"
    assert (body["totals"]["lines"], body["totals"]["tax"]) == ("509.95", "42.08")
    assert warnings("order", body) == []


@pytest.mark.parametrize(("places", "price"), [(0, "18900"), (2, "189.00"), (3, "18.900")])
def test_amounts_are_exact_in_the_shops_own_places(places: int, price: str) -> None:
    assert derived(shop(money_digits=places))["lines"][0]["unit_price"] == price


def test_an_amount_beyond_exact_floats_stays_exact() -> None:
    lines = [order()["lines"][0] | {"unitPrice": 90_071_992_547_409_931}]
    assert derived(lines=lines)["lines"][0]["unit_price"] == "900719925474099.31"


@pytest.mark.parametrize("amount", ["12.50", 12.5, True, {}, 10**18])
def test_an_amount_that_is_no_integer_is_a_problem(amount: Any) -> None:
    native = read("order", order(totalWithTax=amount))
    assert native.documents == []
    assert native.problems[0].path == "totalWithTax"


def test_lines_that_are_no_list_are_a_problem() -> None:
    assert read("order", order(lines={"a": 1})).problems[0].code == "wrong_type"


def test_an_order_without_a_shipping_address_goes_to_the_billing_address() -> None:
    address = order()["shippingAddress"]
    found = derived(shippingAddress=None, billingAddress=address | {"streetLine1": "1 Hill"})
    assert found["ship_to"]["streetLine1"] == "1 Hill"
    nameless = derived(shippingAddress=address | {"fullName": ""})
    assert nameless["ship_to"]["fullName"] == "Dana Reyes"


def test_a_variant_of_a_product_that_is_off_is_blocked_and_one_without_a_sku_is_none() -> None:
    variant = golden("product.native")
    [document] = read("product", variant | {"product": {"enabled": False}}).documents
    body = mapped("product", document).body
    assert body is not None
    assert body["status"] == "blocked"
    assert read("product", variant | {"sku": ""}).documents == []


def test_documents_out_are_what_the_client_writes() -> None:
    shipment = {
        "number": "S1",
        "site": "RNO1",
        "order_number": "XJ8PQ4PCUWN4KDJD",
        "carrier": {"name": "UPS"},
        "tracking": ["1Z1", "1Z2"],
        "status": "partial",
        "lines": [
            {"line_no": "101", "sku": "TENT-2P", "shipped": "1"},
            {"line_no": "102", "sku": "STOVE-1", "shipped": "0"},
        ],
    }
    assert mapped("shipment", shipment, direction="out").body == {
        "order_id": "42",
        "shipment_number": "S1",
        "tracking": ["1Z1", "1Z2"],
        "company": "UPS",
        "shipped": "partial",
        "lines": [{"line_no": "101", "sku": "TENT-2P", "quantity": "1"}],
    }
    stock = {"channel": "harbor", "sku": "TENT-2P", "quantity": "7"}
    wanted = {"sku": "TENT-2P", "quantity": "7"}
    assert mapped("availability", stock, direction="out").body == wanted
    cancelled = {"number": "XJ8PQ4PCUWN4KDJD", "status": "cancelled"}
    known = mapped("order", cancelled, direction="out", remote_id="42").body
    assert known == {"order_id": "42", "status": "cancelled"}


def test_the_readme_shows_the_query_that_a_plugin_asks() -> None:
    assert documents.ORDER.strip() in registry.readme("vendure")
