"""SAP's documents both ways, from golden files and at their edges."""

import json
from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.sap import mapper
from integrations.mapping import MISSING, Outcome, compile_mapping
from tests.connectors.conformance import connection
from tests.connectors.sap.harness import READS, golden

SAP = registry.get("sap")


def system(**settings: Any) -> Connection:
    return connection(SAP, settings={"url": "https://sap.example", **settings}, secrets={})


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    return mapper.read(object_type, "", json.dumps(document).encode(), to or system())


def mapped(object_type: str, document: Any, direction: Any = "in", **settings: Any) -> Outcome:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: MISSING if table.endswith("_out") else code,
        binding=lambda kind, known: {"4711": "HB-1042"}.get(known, MISSING),
        context={"settings": settings},
    )


@pytest.mark.parametrize("object_type", READS)
def test_a_native_document_becomes_the_golden_record(object_type: str) -> None:
    [document] = read(object_type, golden(f"{object_type}.native")).documents
    outcome = mapped(object_type, document)
    assert outcome == (golden(f"{object_type}.canonical"), [])
    assert validate(object_type, outcome.body) == []


SETTINGS = {
    "order_type": "OR", "sales_organization": "1710", "distribution_channel": "10", "division": "00",
    "ship_to_function": "SH", "price_condition": "PPR0",
}  # fmt: skip


def test_an_order_becomes_the_golden_sales_order() -> None:
    outcome = mapped("order", golden("order.canonical"), "out", **SETTINGS)
    assert outcome == (golden("order.native"), [])


def test_without_prices_and_partners_sap_finds_its_own() -> None:
    fewer = SETTINGS | {"ship_to_function": "", "price_condition": "", "sold_to": "WEBSHOP"}
    body = mapped("order", golden("order.canonical"), "out", **fewer).body
    assert body is not None
    assert body["SoldToParty"] == "WEBSHOP"
    assert not body.get("to_Partner")
    assert all("to_PricingElement" not in line for line in body["to_Item"])


def test_a_delivery_of_which_nothing_left_is_no_news() -> None:
    document = golden("shipment.native")
    document["shipment"]["OverallGoodsMovementStatus"] = "A"
    assert read("shipment", document) == Native("shipment", [], [])


def test_a_delivery_for_two_orders_is_two_shipments() -> None:
    document = golden("shipment.native")
    document["shipment"]["to_DeliveryDocumentItem"]["results"][2]["ReferenceSDDocument"] = "4712"
    document["orders"] = {"4711": "C", "4712": "B"}
    first, second = read("shipment", document).documents
    told = [mapped("shipment", one).body or {} for one in (first, second)]
    assert [(one["number"], one["order_number"], one["status"]) for one in told] == [
        ("80000017-4711", "HB-1042", "complete"),
        ("80000017-4712", "4712", "partial"),
    ]
    assert [mapper.remote_id("shipment", one) for one in (first, second)] == [
        "80000017-4711",
        "80000017-4712",
    ]
    # The weight is that of both together.
    assert all("weight" not in one for one in told)


def test_stock_is_told_for_each_plant_and_batch_and_special_stock_is_not_ours() -> None:
    document = golden("inventory.native")
    rows = document["row"]["to_MatlStkInAcctMod"]["results"]
    rows[1]["Batch"] = "B1"
    rows[2]["Plant"] = "1720"
    found = read("inventory", document, system(plants=["1710", "1730"])).documents
    told = {mapper.remote_id("inventory", one): one["derived"]["on_hand"] for one in found}
    # Plant 1720 is not asked for, and 1730 has none.
    assert told == {"TENT-2P/1710": "121", "TENT-2P/1710/B1": "30.5", "TENT-2P/1730": "0"}


def test_a_list_of_which_a_part_is_elsewhere_is_never_taken_for_the_whole() -> None:
    document = golden("invoice.native")
    document["to_Item"]["__next"] = "https://sap.example/more"
    [problem] = read("invoice", document).problems
    assert problem.code == "malformed_document"


@pytest.mark.parametrize(
    ("object_type", "broken"),
    [
        ("invoice", {"TotalNetAmount": "NaN"}),
        ("invoice", {"TotalTaxAmount": "1e99999"}),
        ("invoice", {"to_Item": "none"}),
        ("product", {"GrossWeight": "heavy"}),
        ("customer", {"to_BusinessPartnerAddress": {"results": ["x"]}}),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_path(object_type: str, broken: Any) -> None:
    native = read(object_type, golden(f"{object_type}.native") | broken)
    assert native.documents == []
    assert native.problems[0].path in broken


@pytest.mark.parametrize(
    ("changed", "kind", "status"),
    [
        ({"SDDocumentCategory": "O"}, "credit", "posted"),
        ({"SDDocumentCategory": "U", "AccountingPostingStatus": ""}, "proforma", "draft"),
        ({"BillingDocumentIsCancelled": True}, "invoice", "void"),
    ],
)
def test_billing_documents_of_other_kinds(changed: Any, kind: str, status: str) -> None:
    [document] = read("invoice", golden("invoice.native") | changed).documents
    body = mapped("invoice", document).body or {}
    assert (body["type"], body["status"]) == (kind, status)


def test_one_system_is_one_account_however_it_was_typed_and_whoever_signs_in() -> None:
    one = system(sales_organization="1710", client="100", user="ADA")
    same = system(
        url="https://SAP.example:443/", sales_organization=" 1710 ", client="100", user="BO"
    )
    assert SAP.account(one) == SAP.account(same) == "sap.example/100/1710"
    assert SAP.account(one) != SAP.account(system(sales_organization="1720", client="100"))
    assert SAP.account(system(url="")) == ""
