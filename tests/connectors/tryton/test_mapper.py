"""Tryton's documents to ours and back, its JSON, the lines of a sale and their taxes."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.canonical.validation import validate
from integrations.connectors.tryton import lines, mapper, taxes, wire
from integrations.mapping import MISSING, compile_mapping
from tests import pipeline

pytestmark = pytest.mark.pure

GOLDEN = Path(__file__).parent / "golden"


def golden(name):
    return json.loads((GOLDEN / f"{name}.json").read_text())


def read(kind, document):
    return mapper.read(kind, "", json.dumps(document).encode(), None)


def translate(kind, direction, document, **context):
    return compile_mapping(mapper.MAPPINGS[kind, direction], name="test").run(
        document,
        lookup=lambda table, code: MISSING if table.startswith("uom") else code,
        binding=lambda kind, remote: MISSING,
        context={"settings": {"house_account": ""}, **context},
    )


@pytest.mark.parametrize("kind", ["shipment", "inventory", "invoice", "product", "customer"])
def test_what_tryton_has_becomes_ours(kind):
    [document] = read(kind, golden(f"{kind}.native")).documents
    outcome = translate(kind, "in", document)
    assert outcome.problems == []
    assert outcome.body == golden(f"{kind}.canonical")
    assert validate(kind, outcome.body) == []


@pytest.mark.parametrize(
    ("forecast", "committed"), [(993.5, "4.5"), (998.0, "0"), (1040.0, "0"), (None, None)]
)
def test_what_orders_hold_is_not_sold_again(forecast, committed):
    level = golden("inventory.native")
    level["product"]["forecast_quantity"] = forecast
    [document] = read("inventory", level).documents
    outcome = translate("inventory", "in", document)
    assert outcome.problems == []
    assert outcome.body.get("committed") == committed


def test_a_shipment_with_a_reference_is_no_news():
    assert read("shipment", {**golden("shipment.native"), "reference": "S-1"}).documents == []


def test_a_shipment_of_two_sales_is_two():
    shipment = golden("shipment.native")
    [move] = shipment["outgoing_moves"]
    other = {
        **move,
        "sale": {**move["sale"], "id": 6, "reference": "WEB-2", "shipment_state": "sent"},
    }
    shipment["outgoing_moves"] = [move, other, move]
    documents = read("shipment", shipment).documents
    bodies = [translate("shipment", "in", one).body for one in documents]
    assert [(b["number"], b["order_number"], b["status"], len(b["lines"])) for b in bodies] == [
        ("12-5", "WEB-1", "partial", 2),
        ("12-6", "WEB-2", "complete", 1),
    ]
    assert [mapper.remote_id("shipment", one) for one in documents] == ["12:5", "12:6"]


def test_a_shipment_of_no_sale_is_no_news():
    assert read("shipment", {**golden("shipment.native"), "outgoing_moves": []}).documents == []


@pytest.mark.parametrize(
    ("changes", "status", "kind"),
    [
        ({"state": "paid"}, "paid", "invoice"),
        ({"state": "cancelled"}, "void", "invoice"),
        ({"amount_to_pay": wire.decimal(Decimal("415.80"))}, "posted", "invoice"),
        ({"amount_to_pay": None}, "posted", "invoice"),
        (
            {"total_amount": wire.decimal(Decimal("-5.00")), "amount_to_pay": None},
            "posted",
            "credit",
        ),
    ],
)
def test_what_an_invoice_is(changes, status, kind):
    [document] = read("invoice", {**golden("invoice.native"), **changes}).documents
    body = translate("invoice", "in", document).body
    assert (body["status"], body["type"]) == (status, kind)


def test_a_product_that_is_not_sold_is_blocked():
    for changes in ({"active": 0}, {"salable": False}):
        [document] = read("product", {**golden("product.native"), **changes}).documents
        assert translate("product", "in", document).body["status"] == "blocked"


def test_an_order_of_ours_becomes_what_a_sale_is_made_of():
    order = pipeline.order("WEB-1", customer={"account": "C-1"}, taxes_included=True)
    order["notes"] = [{"audience": "warehouse", "text": "Ring"}, {"audience": "gift", "text": "Hi"}]
    outcome = translate("order", "out", order)
    assert outcome.problems == []
    assert outcome.body == {
        "reference": "WEB-1", "description": "shop", "party": "C-1", "status": "open", "currency": "USD",
        "comment": "Ring", "ship_to": order["ship_to"], "freight": "5.00", "taxes_included": True,
        "lines": [{"product": "TENT-2P", "quantity": "2", "unit": "", "unit_price": "61.50"}],
    }  # fmt: skip
    house = translate("order", "out", order, settings={"house_account": "WEB"}).body
    assert house["party"] == "WEB"


def test_another_unit_than_pieces_wants_its_row():
    order = pipeline.order("WEB-1")
    order["lines"][0]["uom"] = "CA"
    assert [problem.path for problem in translate("order", "out", order).problems] == [
        "lines[0].unit"
    ]


def test_a_shipment_of_ours_becomes_what_is_done_there():
    shipment = {
        "number": "S-1", "site": "RNO1", "order_number": "WEB-1", "shipped_at": "2026-03-03T10:00:00Z",
        "status": "partial", "tracking": ["1Z9"],
        "lines": [{"sku": "TENT-2P", "shipped": "2"}, {"sku": "MUG-330", "shipped": "0"}],
    }  # fmt: skip
    outcome = translate("shipment", "out", shipment, order_remote_id="5")
    assert outcome.body == {
        "order_id": "5", "order_number": "WEB-1", "reference": "S-1", "shipped_on": "2026-03-03",
        "tracking": ["1Z9"], "lines": [{"product": "TENT-2P", "quantity": "2"}],
    }  # fmt: skip
    nothing = translate("shipment", "out", {**shipment, "status": "cancelled"}, order_remote_id="5")
    assert "Nothing was shipped" in nothing.problems[0].text


@pytest.mark.parametrize(
    ("line", "net", "price"),
    [
        ({"quantity": "2", "unit_price": "189.00"}, True, "189.0000"),
        ({"quantity": "3", "unit_price": "6.33335"}, True, "6.3334"),
        (
            {"quantity": "4", "unit_price": "10.00", "discount": "2.00"},
            True,
            "9.5000",
        ),  # 10 − 2 / 4
        ({"quantity": "2", "unit_price": "11.00", "tax": "2.00"}, False, "10.0000"),  # 11 − 2 / 2
        ({"quantity": "2", "unit_price": "11.00", "tax": "2.00"}, True, "11.0000"),
        (
            {"quantity": "3", "unit_price": "10", "discount": "1", "tax": "2"},
            False,
            "9.0000",
        ),  # 10 − 3 / 3
    ],
)
def test_a_price_is_without_tax_and_after_the_discount(line, net, price):
    assert str(lines.price(line, net=net)) == price


RULE = {"group": None, "origin_tax": None, "keep_origin": False, "tax": None, "start_date": None, "end_date": None}  # fmt: skip
HOME, GROUPED = {"id": 1, "group": None}, {"id": 2, "group": 7}


@pytest.mark.parametrize(
    ("taxed", "rule", "found"),
    [
        ([HOME, GROUPED], None, [1, 2]),
        ([HOME, GROUPED], [], [1, 2]),
        ([HOME], [{**RULE, "origin_tax": 1, "tax": 5}], [5]),
        ([HOME], [{**RULE, "origin_tax": 1, "tax": 5, "keep_origin": True}], [5, 1]),
        ([HOME], [{**RULE, "origin_tax": 1}], []),
        ([HOME], [{**RULE, "origin_tax": 3, "tax": 5}], [1]),
        ([GROUPED], [{**RULE, "group": 7, "tax": 6}], [6]),
        (
            [GROUPED],
            [{**RULE, "origin_tax": 2, "tax": 6}],
            [2],
        ),  # a line without group is for taxes without
        ([HOME], [{**RULE, "tax": 9}], [9]),  # for the tax, and once more for no tax at all
        ([], [{**RULE, "tax": 9}], [9]),
        ([HOME], [{**RULE, "origin_tax": 1, "tax": 5, "end_date": "2026-03-01"}], [1]),
        ([HOME], [{**RULE, "origin_tax": 1, "tax": 5, "start_date": "2026-03-03"}], [1]),
    ],
)
def test_taxes_are_exchanged_by_the_party_s_rule(taxed, rule, found):
    assert taxes.of_line(taxed, rule, today="2026-03-02") == found


@pytest.mark.parametrize(
    "value",
    [
        {"__class__": "date", "year": 2026},
        {"__class__": "datetime", "year": 2026, "month": 13, "day": 1},
        {"__class__": ["x"]},
        {"__class__": "bytes", "base64": ""},
        {"__class__": "date", "year": 10**40, "month": 1, "day": 1},
    ],
)
def test_an_object_of_tryton_s_that_is_no_value_stays_as_it_is(value):
    assert wire.plain({"a": [value]}) == {"a": [value]}
