"""Messages become documents: the names, the nesting, the numbers and the dates in them."""

from typing import Any

import pytest

from integrations.formats.edifact import read
from tests.formats.edifact_samples import EVERY_MESSAGE, enveloped

pytestmark = pytest.mark.pure


def document(text: str) -> dict[str, Any]:
    return read(enveloped(text)).sets()[0][2].document


def changed(message: str, old: str, new: str) -> dict[str, Any]:
    text = EVERY_MESSAGE[message]
    assert old in text
    return document(text.replace(old, new))


@pytest.mark.parametrize("message", EVERY_MESSAGE)
def test_every_message_is_read_without_any_issue(message: str) -> None:
    reading = read(enveloped(EVERY_MESSAGE[message]))
    assert reading.issues == []
    assert reading.verdict == "accept"
    assert reading.sets()[0][2].type == message


def test_an_order_is_named_throughout() -> None:
    assert document(EVERY_MESSAGE["ORDERS"]) == {
        "document_type": "220",
        "number": "PO-7781",
        "function": "9",
        "dates": [
            {"qualifier": "137", "value": "2026-03-02", "format": "102"},
            {"qualifier": "2", "value": "2026-03-06T12:00", "format": "203"},
        ],
        "texts": [{"qualifier": "DEL", "text": "DOCK 4 ONLY"}],
        "refs": [
            {
                "qualifier": "CT",
                "value": "C-11",
                "dates": [{"qualifier": "171", "value": "2026-01-01", "format": "102"}],
            }
        ],
        "parties": [
            {
                "role": "BY",
                "id": "4012345000009",
                "id_agency": "9",
                "name": "HARBOR OUTFITTERS",
                "street": "QUAY 4",
                "city": "RENO",
                "postal_code": "89502",
                "country": "US",
                "refs": [{"qualifier": "VA", "value": "DE123456789"}],
                "contacts": [
                    {
                        "function": "OC",
                        "name": "JANE DOE",
                        "channels": [{"value": "555-0100", "kind": "TE"}],
                    }
                ],
            },
            {"role": "SU", "id": "5412345000013", "id_agency": "9"},
        ],
        "currencies": [{"usage": "2", "currency": "EUR", "qualifier": "9"}],
        "lines": [
            {
                "line_no": "1",
                "item_id": "4006381333931",
                "item_id_type": "EN",
                "ids": [
                    {"qualifier": "1", "id": "TENT-2P", "type": "SA", "id2": "90210", "type2": "BP"}
                ],
                "descriptions": [{"kind": "F", "text": "TWO PERSON TENT"}],
                "quantities": [{"qualifier": "21", "quantity": "24", "uom": "PCE"}],
                "prices": [{"qualifier": "AAA", "price": "61.5"}],
            },
            {
                "line_no": "2",
                "item_id": "4006381333948",
                "item_id_type": "EN",
                "quantities": [
                    {"qualifier": "21", "quantity": "2", "uom": "CT"},
                    {"qualifier": "59", "quantity": "12"},
                ],
            },
        ],
        "counts": [{"qualifier": "2", "value": "2"}],
    }


def test_a_despatch_advice_keeps_its_levels_of_packing() -> None:
    levels = document(EVERY_MESSAGE["DESADV"])["levels"]
    assert [(level["id"], level.get("parent")) for level in levels] == [
        ("1", None), ("2", "1"), ("3", "1"),
    ]  # fmt: skip
    (carton,) = levels[1]["packagings"]
    assert carton["measures"] == [
        {"purpose": "PD", "dimension": "AAB", "uom": "KGM", "value": "56.5"}
    ]
    assert carton["marks"] == [
        {"instruction": "33E", "numbers": [{"qualifier": "BJ", "id": "000123450000000010"}]}
    ]
    (line,) = levels[1]["lines"]
    assert line["refs"] == [{"qualifier": "ON", "value": "PO-7781", "line": "1"}]
    (short,) = levels[2]["lines"]
    assert short["variances"] == [{"difference": "-1", "qualifier": "21", "discrepancy": "BP"}]


def test_lines_of_a_despatch_advice_without_levels_stand_below_the_message() -> None:
    text = EVERY_MESSAGE["DESADV"]
    flat = text[: text.index("CPS+1'")] + "LIN+1++4006381333931:EN'QTY+12:24'UNT+13+1'"
    reading = read(enveloped(flat))
    assert reading.issues == []
    (line,) = reading.sets()[0][2].document["lines"]
    assert line["quantities"] == [{"qualifier": "12", "quantity": "24"}]


def test_an_invoice_has_its_totals_apart_from_its_lines() -> None:
    invoice = document(EVERY_MESSAGE["INVOIC"])
    assert [(a["qualifier"], a["amount"]) for a in invoice["amounts"]] == [
        ("79", "1530"), ("77", "1832.45"), ("125", "1542.5"),
    ]  # fmt: skip
    assert invoice["total_taxes"] == [
        {
            "function": "7",
            "type": "VAT",
            "rate": "19",
            "amounts": [{"qualifier": "124", "amount": "289.95"}],
        }
    ]
    assert invoice["charges"] == [
        {"kind": "C", "service": "FC", "amounts": [{"qualifier": "23", "amount": "12.5"}]}
    ]
    assert invoice["lines"][0]["amounts"] == [{"qualifier": "203", "amount": "1476"}]


def test_a_stock_report_has_quantities_with_what_belongs_to_each() -> None:
    first, second = document(EVERY_MESSAGE["INVRPT"])["lines"]
    assert first["locations"] == [{"qualifier": "14", "id": "A-01"}]
    assert first["quantities"] == [
        {"qualifier": "145", "quantity": "310", "uom": "PCE"},
        {
            "qualifier": "66",
            "quantity": "42",
            "dates": [{"qualifier": "361", "value": "2027-01-01", "format": "102"}],
        },
        {"qualifier": "124", "quantity": "-3"},
    ]
    assert second["movements"] == [
        {
            "direction": "2",
            "movement": "4",
            "quantities": [{"qualifier": "1", "quantity": "5"}],
        }
    ]


def test_an_answer_is_a_document_too() -> None:
    assert document(EVERY_MESSAGE["CONTRL"])["sets"][0] == {
        "control": "1",
        "type": "ORDERS",
        "version": "D",
        "release": "96A",
        "agency": "UN",
        "association": "EAN008",
        "action": "4",
        "error": "13",
        "errors": [
            {
                "position": "7",
                "error": "12",
                "elements": [{"error": "12", "element": "2", "component": "1"}],
            }
        ],
    }
    assert document(EVERY_MESSAGE["APERAK"])["errors"] == [
        {
            "code": "42",
            "code_agency": "ZZZ",
            "texts": [{"qualifier": "AAO", "text": "ITEM NOT FOUND"}],
            "refs": [{"qualifier": "LI", "value": "2"}],
        }
    ]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("24", "24"), ("24.50", "24.50"), (".5", "0.5"), ("5.", "5"), ("-3", "-3"), ("?+3", "3"),
        ("2,5", "2.5"), ("1000000000000000000", "1000000000000000000"),
    ],
)  # fmt: skip
def test_a_number_is_a_plain_decimal_string(sent: str, shown: str) -> None:
    order = changed("ORDERS", "QTY+21:24:PCE", f"QTY+21:{sent}:PCE")
    assert order["lines"][0]["quantities"][0]["quantity"] == shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("20260302:102", "2026-03-02"),
        ("202603021405:203", "2026-03-02T14:05"),
        ("20260302140530:204", "2026-03-02T14:05:30"),
        ("260302:101", "260302"),
        ("202610:616", "202610"),
        ("20260302-20260308:718", "20260302-20260308"),
        ("202603021405EST:303", "202603021405EST"),
        ("20260302", "20260302"),
    ],
)
def test_a_date_is_shown_by_its_format(sent: str, shown: str) -> None:
    order = changed("ORDERS", "DTM+137:20260302:102", f"DTM+137:{sent}")
    assert order["dates"][0]["value"] == shown


def test_what_the_table_does_not_know_is_kept() -> None:
    order = changed("ORDERS", "BGM+220+PO-7781+9'", "BGM+220+PO-7781+9++X:Y'ZZZ+1:2+3'")
    assert (order["BGM_05_1"], order["BGM_05_2"]) == ("X", "Y")
    assert order["unknown"] == [["ZZZ", ["1", "2"], ["3"]]]


def test_a_message_without_a_table_is_kept_as_segments() -> None:
    reading = read(enveloped("UNH+1+SLSRPT:D:96A:UN'BGM+73E+S-1+9'LOC+162+S1::9'UNT+4+1'"))
    (_, _, message) = reading.sets()[0]
    assert message.type == "SLSRPT"
    assert message.document == {
        "segments": [["BGM", ["73E"], ["S-1"], ["9"]], ["LOC", ["162"], ["S1", "", "9"]]]
    }
    assert [(i.code, i.value) for i in reading.issues] == [("unknown_set", "SLSRPT")]
    assert reading.verdict == "accept"


def test_a_segment_may_tell_its_nesting() -> None:
    order = changed("ORDERS", "LIN+1++4006381333931:EN'", "LIN:1+1++4006381333931:EN'")
    assert order["lines"][0]["item_id"] == "4006381333931"


def test_both_directories_are_read_by_one_table() -> None:
    order = changed("ORDERS", "BGM+220+PO-7781+9'", "BGM+220+PO-7781:1:A+9+AC'")
    assert (order["document_version"], order["revision"], order["response"]) == ("1", "A", "AC")


def test_the_mark_before_the_lines_of_older_directories_changes_nothing() -> None:
    text = EVERY_MESSAGE["ORDERS"].replace("LIN+1+", "UNS+D'LIN+1+").replace("UNT+24", "UNT+25")
    reading = read(enveloped(text))
    assert reading.issues == []
    assert reading.sets()[0][2].document == document(EVERY_MESSAGE["ORDERS"])
