"""Odoo's records both ways, from golden files and at their edges."""

import json
from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.odoo import mapper
from integrations.connectors.odoo.account import account_of
from integrations.connectors.odoo.order_values import vals_of
from integrations.mapping import MISSING, Outcome, compile_mapping
from portal.core.errors import NeedsPerson
from tests.connectors.conformance import connection
from tests.connectors.odoo.harness import READS, golden

ODOO = registry.get("odoo")


def system(**settings: Any) -> Connection:
    return connection(ODOO, settings={"url": "https://harbor.odoo.com", **settings}, secrets={})


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    return mapper.read(object_type, "", json.dumps(document).encode(), to or system())


def mapped(object_type: str, document: Any, direction: Any = "in", **settings: Any) -> Outcome:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: code if table == "sku" else MISSING,
        binding=lambda kind, known: MISSING,
        context={"settings": settings},
    )


def changed(kind: str, **fields: Any) -> Any:
    document = golden(f"{kind}.native")
    document["record"] |= fields
    return document


@pytest.mark.parametrize("object_type", READS)
def test_a_record_becomes_the_golden_document(object_type: str) -> None:
    [document] = read(object_type, golden(f"{object_type}.native")).documents
    outcome = mapped(object_type, document)
    assert outcome == (golden(f"{object_type}.canonical"), [])
    assert validate(object_type, outcome.body) == []


def test_an_order_becomes_the_golden_one() -> None:
    assert mapped("order", golden("order.canonical"), "out") == (golden("order.native"), [])


def test_a_shop_whose_buyers_are_no_contacts_orders_for_its_own() -> None:
    body = mapped("order", golden("order.canonical"), "out", house_account="WEBSHOP").body
    assert body is not None
    assert body["partner_ref"] == "WEBSHOP"


def test_a_delivery_is_partial_while_another_of_its_order_is_open() -> None:
    document = golden("shipment.native") | {"open": [{"id": 71, "sale_id": [4711, "S04711"]}]}
    [shipment] = read("shipment", document).documents
    assert shipment["derived"]["status"] == "partial"


def test_a_delivery_for_no_sales_order_is_no_shipment() -> None:
    assert read("shipment", golden("shipment.native") | {"orders": []}) == ("shipment", [], [])


def test_two_lots_of_one_name_are_two_lines_and_older_versions_say_qty_done() -> None:
    document = golden("shipment.native")
    document["lines"][1] |= {"product_id": [1001, "[TENT-1] Tent"], "lot_id": [5, "B2026"]}
    for line in document["lines"]:
        line["qty_done"] = line.pop("quantity")
    document["products"].append({"id": 1001, "default_code": "TENT-1"})
    document["lots"].append({"id": 5, "name": "B2026", "expiration_date": False})
    [shipment] = read("shipment", document).documents
    said = [(one["sku"], one["shipped"], one["expiry"]) for one in shipment["derived"]["lines"]]
    assert said == [("TENT-0", "2", "2026-12-31 00:00:00"), ("TENT-1", "1", None)]


def test_several_tracking_numbers_stand_in_one_field() -> None:
    [shipment] = read(
        "shipment", changed("shipment", carrier_tracking_ref="1Z1+1Z2, 1Z3")
    ).documents
    assert shipment["derived"]["tracking"] == ["1Z1", "1Z2", "1Z3"]


def test_stock_is_summed_by_warehouse_and_told_with_none_where_a_warehouse_is_entered() -> None:
    to = system(warehouses=["WH", "EAST"])
    found = read("inventory", golden("inventory.native"), to).documents
    said = [(one["derived"]["site"], one["derived"]["on_hand"]) for one in found]
    assert said == [("WH", "0"), ("EAST", "0"), ("WH", "7.5")]
    assert len({mapper.remote_id("inventory", one) for one in found}) == 3


def test_stock_outside_every_warehouse_is_not_counted() -> None:
    document = golden("inventory.native")
    document["locations"][0]["warehouse_id"] = False
    [level] = read("inventory", document).documents
    assert level["derived"]["on_hand"] == "0.5"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"active": False}, "discontinued"),
        ({"sale_ok": False}, "blocked"),
        ({"barcode": False, "weight": False}, "active"),
    ],
)
def test_a_product_says_by_two_flags_whether_it_is_sold(fields: Any, status: str) -> None:
    [product] = read("product", changed("product", **fields)).documents
    assert product["derived"]["status"] == status


def test_a_barcode_that_is_none_of_the_trade_is_left_out() -> None:
    [product] = read("product", changed("product", barcode="SHELF-7")).documents
    assert product["derived"]["gtin"] is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "cancel"}, "void"),
        ({"payment_state": "in_payment"}, "paid"),
        ({"payment_state": "partial"}, "partially_paid"),
        ({"payment_state": "reversed"}, "credited"),
        ({"payment_state": "not_paid"}, "posted"),
    ],
)
def test_an_invoice_says_how_far_it_is(fields: Any, status: str) -> None:
    [invoice] = read("invoice", changed("invoice", **fields)).documents
    assert invoice["derived"]["status"] == status


def test_what_was_cancelled_before_it_was_posted_never_was_an_invoice() -> None:
    assert read("invoice", changed("invoice", name="/", state="cancel")).documents == []


def test_an_invoice_for_several_orders_names_none() -> None:
    document = golden("invoice.native")
    document["orders"].append({"id": 4712, "name": "S04712", "client_order_ref": False})
    [invoice] = read("invoice", document).documents
    body = mapped("invoice", invoice).body
    assert body is not None
    assert "order_number" not in body


def test_a_quantity_that_is_no_number_is_told_with_its_place() -> None:
    document = golden("inventory.native")
    document["quants"][0]["quantity"] = "many"
    native = read("inventory", document)
    assert [(p.code, p.path) for p in native.problems] == [("wrong_format", "quants[0].quantity")]
    assert native.documents == []


def vals(document: Any, **changed_: Any) -> Any:
    given = {
        "partner": 41, "shipping": 0, "pricelist": 0, "products": {"TENT-0": 7, "TENT-1": 8},
        "units": {"Units": 1}, "fields": {"product_uom": {}, "tax_id": {}}, "own_prices": True, "no_taxes": False,
    }  # fmt: skip
    return vals_of(document, **{**given, **changed_})


def test_times_are_utc_and_a_day_is_its_noon() -> None:
    header = vals(golden("order.native") | {"date_order": "2026-03-02T22:00:00-05:00"}).header
    assert header["date_order"] == "2026-03-03 03:00:00"
    assert header["commitment_date"] == "2026-03-06 12:00:00"


def test_a_discount_is_a_part_of_the_line() -> None:
    lines = vals(golden("order.native")).lines
    assert [str(line["discount"]) for line in lines] == ["0", "5.00"]
    assert all(line["product_uom"] == 1 for line in lines)


def test_units_and_taxes_have_the_names_of_the_version() -> None:
    fields: dict[str, Any] = {"product_uom_id": {}, "tax_ids": {}}
    line = vals(golden("order.native"), fields=fields, no_taxes=True, own_prices=False).lines[0]
    assert set(line) == {"product_id", "product_uom_qty", "product_uom_id", "tax_ids"}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"date_order": "soon"}, "date_order"),
        (
            {"order_line": [{"default_code": "TENT-0", "product_uom_qty": "x"}]},
            "order_line[0].product_uom_qty",
        ),
    ],
)
def test_what_is_no_time_or_number_asks_a_person(fields: Any, path: str) -> None:
    with pytest.raises(NeedsPerson) as caught:
        vals(golden("order.native") | fields)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_an_account_is_the_database_and_the_company() -> None:
    to = system(database="harbor", company="2")
    assert account_of(to) == "harbor.odoo.com/harbor/2"
    assert account_of(system(url="", database="harbor")) == ""
