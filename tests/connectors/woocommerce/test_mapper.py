"""WooCommerce's documents both ways, from golden files and at their edges."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.canonical.totals import warnings
from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.woocommerce import changes, mapper
from integrations.mapping import MISSING, Outcome, compile_mapping
from tests.connectors.conformance import connection

GOLDEN = Path(__file__).parent / "golden"
WOO = registry.get("woocommerce")


def store(**settings: Any) -> Connection:
    return connection(WOO, settings={"url": "https://shop.example.com", **settings}, secrets={})


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    return mapper.read(object_type, "", json.dumps(document).encode(), to or store())


def mapped(object_type: str, native: Any, *, direction: Any = "in") -> Outcome:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        native,
        lookup=lambda table, code: {"TENT-2P": "OUR-TENT"}.get(code, MISSING),
        binding=lambda kind, known: {"1001": "8801"}.get(known, MISSING),
        context={},
    )


def order(**changed: Any) -> dict[str, Any]:
    return golden("order.native") | changed


@pytest.mark.parametrize("object_type", ["order", "product", "customer", "return"])
def test_a_native_document_becomes_the_golden_record(object_type: str) -> None:
    native = read(object_type, golden(f"{object_type}.native"))
    outcome = compile_mapping(mapper.MAPPINGS[object_type, "in"], name="test").run(
        native.documents[0],
        lookup=lambda table, code: code,
        binding=lambda kind, known: MISSING,
        context={},
    )
    assert outcome == (golden(f"{object_type}.canonical"), [])
    assert validate(object_type, outcome.body) == []
    assert warnings(object_type, outcome.body or {}) == []


def test_a_shipment_becomes_the_golden_call() -> None:
    outcome = mapped("shipment", golden("shipment.canonical"), direction="out")
    assert outcome.problems == []
    assert outcome.body is not None
    assert outcome.body["order_id"] == "8801"
    assert changes.of_shipment(outcome.body, [], store().settings) == golden("shipment.put")


def test_a_shipment_goes_to_the_order_the_hub_linked_it_to() -> None:
    outcome = compile_mapping(mapper.MAPPINGS["shipment", "out"], name="test").run(
        golden("shipment.canonical") | {"order_number": "as the warehouse writes it"},
        lookup=lambda table, code: code,
        binding=lambda kind, known: MISSING,
        context={"order_remote_id": "8801"},
    )
    assert outcome.problems == []
    assert outcome.body is not None
    assert outcome.body["order_id"] == "8801"


def test_a_shipment_of_an_order_the_store_never_sent_is_held() -> None:
    native = golden("shipment.canonical") | {"order_number": "77"}
    outcome = mapped("shipment", native, direction="out")
    assert [(p.code, p.path) for p in outcome.problems] == [("binding_missing", "order_id")]


def test_an_unknown_sku_is_a_problem_at_its_line() -> None:
    [document] = read("order", golden("order.native")).documents
    [problem] = mapped("order", document).problems
    assert (problem.code, problem.path, problem.value) == (
        "unknown_sku",
        "lines[1].sku",
        "POWER-20",
    )


def test_a_line_without_a_sku_is_a_problem_and_not_an_empty_sku() -> None:
    lines = [golden("order.native")["line_items"][0] | {"sku": ""}]
    [document] = read("order", order(line_items=lines)).documents
    outcome = mapped("order", document)
    [problem] = validate("order", outcome.body)
    assert (problem.code, problem.path) == ("unknown_sku", "lines[0].sku")


@pytest.mark.parametrize(
    ("native", "ours"),
    [
        ("processing", "open"),
        ("pending", "on_hold"),
        ("on-hold", "on_hold"),
        ("some-plugin-status", "on_hold"),
        ("cancelled", "cancelled"),
        ("refunded", "cancelled"),
        ("failed", "cancelled"),
        ("trash", "cancelled"),
    ],
)
def test_only_released_statuses_open_an_order(native: str, ours: str) -> None:
    [document] = read("order", order(status=native)).documents
    assert document["derived"]["status"] == ours


def test_a_shop_says_itself_which_statuses_release() -> None:
    to = store(release_statuses="processing\n on-hold \n")
    [document] = read("order", order(status="on-hold"), to).documents
    assert document["derived"]["status"] == "open"


@pytest.mark.parametrize("status", ["completed", "checkout-draft", "part-shipped"])
def test_the_echo_of_our_own_status_and_carts_are_no_news(status: str) -> None:
    to = store(partial_status="part-shipped")
    assert read("order", order(status=status), to) == Native("order", [], [])


def test_a_status_that_is_both_released_and_set_by_us_is_news() -> None:
    to = store(partial_status="processing")
    assert len(read("order", order(status="processing"), to).documents) == 1


def test_an_order_without_a_shipping_address_goes_to_the_billing_address() -> None:
    empty = dict.fromkeys(golden("order.native")["shipping"], "")
    [document] = read("order", order(shipping=empty)).documents
    outcome = mapped("order", document)
    assert outcome.body is not None
    assert outcome.body["ship_to"] == outcome.body["bill_to"]


def test_unit_prices_are_before_discounts_and_exact() -> None:
    line = golden("order.native")["line_items"][0]
    lines = [line | {"quantity": 3, "subtotal": "10.00", "total": "9.00"}]
    [document] = read("order", order(line_items=lines)).documents
    # 10.00 / 3, to six places; 10.00 - 9.00
    assert document["line_items"][0]["derived"] | {"gtin": None} == {
        "unit_price": "3.333333",
        "discount": "1.00",
        "gtin": None,
    }
    assert document["derived"]["lines_total"] == "10.00"


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ({"subtotal": "1,000.00"}, "line_items[0].subtotal"),
        ({"total": "NaN"}, "line_items[0].total"),
        ({"quantity": "many"}, "line_items[0].quantity"),
        ({"total": "1e400"}, "line_items[0].total"),
    ],
)
def test_amounts_that_are_none_are_problems_with_a_path(line: dict[str, str], path: str) -> None:
    lines = [golden("order.native")["line_items"][0] | line]
    native = read("order", order(line_items=lines))
    assert [problem.path for problem in native.problems] == [path]
    assert native.documents == []


@pytest.mark.parametrize("lines", [5, "text", [1], {"a": 1}])
def test_lines_of_a_wrong_type_are_a_problem(lines: Any) -> None:
    native = read("order", order(line_items=lines))
    assert [(p.code, p.path) for p in native.problems] == [("wrong_type", "line_items")]


def test_quantity_zero_is_held() -> None:
    lines = [golden("order.native")["line_items"][0] | {"quantity": 0}]
    [document] = read("order", order(line_items=lines)).documents
    [problem] = validate("order", mapped("order", document).body)
    assert (problem.code, problem.path) == ("quantity_not_positive", "lines[0].quantity")


def test_a_product_that_only_holds_variations_is_no_news() -> None:
    assert read("product", golden("product.native") | {"type": "variable"}).documents == []


def test_a_refund_of_money_alone_is_no_return() -> None:
    refund = golden("return.native")
    refund["refund"]["line_items"] = []
    assert read("return", refund) == Native("return", [], [])


def test_the_stores_own_id_is_told() -> None:
    [document] = read("order", golden("order.native")).documents
    assert mapper.remote_id("order", document) == "1001"
    [document] = read("return", golden("return.native")).documents
    assert mapper.remote_id("return", document) == "5000001"


def test_two_shipments_of_an_order_have_an_entry_each() -> None:
    first = changes.of_shipment({"shipment_number": "S-1", "tracking": "A"}, [], store().settings)
    second = changes.of_shipment({"shipment_number": "S-2", "tracking": "B"}, [], store().settings)
    assert [change["meta_data"][0]["key"] for change in (first, second)] == [
        "_shipment_S-1",
        "_shipment_S-2",
    ]


def test_a_part_shipment_leaves_the_status_unless_the_shop_has_one() -> None:
    document = {"shipment_number": "S-1", "shipped": "partial"}
    assert "status" not in changes.of_shipment(document, [], store().settings)
    settings = store(partial_status="part-shipped").settings
    assert changes.of_shipment(document, [], settings)["status"] == "part-shipped"


def test_the_plug_ins_list_is_extended_and_never_replaced() -> None:
    settings = store(tracking_style="shipment tracking plug-in").settings
    other = {"tracking_number": "OTHER", "tracking_provider": "DHL"}
    meta = [{"id": 4, "key": "_wc_shipment_tracking_items", "value": [other]}]
    document = {"shipment_number": "S-1", "tracking": ["A"], "shipped_at": "2026-03-03T10:00:00Z"}
    [entry] = changes.of_shipment(document, meta, settings)["meta_data"]
    assert entry["value"] == [
        other,
        {
            "tracking_provider": "",
            "tracking_number": "A",
            "date_shipped": "2026-03-03",
            "tracking_id": "S-1-1",
        },
    ]
    assert not changes.is_noted(document, meta)
    assert changes.is_noted(document, [{"key": entry["key"], "value": entry["value"]}])
