"""Bytes as lines of a pane: formats, paths, marks, limits, hostile input."""

import pytest

from integrations.queries.panes import hidden_pane, pane
from tests.formats import edifact_samples
from tests.formats.x12_samples import CLEAN

pytestmark = pytest.mark.pure


def lines(shown: dict) -> list[str]:
    return ["".join(part["text"] for part in line["parts"]) for line in shown["lines"]]


def bad(shown: dict) -> list[str]:
    return [p["text"] for line in shown["lines"] for p in line["parts"] if p["kind"] == "bad"]


def marked(shown: dict) -> list[str]:
    return [
        "".join(part["text"] for part in line["parts"]).strip()
        for line in shown["lines"]
        if line["mark"]
    ]


def as_json(text: str, **options: object) -> dict:
    return pane("Received", text.encode(), content_type="application/json", **options)


def test_json_is_indented_and_nothing_of_it_changes() -> None:
    shown = as_json('{"a":1.10,"e":[],"o":{},"big":12345678901234567890,"a":2,"t":true,"n":null}')
    assert lines(shown) == [
        "{", '  "a": 1.10,', '  "e": [],', '  "o": {},', '  "big": 12345678901234567890,',
        '  "a": 2,', '  "t": true,', '  "n": null', "}",
    ]  # fmt: skip
    assert shown["note"] == "JSON · 75 bytes"


def test_every_value_of_json_carries_its_path() -> None:
    shown = as_json('{"lines":[{"sku":"A"},{"sku":"B"}]}')
    paths = [p["path"] for line in shown["lines"] for p in line["parts"] if p["path"]]
    assert paths == ["lines[0].sku", "lines[1].sku"]


def test_a_path_marks_its_value_and_no_equal_one() -> None:
    shown = as_json('{"lines":[{"sku":"A"},{"sku":"A"}]}', marks=["lines[1].sku"], values=["A"])
    assert (bad(shown), marked(shown)) == (['"A"'], ['"sku": "A"'])
    assert shown["lines"][6]["mark"] == "bad"


def test_a_value_is_marked_where_the_path_leads_nowhere() -> None:
    shown = as_json('{"line_items":[{"sku":"tent"}]}', marks=["lines[0].sku"], values=["TENT "])
    assert bad(shown) == ['"tent"']


def test_what_is_missing_marks_the_nearest_thing_around_it() -> None:
    shown = as_json('{"lines":[{"sku":"A"},{"uom":"EA"}]}', marks=["lines[1].sku"])
    assert (bad(shown), marked(shown)) == ([], ["{"])
    assert [n for n, line in enumerate(shown["lines"]) if line["mark"]] == [5]


def test_x12_stands_one_segment_a_line_with_its_terminators() -> None:
    shown = pane("Received", CLEAN.encode(), content_type="application/edi-x12")
    assert lines(shown)[3] == "W05*N*SO-10442*PO-7781~"
    assert len(lines(shown)) == CLEAN.count("~")
    assert shown["note"].startswith("X12 · ")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("ISA13", "000005101"), ("sets[0].W01[13].2", "EA"), ("sets[0].W01[13].5", "TENT-2P")],
)
def test_x12_elements_are_marked_as_the_reader_names_them(path: str, expected: str) -> None:
    shown = pane("Received", CLEAN.encode(), content_type="application/edi-x12", marks=[path])
    assert bad(shown) == [expected]


def test_x12_with_line_breaks_as_terminators_is_read_too() -> None:
    body = CLEAN.replace("~", "\n").encode()
    shown = pane("Received", body, content_type="text/plain", values=["po-7781"])
    assert lines(shown)[3] == "W05*N*SO-10442*PO-7781"
    assert bad(shown) == ["PO-7781"]


def test_a_truncated_x12_file_is_still_shown_by_segments() -> None:
    shown = pane("Received", CLEAN[:295].encode(), content_type="application/edi-x12")
    assert lines(shown)[-1] == CLEAN[:295].rpartition("~")[2]


def test_what_is_no_json_is_shown_as_text() -> None:
    assert lines(as_json('{"number": "10')) == ['{"number": "10']
    assert lines(as_json("")) == []


def test_a_value_in_plain_text_is_cut_out_and_marked() -> None:
    shown = pane("Received", b"a,38490-B,2\nb,X,1", content_type="text/csv", values=["38490-B"])
    assert (lines(shown), bad(shown)) == (["a,38490-B,2", "b,X,1"], ["38490-B"])


def test_characters_that_hide_or_turn_text_are_written_out() -> None:
    shown = as_json('{"a":"\\u202egnp.exe","b":"\\ud800","c\\u0000":1}')
    assert lines(shown)[1:4] == [
        '  "a": "\\u202egnp.exe",',
        '  "b": "\\ud800",',
        '  "c\\u0000": 1',
    ]
    "".join(lines(shown)).encode()


def test_bytes_that_are_no_text_do_not_stop_the_page() -> None:
    shown = pane("Received", bytes(range(256)), content_type="application/octet-stream")
    assert shown["note"] == "text · 256 bytes"
    assert "\\u0000" in "".join(lines(shown))


def test_more_than_200_kb_is_shown_in_its_first_part() -> None:
    body = b'{"a":"' + b"x" * 300_000 + b'"}'
    shown = pane("Received", body, content_type="application/json")
    assert shown["cut"]
    assert shown["note"].startswith("JSON · 300,008 bytes, the first ")
    assert sum(len(line) for line in lines(shown)) == 200_000


def test_more_than_4000_lines_are_cut() -> None:
    shown = pane("Received", b"[" + b"1," * 9_000 + b"1]", content_type="application/json")
    assert (len(shown["lines"]), shown["cut"]) == (4_000, True)


def test_deep_nesting_is_shown_as_text() -> None:
    shown = pane("Received", b"[" * 50_000, content_type="application/json")
    assert lines(shown)[0] == "[" * 2_000


def test_a_hidden_pane_says_why() -> None:
    shown = hidden_pane("Received", "Ask L. Holt.")
    assert (shown["lines"], shown["hidden_reason"]) == ([], "Ask L. Holt.")


def as_edifact(text: str, **options: object) -> dict:
    return pane("Sent", text.encode(), content_type="application/edifact", **options)


def test_edifact_is_a_segment_a_line_as_it_was_written() -> None:
    text = edifact_samples.CLEAN.replace("DOCK 4 ONLY", "DOCK?+ 4")
    shown = as_edifact(text)
    assert lines(shown)[:4] == [
        edifact_samples.UNA,
        edifact_samples.UNB,
        "UNH+1+ORDERS:D:96A:UN:EAN008'",
        "BGM+220+PO-7781+9'",
    ]
    assert "FTX+DEL+++DOCK?+ 4'" in lines(shown)
    assert shown["note"].startswith("EDIFACT · ")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sets[0].QTY[17].1.2", "24"),
        ("sets[0].segments[17].1.2", "24"),
        ("sets[0].LIN[14].3", "4006381333931"),
        ("sets[0].FTX[5].4", "DOCK?+ 4"),
        ("UNB05", "5101"),
    ],
)
def test_a_path_marks_its_component_in_edifact(path: str, value: str) -> None:
    text = edifact_samples.CLEAN.replace("DOCK 4 ONLY", "DOCK?+ 4")
    assert bad(as_edifact(text, marks=[path])) == [value]


def test_the_second_message_of_an_interchange_counts_its_segments_anew() -> None:
    text = edifact_samples.CLEAN.replace("UNZ+1", edifact_samples.ORDER + "UNZ+2")
    shown = as_edifact(text, marks=["sets[1].BGM[2].2"])
    assert [n for n, line in enumerate(shown["lines"]) if line["mark"]] == [27]


def test_bytes_that_only_begin_like_edifact_are_text() -> None:
    assert as_edifact("UNA is a name")["note"].startswith("text · ")


def test_a_segment_of_x12_is_found_by_its_number_alone() -> None:
    shown = pane("Sent", CLEAN.encode(), content_type="x", marks=["sets[0].segments[13].2"])
    assert bad(shown) == ["EA"]


def test_edifact_shows_a_segment_a_line_with_the_bad_component_marked() -> None:
    body = edifact_samples.CLEAN.replace("DOCK 4", "DOCK?+4 ?'N").encode()
    shown = pane("theirs", body, content_type="", marks=["sets[0].LIN[14].3.1", "UNB02"])
    assert shown["note"].startswith("EDIFACT · ")
    assert lines(shown)[0] == "UNA:+.? '"
    assert lines(shown)[1].startswith("UNB+UNOC:3+4012345000009:14+")
    assert "FTX+DEL+++DOCK?+4 ?'N ONLY'" in lines(shown)
    assert bad(shown) == ["4012345000009", "4006381333931"]


def test_an_element_that_is_not_there_marks_its_segment() -> None:
    shown = pane("Sent", CLEAN.encode(), content_type="x", marks=["sets[0].W66[13].30"])
    assert (bad(shown), marked(shown)) == ([], [])
    shown = pane("Sent", CLEAN.encode(), content_type="x", marks=["sets[0].W05[2].30"])
    assert (bad(shown), [line[:3] for line in marked(shown)]) == ([], ["W05"])
