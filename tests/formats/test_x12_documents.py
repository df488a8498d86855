"""What the reader makes of each set: the business facts, under names of their own."""

from typing import Any

import pytest

from integrations.formats.x12 import Profile, read
from integrations.formats.x12.codes import FUNCTIONAL_ID
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
    enveloped,
    order_of,
)  # fmt: skip

pytestmark = pytest.mark.pure


def document(text: str) -> dict[str, Any]:
    data = enveloped(FUNCTIONAL_ID[text[3:6]], text)
    return read(data).sets()[0][2].document


def issues(text: str) -> list[tuple[str, int | None, int | None, str]]:
    found = read(enveloped(FUNCTIONAL_ID[text[3:6]], text)).issues
    return [(i.code, i.segment_no, i.element, i.value) for i in found]


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


def test_two_details_below_one_lx_are_two_lines_of_one_carton() -> None:
    text = SET_945.replace("LX*2~MAN*GM*00000123450000000027~", "").replace("SE*17", "SE*15")
    first, second = document(text)["lines"]
    assert (first["line_no"], second["line_no"]) == ("1", "1")
    assert (first["sscc"], second["sscc"]) == ("00000123450000000010",) * 2
    assert (first["shipped"], second["shipped"]) == ("24", "1")
    assert (first.get("lot"), second.get("lot")) == ("L26A", None)


def test_more_than_one_carton_keeps_their_order() -> None:
    marks = "MAN*GM*00000123450000000010~MAN*CP*1Z1~MAN*GM*00000123450000000034~MAN*CP*1Z2~"
    text = SET_945.replace("MAN*GM*00000123450000000010~", marks).replace("SE*17", "SE*20")
    line = document(text)["lines"][0]
    assert (line["sscc"], line["tracking"]) == ("00000123450000000010", "1Z1")
    assert line["marks"] == [
        {"qualifier": "GM", "value": "00000123450000000034"},
        {"qualifier": "CP", "value": "1Z2"},
    ]


def test_a_detail_without_its_lx_is_still_a_line() -> None:
    text = SET_945.replace("LX*1~MAN*GM*00000123450000000010~", "").replace("SE*17", "SE*15")
    assert [line["shipped"] for line in document(text)["lines"]] == ["24", "1"]
    assert ("segment_out_of_order", 9, None, "W12") in issues(text)


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


def test_a_circle_of_parents_is_reported_and_ends() -> None:
    text = SET_856.replace("HL*2*1*O", "HL*2*4*O")
    broken = [value for code, _, _, value in issues(text) if code == "hierarchy_broken"]
    assert broken == ["2", "3", "4", "5", "6"]
    assert len(document(text)["lines"]) == 2


def test_a_chain_of_ten_thousand_levels_is_read() -> None:
    levels = "".join(f"HL*{n}*{n - 1 or ''}*I*1~" for n in range(1, 10_001))
    text = f"ST*856*0001~BSN*00*S1*20260303*1610~{levels}CTT*10000~SE*10004*0001~"
    assert issues(text) == []
    assert len(document(text)["lines"]) == 10_000


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


def test_a_set_without_a_table_keeps_its_segments() -> None:
    reading = read(enveloped("SM", "ST*204*0001~B2**UPSN**S1~SE*3*0001~"))
    assert reading.sets()[0][2].document == {"segments": [["B2", "", "UPSN", "", "S1"]]}
    assert [issue.code for issue in reading.issues] == ["unknown_set"]
    assert reading.verdict == "accept"


def test_an_unknown_segment_is_kept_where_it_stood_and_reported_once() -> None:
    text = SET_940.replace("LX*2~", "ZZX*1*A~ZZX*2*B~LX*2~").replace("SE*18", "SE*20")
    assert document(text)["lines"][0]["unknown"] == [["ZZX", "1", "A"], ["ZZX", "2", "B"]]
    assert issues(text) == [("unknown_segment", 15, None, "ZZX")]


@pytest.mark.parametrize(
    ("bad", "code", "element"),
    [
        ("W01*24*CX*012345678905*VN*TENT-2P", "unknown_code", 2),
        ("W01*MANY*EA*012345678905*VN*TENT-2P", "number_invalid", 1),
        ("W01**EA*012345678905*VN*TENT-2P", "element_missing", 1),
        ("W01*24*EA*12345*VN*TENT-2P", "element_too_short", 3),
        ("W01*24*EA*0123456789055*VN*TENT-2P", "element_too_long", 3),
        ("W01*24*EA*012345678905*Q9*TENT-2P", "unknown_code", 4),
    ],
)
def test_a_bad_element_is_named_with_its_place(bad: str, code: str, element: int) -> None:
    text = SET_940.replace("W01*24*EA*012345678905*VN*TENT-2P", bad)
    found = [(c, n, e) for c, n, e, _ in issues(text) if c != "total_mismatch"]
    assert found == [(code, 13, element)]


@pytest.mark.parametrize("day", ["20260230", "20261301", "2026030", "CCYYMMDD"])
def test_what_is_no_date_is_reported_and_kept_as_sent(day: str) -> None:
    text = SET_940.replace("20260303", day)
    assert issues(text) == [("date_invalid", 8, 2, day)]
    assert document(text)["dates"][0]["date"] == day


@pytest.mark.parametrize("day", ["20240229", "20261231", "20260430"])
def test_the_last_day_of_a_month_is_a_date(day: str) -> None:
    assert issues(SET_940.replace("20260303", day)) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (".5", "0.5"),
        ("5.", "5"),
        ("-.50", "-0.5"),
        ("61.50", "61.50"),
        ("007", "007"),
        ("-3", "-3"),
    ],
)
def test_a_number_is_kept_as_a_plain_decimal_string(sent: str, kept: str) -> None:
    text = SET_850.replace("*61.5*", f"*{sent}*")
    assert document(text)["lines"][0]["unit_price"] == kept
    assert {code for code, *_ in issues(text)} <= {"total_mismatch"}


def test_the_same_qualifier_twice_loses_nothing() -> None:
    text = SET_940.replace("*VN*TENT-2P", "*VN*TENT-2P*VN*TENT-OLD")
    assert document(text)["lines"][0]["ids"] == {"VN": "TENT-2P", "VN:2": "TENT-OLD"}


def test_a_qualifier_without_value_and_elements_beyond_the_table_are_kept() -> None:
    line = document(SET_940.replace("**VN*MUG-12", "**VN"))["lines"][1]
    assert line["W01_04"] == "VN"
    text = SET_940.replace("W76*26*118*LB", "W76*26*118*LB***X")
    assert document(text)["totals"]["W76_06"] == "X"
    assert issues(text) == [("too_many_elements", 17, 6, "X")]


def test_w76_is_judged_by_the_basis_of_the_profile() -> None:
    data = CLEAN.replace("W76*26", "W76*48").encode()  # 24 EA and 2 cases of 12
    assert [issue.code for issue in read(data).issues] == ["total_mismatch"]
    assert read(data, Profile(w76_basis="eaches")).issues == []


def test_a_segment_used_too_often_is_kept_and_reported() -> None:
    text = SET_940.replace("LX*1~", "W66*CC*M~LX*1~").replace("SE*18", "SE*19")
    assert document(text)["carrier"]["W66_more"] == [{"payment": "CC", "mode": "M"}]
    assert issues(text) == [("segment_max_use", 12, None, "")]


def test_ten_thousand_lines_are_read_whole() -> None:
    reading = read(order_of(10_000))
    assert reading.issues == []
    lines = reading.sets()[0][2].document["lines"]
    assert len(lines) == 10_000
    assert lines[-1] == {
        "line_no": "10000", "quantity": "1", "uom": "EA", "ids": {"VN": "SKU-10000"},
    }  # fmt: skip


def test_sets_can_be_taken_one_by_one_without_being_kept() -> None:
    taken: list[str] = []
    reading = read(
        enveloped("OW", SET_940, SET_940.replace("*0001~", "*0002~")),
        on_set=lambda interchange, group, found: taken.append(found.control),
    )
    assert taken == ["0001", "0002"]
    assert reading.sets() == []
    assert reading.verdict == "accept"


@pytest.mark.parametrize("text", EVERY_SET.values(), ids=EVERY_SET.keys())
def test_a_document_holds_only_what_json_can_carry(text: str) -> None:
    def check(value: object) -> None:
        assert isinstance(value, dict | list | str)
        for inner in value.values() if isinstance(value, dict) else value:
            if not isinstance(value, str):
                check(inner)

    check(document(text))
