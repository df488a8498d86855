"""Business Central's documents both ways, from golden files and at their edges."""

import json
from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.businesscentral import mapper
from integrations.connectors.businesscentral.settings import SETTINGS
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.mapping import MISSING, Outcome, compile_mapping
from tests.connectors.businesscentral.harness import COMPANY, READS, golden
from tests.connectors.conformance import connection

BC = registry.get("businesscentral")
UNITS = {("uom_out", "PC"): "PCS"}


def company(**settings: Any) -> Connection:
    return connection(BC, settings={"tenant": "t", "company": COMPANY, **settings}, secrets={})


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    return mapper.read(object_type, "", json.dumps(document).encode(), to or company())


def mapped(object_type: str, document: Any, direction: Any = "in", **settings: Any) -> Outcome:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: (
            UNITS.get((table, code), MISSING) if table.endswith("_out") else code
        ),
        binding=lambda kind, known: MISSING,
        context={"settings": settings},
    )


def body_of(object_type: str, document: Any, to: Connection | None = None) -> dict[str, Any]:
    [native] = read(object_type, document, to).documents
    outcome = mapped(object_type, native)
    assert outcome.problems == []
    assert outcome.body is not None
    assert validate(object_type, outcome.body) == []
    return outcome.body


@pytest.mark.parametrize("name", [*READS, "credit_memo"])
def test_a_native_document_becomes_the_golden_record(name: str) -> None:
    object_type = "invoice" if name == "credit_memo" else name
    assert body_of(object_type, golden(f"{name}.native")) == golden(f"{name}.canonical")


def test_an_order_becomes_the_golden_sales_order() -> None:
    outcome = mapped("order", golden("order.canonical"), "out")
    assert outcome == (golden("order.native"), [])


def test_all_orders_of_a_shop_may_be_one_customers() -> None:
    body = mapped("order", golden("order.canonical"), "out", house_account="WEBSHOP").body or {}
    assert body["customerNumber"] == "WEBSHOP"


@pytest.mark.parametrize(
    ("orders", "status"),
    [
        ({"S-ORD101005": False}, "partial"),
        ({"S-ORD101005": True}, "complete"),
        # Shipped and invoiced to the end, an order is gone.
        ({}, "complete"),
    ],
)
def test_a_shipment_says_whether_it_was_the_last(orders: Any, status: str) -> None:
    body = body_of("shipment", golden("shipment.native") | {"orders": orders})
    assert body["status"] == status


def test_an_order_that_was_entered_there_is_known_by_its_own_number() -> None:
    document = golden("shipment.native")
    document["shipment"]["externalDocumentNumber"] = ""
    assert body_of("shipment", document)["order_number"] == "S-ORD101005"


def test_the_site_of_all_of_it_is_a_setting() -> None:
    there = company(site="EAST")
    assert body_of("inventory", golden("inventory.native"), there)["site"] == "EAST"
    assert body_of("shipment", golden("shipment.native"), there)["site"] == "EAST"


@pytest.mark.parametrize(
    ("object_type", "document"),
    [
        ("product", {"number": "FIT", "type": "Service"}),
        ("inventory", {"row": {"number": "BAG", "type": "Non-Inventory", "inventory": 0}}),
        ("shipment", {"shipment": {"number": "1", "salesShipmentLines": []}}),
    ],
)
def test_what_is_no_news_to_the_hub(object_type: str, document: Any) -> None:
    assert read(object_type, document) == Native(object_type, [], [])


@pytest.mark.parametrize(
    ("native", "rest", "status"),
    [
        ("Open", 432.24, "posted"),
        ("Open", 100, "partially_paid"),
        ("Paid", 0, "paid"),
        ("Canceled", 0, "void"),
        ("Corrective", 0, "credited"),
        ("In Review", 432.24, "draft"),
    ],
)
def test_how_far_an_invoice_is(native: str, rest: float, status: str) -> None:
    document = golden("invoice.native") | {"status": native, "remainingAmount": rest}
    assert body_of("invoice", document)["status"] == status


def test_numbers_may_come_as_text_and_none_goes_through_a_float() -> None:
    document = golden("inventory.native")
    document["row"]["inventory"] = "9007199254740993.10"
    [native] = read("inventory", document).documents
    assert native["derived"]["on_hand"] == "9007199254740993.1"
    raw = json.dumps(golden("inventory.native")).replace("150.5", "0.30000000000000000001")
    [native] = mapper.read("inventory", "", raw.encode(), company()).documents
    assert native["derived"]["on_hand"] == "0.30000000000000000001"


def test_blocked_customers_are_on_hold() -> None:
    body = body_of("customer", golden("customer.native") | {"blocked": "All"})
    assert body["credit_status"] == "hold"


@pytest.mark.parametrize(
    ("object_type", "broken"),
    [
        ("invoice", {"totalAmountIncludingTax": "much"}),
        ("invoice", {"salesInvoiceLines": "none"}),
        ("shipment", {"shipment": []}),
        ("inventory", {"row": None}),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_path(object_type: str, broken: Any) -> None:
    native = read(object_type, golden(f"{object_type}.native") | broken)
    assert native.documents == []
    assert native.problems[0].path in broken


@pytest.mark.parametrize(
    "entered", ["", "CRONUS", "5d115c9c", "5d115c9c-44e3-ea11-bb43-000d3a2feca1/x"]
)
def test_a_company_is_entered_by_its_id(entered: str) -> None:
    check = next(setting.check for setting in SETTINGS if setting.name == "company")
    assert check is not None
    assert check(entered)
    assert not check(COMPANY)


def test_one_company_is_one_account_however_it_was_typed() -> None:
    same = company(company=COMPANY.upper(), url="https://api.businesscentral.dynamics.com/")
    assert BC.account(company()) == BC.account(same)
    assert BC.account(company()) != BC.account(company(environment="Sandbox"))
    assert BC.account(company(company="")) == ""
