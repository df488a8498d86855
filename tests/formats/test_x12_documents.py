"""What the reader makes of each set: the business facts, under names of their own."""

import pytest

from integrations.formats.x12 import read
from tests.formats.x12_reading import document, issues
from tests.formats.x12_samples import (
    CLEAN,
    EVERY_SET,
    SET_810,
    SET_820,
    SET_846,
    SET_850,
    SET_856,
    SET_940,
    SET_944,
    SET_945,
    SET_947,
    SET_997_REJECTS,
    SET_999,
)

pytestmark = pytest.mark.pure


def test_the_940_gives_the_warehouse_order() -> None:
    assert document(SET_940) == {
        "purpose": "N",
        "depositor_order": "SO-10442",
        "po_number": "PO-7781",
        "parties": [
            {
                "role": "ST",
                "name": "HARBOR OUTFITTERS DC 2",
                "id_qualifier": "92",
                "id": "DC02",
                "address": {
                    "line1": "400 QUAY STREET",
                    "city": "RENO",
                    "region": "NV",
                    "postal_code": "89502",
                    "country": "US",
                },
            },
            {"role": "WH", "name": "NORTHWIND 3PL RENO", "id_qualifier": "92", "id": "RNO1"},
        ],
        "refs": [{"qualifier": "CO", "value": "WEB-55102"}],
        "dates": [
            {"qualifier": "10", "date": "2026-03-03"},
            {"qualifier": "38", "date": "2026-03-06"},
        ],
        "notes": [{"kind": "DEL", "text": "DOCK 4 ONLY"}],
        "carrier": {"payment": "PP", "mode": "M", "routing": "GROUND", "scac": "UPSN"},
        "lines": [
            {
                "line_no": "1",
                "quantity": "24",
                "uom": "EA",
                "upc": "012345678905",
                "ids": {"VN": "TENT-2P"},
                "description": "TWO PERSON TENT",
            },
            {"line_no": "2", "quantity": "2", "uom": "CA", "ids": {"VN": "MUG-12"}},
        ],
        "totals": {"units": "26", "weight": "118", "weight_uom": "LB"},
    }


def test_the_945_gives_the_shipment_with_carton_and_lot_on_the_line() -> None:
    shipment = document(SET_945)
    assert shipment["report_code"] == "F"
    assert shipment["depositor_order"] == "SO-10442"
    assert shipment["ship_date"] == "2026-03-03"
    assert shipment["shipment_id"] == "SH-90077"
    assert shipment["po_number"] == "PO-7781"
    assert shipment["refs"] == [
        {"qualifier": "BM", "value": "BOL5566"},
        {"qualifier": "CN", "value": "1Z0000000000000001"},
    ]
    assert shipment["carrier"] == {
        "mode": "M", "scac": "UPSN", "routing": "GROUND", "payment": "PP",
    }  # fmt: skip
    assert shipment["lines"] == [
        {
            "line_no": "1",
            "sscc": "00000123450000000010",
            "status": "CC",
            "ordered": "24",
            "shipped": "24",
            "uom": "EA",
            "upc": "012345678905",
            "ids": {"VN": "TENT-2P"},
            "lot": "L26A",
        },
        {
            "line_no": "2",
            "sscc": "00000123450000000027",
            "status": "BP",
            "ordered": "2",
            "shipped": "1",
            "difference": "1",
            "uom": "CA",
            "ids": {"VN": "MUG-12"},
        },
    ]
    assert shipment["totals"] == {"units": "25", "weight": "112", "weight_uom": "LB"}


def test_the_850_gives_lines_with_ids_price_and_split() -> None:
    order = document(SET_850)
    assert (order["purpose"], order["type"], order["po_number"], order["date"]) == (
        "00", "SA", "PO-7781", "2026-03-01",
    )  # fmt: skip
    assert order["dates"] == [{"qualifier": "010", "date": "2026-03-03"}]
    assert order["lines"][0] == {
        "line_no": "1",
        "quantity": "24",
        "uom": "EA",
        "unit_price": "61.5",
        "ids": {"UP": "012345678905", "VN": "TENT-2P"},
        "description_type": "F",
        "description": "TWO PERSON TENT",
        "pack": "6",
        "splits": [{"uom": "EA", "qualifier": "92", "stores": {"0001": "10", "0002": "14"}}],
    }
    assert order["totals"] == {
        "line_count": "2", "hash": "26", "qualifier": "TT", "amount": "1584",
    }  # fmt: skip


def test_the_810_total_is_scaled_to_money() -> None:
    invoice = document(SET_810)
    assert invoice["totals"]["amount"] == "1542.50"  # TDS*154250 has two implied decimals
    assert invoice["charges"] == [{"kind": "C", "code": "D240", "amount": "12.50"}]
    assert (invoice["invoice_number"], invoice["po_number"]) == ("INV-3301", "PO-7781")


def test_the_810_total_may_leave_out_charges_and_tax_but_nothing_else() -> None:
    # 24 x 61.50 + 1 x 54.00 = 1530.00; with freight 1542.50
    assert issues(SET_810.replace("TDS*154250", "TDS*153000")) == []
    assert issues(SET_810.replace("TDS*154250", "TDS*154300")) == [
        ("total_mismatch", None, None, "1543")
    ]
    assert issues(SET_810.replace("TDS*154250", "TDS*1542")) == [
        ("total_mismatch", None, None, "15.42")
    ]


def test_the_856_gives_its_lines_with_the_order_and_carton_above_them() -> None:
    assert document(SET_856)["lines"] == [
        {
            "line_no": "1",
            "shipped_line_no": "1",
            "shipped": "24",
            "uom": "EA",
            "ids": {"UP": "012345678905", "VN": "TENT-2P"},
            "sscc": "00000123450000000010",
            "po_number": "PO-7781",
            "po_date": "2026-03-01",
        },
        {
            "line_no": "2",
            "shipped_line_no": "2",
            "shipped": "1",
            "uom": "CA",
            "ids": {"VN": "MUG-12"},
            "sscc": "00000123450000000027",
            "po_number": "PO-7781",
            "po_date": "2026-03-01",
        },
    ]


def test_the_846_keeps_each_kind_of_quantity() -> None:
    assert document(SET_846)["lines"][0] == {
        "line_no": "1",
        "ids": {"VN": "TENT-2P", "UP": "012345678905"},
        "quantities": [
            {"qualifier": "17", "quantity": "310", "uom": "EA"},
            {"qualifier": "33", "quantity": "268", "uom": "EA"},
            {"qualifier": "27", "quantity": "42", "uom": "EA"},
        ],
    }


def test_the_944_keeps_received_and_damaged_apart() -> None:
    receipt = document(SET_944)
    assert receipt["lines"][0]["quantity"] == "476"
    assert receipt["lines"][0]["exceptions"] == [{"quantity": "4", "uom": "EA", "condition": "01"}]
    assert issues(SET_944.replace("W14*476", "W14*480")) == []  # damaged counted as received
    assert issues(SET_944.replace("W14*476", "W14*99000")) == [
        ("total_mismatch", None, None, "99000")
    ]


def test_the_947_keeps_the_sign() -> None:
    assert document(SET_947)["lines"][0] == {
        "reason": "AU", "quantity": "-4", "uom": "EA", "upc": "012345678905",
        "ids": {"VN": "TENT-2P"},
    }  # fmt: skip


def test_the_820_gives_paid_invoices_with_or_without_ent() -> None:
    with_ent = document(SET_820)["lines"]
    without = document(SET_820.replace("ENT*1~", "").replace("SE*8", "SE*7"))["lines"]
    paid = {
        "qualifier": "IV",
        "reference": "INV-3301",
        "paid": "1542.5",
        "invoiced": "1542.5",
        "adjustments": [{"amount": "-12.5", "reason": "01"}],
    }
    assert with_ent == [{"entity_no": "1"} | paid]
    assert without == [paid]


def test_the_997_gives_the_answer_for_each_set() -> None:
    assert document(SET_997_REJECTS) == {
        "group": {"functional_id": "SW", "control": "771"},
        "sets": [
            {
                "type": "945",
                "control": "0001",
                "errors": [
                    {
                        "segment": "W12",
                        "position": "15",
                        "loop": "0310",
                        "code": "8",
                        "elements": [
                            {"position": "5", "element_number": "355", "code": "7", "value": "CX"}
                        ],
                    }
                ],
                "code": "R",
                "reason1": "5",
            }
        ],
        "code": "R",
        "included": "1",
        "received": "1",
        "accepted": "0",
    }


def test_the_999_reads_like_the_997() -> None:
    answer = document(SET_999)
    assert answer["sets"][0]["errors"][0]["elements"][0]["value"] == "CX"
    assert answer["sets"][0]["code"] == "R"


def test_a_ta1_is_read_beside_the_groups() -> None:
    data = CLEAN.replace("GS*OW", "TA1*000000042*260302*1400*R*025~GS*OW").encode()
    assert read(data).interchanges[0].acknowledgements == [
        {"control": "000000042", "date": "260302", "time": "14:00", "code": "R", "note": "025"}
    ]


@pytest.mark.parametrize("text", EVERY_SET.values(), ids=EVERY_SET.keys())
def test_a_document_holds_only_what_json_can_carry(text: str) -> None:
    def check(value: object) -> None:
        assert isinstance(value, dict | list | str)
        for inner in value.values() if isinstance(value, dict) else value:
            if not isinstance(value, str):
                check(inner)

    check(document(text))
