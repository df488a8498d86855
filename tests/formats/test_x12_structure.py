"""Segments, loops and levels: nothing is lost where they stand otherwise than the tables say."""

import pytest

from integrations.formats.x12 import read
from tests.formats.x12_reading import document, issues
from tests.formats.x12_samples import SET_856, SET_940, SET_945, enveloped, order_of

pytestmark = pytest.mark.pure


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


def test_a_set_without_a_table_keeps_its_segments() -> None:
    reading = read(enveloped("SM", "ST*204*0001~B2**UPSN**S1~SE*3*0001~"))
    assert reading.sets()[0][2].document == {"segments": [["B2", "", "UPSN", "", "S1"]]}
    assert [issue.code for issue in reading.issues] == ["unknown_set"]
    assert reading.verdict == "accept"


def test_an_unknown_segment_is_kept_where_it_stood_and_reported_once() -> None:
    text = SET_940.replace("LX*2~", "ZZX*1*A~ZZX*2*B~LX*2~").replace("SE*18", "SE*20")
    assert document(text)["lines"][0]["unknown"] == [["ZZX", "1", "A"], ["ZZX", "2", "B"]]
    assert issues(text) == [("unknown_segment", 15, None, "ZZX")]


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
