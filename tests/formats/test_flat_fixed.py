"""Fixed-width lines: places, records that nest, totals, and nothing cut."""

import pytest

from integrations.formats import flat

pytestmark = pytest.mark.pure

ORDERS = {
    "format": "fixed",
    "tag_start": 1,
    "tag_length": 2,
    "line_end": "lf",
    "date_formats": ["%Y%m%d"],
    "records": [
        {"name": "file", "tag": "00", "role": "header", "columns": [
            {"name": "sender", "start": 3, "length": 8},
            {"name": "made", "kind": "date", "start": 11, "length": 8}]},
        {"name": "order", "tag": "10", "columns": [
            {"name": "number", "start": 3, "length": 8, "required": True},
            {"name": "due", "kind": "date", "start": 11, "length": 8, "nothing": ["00000000"]}]},
        {"name": "ship_to", "tag": "15", "role": "part", "columns": [
            {"name": "city", "start": 3, "length": 12}]},
        {"name": "lines", "tag": "20", "role": "part", "many": True, "columns": [
            {"name": "sku", "start": 3, "length": 8},
            {"name": "qty", "kind": "decimal", "places": 2, "fill": "0", "start": 11, "length": 8}]},
        {"name": "lots", "tag": "25", "role": "part", "within": "lines", "many": True, "columns": [
            {"name": "lot", "start": 3, "length": 8}]},
        {"name": "total", "tag": "80", "role": "part",
         "counts": {"lines": "lines"}, "sums": {"pieces": "lines.qty"}, "columns": [
            {"name": "lines", "kind": "integer", "fill": "0", "start": 3, "length": 4},
            {"name": "pieces", "kind": "decimal", "places": 2, "fill": "0", "start": 7, "length": 10}]},
        {"name": "end", "tag": "99", "role": "trailer",
         "counts": {"orders": "documents", "records": "records"}, "columns": [
            {"name": "orders", "kind": "integer", "start": 3, "length": 4},
            {"name": "records", "kind": "integer", "start": 7, "length": 6}]},
    ],
}  # fmt: skip
GOOD = """\
00ACME    20260301
1000012345 20260303
15Reno
20SKU-1   00000150
25LOT-A
25LOT-B
20SKU-2   -0000050
8000020000000100
100000777700000000
20SKU-3   00000100
8000010000000100
99   2    12
""".replace("1000012345 2", "10000123452")
DOCUMENTS = [
    {
        "number": "00012345",
        "due": "2026-03-03",
        "ship_to": {"city": "Reno"},
        "lines": [
            {"sku": "SKU-1", "qty": "1.5", "lots": [{"lot": "LOT-A"}, {"lot": "LOT-B"}]},
            {"sku": "SKU-2", "qty": "-0.5", "lots": []},
        ],
        "total": {"lines": "2", "pieces": "1"},
    },
    {
        "number": "00007777",
        "due": None,
        "lines": [{"sku": "SKU-3", "qty": "1", "lots": []}],
        "total": {"lines": "1", "pieces": "1"},
    },
]
OUTER = {"file": {"sender": "ACME", "made": "2026-03-01"}, "end": {"orders": "2", "records": "12"}}


def profile(**changes):
    return flat.profile_of({**ORDERS, "tolerate": ["row_too_short"], **changes})


def flat_profile(**changes):
    columns = [
        {"name": "sku", "start": 1, "length": 6},
        {"name": "qty", "kind": "integer", "start": 7, "length": 4},
    ]
    return flat.profile_of({"format": "fixed", "line_end": "lf", "columns": columns, **changes})


def codes(reading):
    return [(p.code, p.row, p.column, p.value) for p in reading.problems if p.severity != "warn"]


def test_records_become_nested_documents():
    reading = flat.read(GOOD.encode(), profile())
    assert codes(reading) == []
    assert reading.documents == DOCUMENTS
    assert reading.outer == OUTER
    assert reading.columns[:3] == ["file.sender", "file.made", "order.number"]


def test_they_are_written_again_with_their_totals():
    plain = [{k: v for k, v in document.items() if k != "total"} for document in DOCUMENTS]
    written = flat.write(plain, profile(), outer={"file": OUTER["file"]})
    assert written.problems == []
    lines = [line.rstrip() for line in written.body.decode().splitlines()]
    assert lines == [line.replace("00000000", "").rstrip() for line in GOOD.splitlines()]
    again = flat.read(written.body, flat.profile_of(ORDERS))
    assert (again.documents, again.outer) == (DOCUMENTS, OUTER)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("8000020", "8000030", ("trailer_count", 8, "", "0003, found are 2")),
        (
            "80000200000001",
            "80000200000002",
            ("trailer_sum", 8, "pieces", "0000000200, found is 1"),
        ),
        ("99   2", "99   3", ("trailer_count", 12, "", "3, found are 2")),
        ("    12\n", "    13\n", ("trailer_count", 12, "", "13, found are 12")),
        ("99   2    12\n", "", ("trailer_missing", None, "", "end")),
        ("8000020000000100\n", "", ("trailer_missing", 8, "", "total")),
        ("00ACME    20260301\n", "", ("trailer_count", 11, "", "12, found are 11")),
        ("25LOT-B\n", "", ("trailer_count", 11, "", "12, found are 11")),
        ("15Reno\n", "15Reno\n15Elko\n", ("record_repeated", 4, "", "ship_to")),
        ("15Reno\n", "16Reno\n", ("unknown_record", 3, "", "16")),
        ("15Reno\n", "00ACME\n", ("record_out_of_place", 3, "", "file")),
        ("100001234520260303", "20SKU-0   00000100", ("record_out_of_place", 2, "", "lines")),
        ("15Reno\n", "25LOT\n", ("record_out_of_place", 3, "", "lots")),
        ("15Reno\n", "15Reno          Nevada\n", ("row_too_wide", 3, "", "Nevada")),
        ("99   2    12\n", "99   2    12\n15Reno\n", ("trailer_not_last", 13, "", "end")),
    ],
)
def test_what_does_not_agree_rejects_the_file(before, after, expected):
    text = GOOD.replace(before, after, 1)
    assert text != GOOD
    reading = flat.read(text.encode(), profile())
    assert (codes(reading)[-1], reading.documents) == (expected, [])


def test_a_missing_header_is_named_where_nothing_counts_it():
    records = [r for r in ORDERS["records"] if r["name"] in ("file", "order")]
    reading = flat.read(b"100000777720260303\n", profile(records=records))
    assert codes(reading) == [("header_missing", None, "", "")]


def test_a_lot_does_not_slip_to_the_line_before():
    """A part belongs to the last record it stands below, and not to one of an earlier branch."""
    serials = {"name": "serials", "tag": "26", "role": "part", "within": "lots", "many": True,
               "columns": [{"name": "no", "start": 3, "length": 4}]}  # fmt: skip
    records = [r for r in ORDERS["records"] if r["name"] in ("order", "lines", "lots")]
    text = "100000777720260303\n20A       00000100\n25L\n20B       00000100\n26S\n"
    reading = flat.read(text.encode(), profile(records=[*records, serials]))
    assert codes(reading) == [("record_out_of_place", 5, "", "serials")]


def test_a_bad_value_names_its_document():
    text = GOOD.replace("20SKU-3   00000100", "20SKU-3   000001OO").replace(
        "8000010000000100", "8000010000000000"
    )
    reading = flat.read(text.encode(), profile())
    assert codes(reading) == [("not_a_number", 10, "qty", "000001OO")]
    assert [p.document for p in reading.problems if p.severity != "warn"] == [1]
    assert reading.documents[1]["lines"][0]["qty"] == "000001OO"


def test_lines_of_one_kind_need_no_tag_and_may_be_grouped():
    text = "TENT     5\nMUG      1\nTENT     2\n"
    assert flat.read(text.encode(), flat_profile()).documents[1] == {"sku": "MUG", "qty": "1"}
    grouped = flat_profile(group_by={"columns": ["sku"]})
    reading = flat.read(text.encode(), grouped)
    assert reading.documents == [
        {"sku": "TENT", "lines": [{"qty": "5"}, {"qty": "2"}]},
        {"sku": "MUG", "lines": [{"qty": "1"}]},
    ]
    assert (
        flat.read(flat.write(reading.documents, grouped).body, grouped).documents
        == reading.documents
    )


def test_a_grouped_value_names_its_document_too():
    reading = flat.read(
        b"TENT     5\nMUG      x\nTENT     y\n", flat_profile(group_by={"columns": ["sku"]})
    )
    assert [(p.value, p.document) for p in reading.problems] == [("x", 1), ("y", 0)]


def test_short_lines_reject_unless_tolerated():
    reading = flat.read(b"TENT\n", flat_profile())
    assert codes(reading) == [("row_too_short", 1, "", "4 of 10 characters")]
    lenient = flat.read(b"TENT\n", flat_profile(tolerate=["row_too_short"]))
    assert lenient.documents == [{"sku": "TENT", "qty": None}]


def test_records_without_line_ends():
    block = flat_profile(record_length=12)
    reading = flat.read(b"TENT     5xxMUG      1xx", block)
    assert reading.documents == [{"sku": "TENT", "qty": "5"}, {"sku": "MUG", "qty": "1"}]
    torn = flat.read(b"TENT     5xxMUG   ", block)
    assert (codes(torn), torn.documents) == ([("torn_record", None, "", "6")], [])
    assert flat.write(reading.documents, block).body == b"TENT     5  MUG      1  "


def test_places_are_characters_and_not_bytes():
    assert flat.read("MÜTZE    5\n".encode(), flat_profile()).documents == [
        {"sku": "MÜTZE", "qty": "5"}
    ]


def test_ebcdic():
    host = flat_profile(charset="cp500", record_length=10)
    body = flat.write([{"sku": "MÜTZE", "qty": "5"}], host).body
    assert body == "MÜTZE    5".encode("cp500")
    assert flat.read(body, host).documents == [{"sku": "MÜTZE", "qty": "5"}]


def test_what_is_too_long_is_told_and_never_cut():
    documents = [{"sku": "TOO-LONG", "qty": "5"}, {"sku": "TENT", "qty": "12345"}, {"sku": "MUG", "qty": "1"},
                 {"sku": "A\nB"}, {"sku": "X", "colour": "red"}, {"sku": None}]  # fmt: skip
    written = flat.write(documents, flat_profile())
    assert written.body == b"MUG      1\n"
    assert [(p.document, p.column, p.code, p.value) for p in written.problems] == [
        (0, "sku", "value_too_long", "TOO-LONG"),
        (1, "qty", "value_too_long", "12345"),
        (3, "sku", "character_unwritable", "A B"),
        (4, "colour", "field_unknown", "red"),
        (5, "", "document_empty", ""),
    ]


def test_a_bad_part_leaves_the_whole_document_out_of_the_file_and_its_totals():
    lines = [{"sku": "A", "qty": "1"}, {"sku": "B", "qty": "999999999"}]
    bad = {"number": "1", "lines": lines}
    good = {"number": "2", "lines": lines[:1]}
    written = flat.write([bad, good], profile(), outer={"file": {"sender": "ACME"}})
    assert written.left_out == [0]
    assert written.body.decode().splitlines()[-1].split() == ["99", "1", "5"]


def test_a_header_that_does_not_fit_writes_no_file():
    written = flat.write([], profile(), outer={"file": {"sender": "ACME-WORLDWIDE"}})
    assert written.body == b""
    assert [(p.document, p.code) for p in written.problems] == [(None, "value_too_long")]


def test_values_that_have_no_place_around_the_documents_write_no_file():
    written = flat.write([], profile(), outer={"file": {"sender": "A", "colour": "red"}, "fle": {}})
    assert written.body == b""
    assert [(p.column, p.code) for p in written.problems] == [
        ("fle", "field_unknown"),
        ("colour", "field_unknown"),
    ]
    table = flat.profile_of({"format": "delimited", "columns": [{"name": "a"}]})
    with pytest.raises(flat.ProfileError, match="format: Only a fixed-width file"):
        flat.write([], table, outer={"file": {"sender": "A"}})


def test_what_may_stand_once_is_not_written_twice():
    document = {"number": "1", "ship_to": [{"city": "Reno"}, {"city": "Elko"}], "lines": ["x"]}
    written = flat.write([document], profile())
    assert [(p.column, p.code) for p in written.problems] == [
        ("ship_to", "record_repeated"),
        ("lines", "value_unwritable"),
    ]
