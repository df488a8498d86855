import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.canonical.keys import (
    business_key,
    handles,
    numbers,
    order_reference,
    squeezed,
    summary,
)
from integrations.canonical.schema import OBJECT_TYPES
from tests.canonical.bodies import MINIMAL, line, order, shipment

pytestmark = pytest.mark.pure


def test_each_type_has_its_natural_key():
    assert {name: business_key(name, body) for name, body in MINIMAL.items()} == {
        "order": "harbor-store/1001",
        "shipment": "RNO1/S-77",
        "inventory": "RNO1/TENT-2P",
        "availability": "harbor-store/TENT-2P",
        "return": "RMA-5",
        "customer": "C100",
        "product": "TENT-2P",
        "price_list": "B2B",
        "invoice": "INV-9",
        "receipt": "RNO1/R-3",
        "adjustment": "RNO1/A-3",
        "inbound_shipment": "RNO1/IN-1",
    }


def test_a_lot_is_part_of_the_key_of_a_level():
    assert business_key("inventory", MINIMAL["inventory"] | {"lot": "L7"}) == "RNO1/TENT-2P/L7"


codes = st.text(alphabet="AB/%2F", min_size=1, max_size=5)


@given(codes, st.none() | codes, codes, st.none() | codes)
def test_two_levels_share_a_key_only_if_sku_and_lot_are_the_same(sku, lot, other_sku, other_lot):
    keys = [
        business_key("inventory", {"site": "RNO1", "sku": s, "lot": n})
        for s, n in ((sku, lot), (other_sku, other_lot))
    ]
    assert (keys[0] == keys[1]) == ((sku, lot) == (other_sku, other_lot))


numbers_of_invoices = st.text(alphabet="AB/%2F", min_size=1, max_size=6)
suppliers = st.none() | st.text(alphabet="AB-", min_size=1, max_size=3)


@given(suppliers, numbers_of_invoices, suppliers, numbers_of_invoices)
def test_two_invoices_share_a_key_only_if_number_and_supplier_are_the_same(
    supplier, number, other_supplier, other_number
):
    keys = [
        business_key("invoice", {"number": n} | ({"supplier": s} if s else {}))
        for s, n in ((supplier, number), (other_supplier, other_number))
    ]
    assert (keys[0] == keys[1]) == ((supplier, number) == (other_supplier, other_number))


def test_a_suppliers_invoice_is_not_the_bill_of_the_order_it_names():
    body = MINIMAL["invoice"] | {"order_number": "1001", "supplier": "tentmakers"}
    assert business_key("invoice", body) == "tentmakers//INV-9"
    assert order_reference("invoice", body) == []
    assert "1001" in numbers("invoice", body)


def test_a_shipment_is_found_by_every_number_on_it_once():
    assert numbers("shipment", shipment()) == [
        "S-77",
        "SO-1001",
        "4500118203",
        "BOL9",
        "1Z999",
        "000123450000000010",
        "TENT-2P",
    ]


def test_an_order_is_found_by_number_po_references_and_items():
    body = order(
        po_number="po-7",
        external_refs=[{"kind": "id", "value": "42"}],
        lines=[line(gtin="00012345678905")],
    )
    assert numbers("order", body) == ["1001", "PO-7", "42", "TENT-2P", "00012345678905"]


def test_a_long_order_keeps_its_own_number_and_two_hundred_in_all():
    body = order(lines=[line(sku=f"S{n}") for n in range(1000)], po_number="PO-7")
    found = numbers("order", body)
    assert len(found) == 200
    assert found[:3] == ["1001", "PO-7", "S0"]


def test_a_body_that_failed_its_schema_still_gives_what_it_has():
    body = {
        "number": 7,
        "po_number": " po-9 ",
        "lines": "none",
        "external_refs": [None, {}],
    }
    assert numbers("order", body) == ["PO-9"]
    assert summary("order", body).title == "Order"


def test_a_shipment_names_its_order_as_the_warehouse_wrote_it():
    assert order_reference("shipment", shipment()) == ["SO-1001", "4500118203"]
    assert order_reference("invoice", {"order_number": "so-1"}) == ["SO-1"]
    assert order_reference("product", {"sku": "A"}) == []


def test_the_summary_of_an_order():
    assert summary("order", order()) == (
        "1001",
        "Dana Ortiz",
        "189.10",
        "USD",
        "2026-03-02T13:58:04Z",
        "Order 1001, 2 lines",
    )


def test_an_order_without_a_customer_shows_who_gets_the_goods():
    assert summary("order", order(customer={})).party == "Ridgeline DC West"


def test_every_type_has_a_summary_with_its_number():
    assert all(summary(name, MINIMAL[name]).number for name in OBJECT_TYPES)
    assert summary("inbound_shipment", MINIMAL["inbound_shipment"]).title == (
        "Inbound shipment IN-1, 1 line"
    )


def test_an_order_is_asked_after_by_its_own_numbers_and_not_by_its_items():
    body = order(po_number="po 7-1", external_refs=[{"kind": "id", "value": "#42"}])
    assert handles("order", body) == ["1001", "PO71", "42"]


def test_a_shipment_is_asked_after_by_its_parcels_and_not_by_its_order():
    assert handles("shipment", shipment()) == ["S77", "1Z999", "000123450000000010", "BOL9"]


def test_what_nobody_asks_after_has_no_handle():
    assert handles("availability", MINIMAL["availability"]) == []
    assert handles("order", {"number": "- -", "po_number": None, "external_refs": "x"}) == []


@given(st.text(max_size=30))
def test_squeezing_twice_is_squeezing_once_and_separators_do_not_matter(text):
    once = squeezed(text)
    assert squeezed(once) == once
    assert squeezed(f" {text}- ") == once == squeezed(text.replace("-", " "))
