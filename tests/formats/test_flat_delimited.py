"""Separated text, read and written as agreed."""

import pytest

from integrations.formats import flat

pytestmark = pytest.mark.pure

ORDERS = {
    "format": "delimited",
    "delimiter": ";",
    "charset": "cp1252",
    "decimal_mark": ",",
    "thousands_mark": ".",
    "date_formats": ["%d.%m.%Y"],
    "columns": [
        {"name": "order", "title": "Auftrag", "required": True},
        {"name": "sku", "title": "Artikel"},
        {"name": "qty", "title": "Menge", "kind": "decimal"},
        {"name": "due", "title": "Termin", "kind": "date"},
    ],
    "group_by": {"columns": ["order"], "head": ["due"]},
    "trailer": {"tag": "ENDE", "count": 2, "sums": {"qty": 3}},
}
GOOD = (
    "Auftrag;Artikel;Menge;Termin\r\n"
    "007;Ä-1;1.234,50;03.03.2026\r\n"
    '007;"B;2";2;03.03.2026\r\n'
    "008;C;1;04.03.2026\r\n"
    "ENDE;3;1.237,5\r\n"
)


def profile(**changes):
    return flat.profile_of({"format": "delimited", **changes})


def orders(**changes):
    return flat.profile_of({**ORDERS, **changes})


def read(text, **changes):
    return flat.read(text.encode(), profile(**changes))


def codes(reading):
    return [(p.code, p.row, p.column, p.value) for p in reading.problems]


def test_rows_become_orders_with_lines():
    reading = flat.read(GOOD.encode("cp1252"), orders())
    assert reading.problems == []
    assert reading.columns == ["Auftrag", "Artikel", "Menge", "Termin"]
    assert reading.documents == [
        {
            "order": "007",
            "due": "2026-03-03",
            "lines": [{"sku": "Ä-1", "qty": "1234.5"}, {"sku": "B;2", "qty": "2"}],
        },
        {"order": "008", "due": "2026-03-04", "lines": [{"sku": "C", "qty": "1"}]},
    ]


def test_the_same_file_is_written_again():
    reading = flat.read(GOOD.encode("cp1252"), orders())
    written = flat.write(reading.documents, orders())
    assert written.problems == []
    assert written.body.decode("cp1252") == GOOD.replace("1.234,50", "1234,5").replace(
        "1.237,5", "1237,5"
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("ENDE;3;", "ENDE;4;", ("trailer_count", 5, "", "4, found are 3")),
        ("ENDE;3;", "ENDE;;", ("trailer_count", 5, "", "nothing, found are 3")),
        ("1.237,5", "1.237,6", ("trailer_sum", 5, "qty", "1.237,6, found is 1237.5")),
        ("ENDE;3;1.237,5\r\n", "", ("trailer_missing", None, "", "ENDE")),
        ("008;C;1;04.03.2026\r\n", "", ("trailer_count", 4, "", "3, found are 2")),
        ("1.237,5\r\n", "1.237,5\r\n009;D;1;\r\n", ("trailer_not_last", 5, "", "ENDE")),
    ],
)
def test_a_trailer_that_does_not_agree_rejects_the_file(before, after, expected):
    reading = flat.read(GOOD.replace(before, after).encode("cp1252"), orders())
    assert reading.documents == []
    assert codes(reading) == [expected]
    assert reading.verdict == "reject"


def test_a_bad_value_stays_in_its_document_and_names_it():
    bad = (
        GOOD.replace("1;04.03.2026", "1;31.02.2026").replace(";2;", ";zwei;").replace("7,5", "5,5")
    )
    reading = flat.read(bad.encode("cp1252"), orders())
    assert codes(reading) == [
        ("not_a_number", 3, "qty", "zwei"),
        ("not_a_date", 4, "due", "31.02.2026"),
    ]
    assert [p.document for p in reading.problems] == [0, 1]
    assert reading.documents[0]["lines"][1] == {"sku": "B;2", "qty": "zwei"}
    assert reading.documents[1]["due"] == "31.02.2026"
    assert reading.verdict == "quarantine"


def test_counts_of_everything_and_of_documents():
    for counts, said in (("all", "5"), ("documents", "2"), ("rows", "3")):
        trailer = {"tag": "ENDE", "count": 2, "counts": counts}
        text = GOOD.replace("ENDE;3;1.237,5", f"ENDE;{said}")
        assert flat.read(text.encode("cp1252"), orders(trailer=trailer)).verdict == "accept"
        other = text.replace(f"ENDE;{said}", "ENDE;9")
        assert flat.read(other.encode("cp1252"), orders(trailer=trailer)).verdict == "reject"


def test_rows_of_a_document_need_not_stand_together():
    grouped = {"columns": ["o"]}
    reading = read("o,s\n1,a\n2,b\n1,c\n", columns=[{"name": "o"}, {"name": "s"}], group_by=grouped)
    assert reading.documents == [
        {"o": "1", "lines": [{"s": "a"}, {"s": "c"}]},
        {"o": "2", "lines": [{"s": "b"}]},
    ]


def test_rows_that_contradict_each_other_and_rows_of_no_document():
    columns = [{"name": "o"}, {"name": "due"}, {"name": "s"}]
    reading = read(
        "o,due,s\n1,A,x\n1,B,y\n,A,z\n",
        columns=columns,
        group_by={"columns": ["o"], "head": ["due"]},
    )
    assert codes(reading) == [("group_differs", 3, "due", "B"), ("group_key_missing", 4, "o", "")]
    assert [p.document for p in reading.problems] == [0, 1]
    assert reading.documents[1] == {"o": None, "due": "A", "lines": [{"s": "z"}]}


def test_without_columns_everything_is_text_under_its_own_name():
    reading = read("sku, qty\n007,1.50\n,\n")
    assert (reading.columns, reading.documents) == (["sku", "qty"], [{"sku": "007", "qty": "1.50"}])


def test_without_a_header_columns_have_their_places():
    columns = [{"name": "sku"}, {"name": "qty", "kind": "integer"}]
    reading = read("007,5\n", header=False, columns=columns)
    assert reading.documents == [{"sku": "007", "qty": "5"}]


def test_lines_before_the_header_and_comments_are_left_out():
    reading = read(
        'Report,"of today\n#a,b\n# an open " quote\nsku\n007\n#8\n"#9"\n', skip=1, comment="#"
    )
    assert reading.documents == [{"sku": "007"}, {"sku": "#9"}]


def test_lines_that_are_left_out_are_written_empty():
    settings = profile(skip=2, line_end="lf", columns=[{"name": "a"}])
    assert flat.write([{"a": "1"}], settings).body == b"\n\na\n1\n"


def test_a_title_with_blanks_around_it_is_the_same():
    assert read(
        "sku ,qty\n1,2\n", columns=[{"name": "s", "title": " sku "}, {"name": "qty"}]
    ).documents == [{"s": "1", "qty": "2"}]


def test_rows_are_counted_as_an_editor_does():
    columns = [{"name": "sku"}, {"name": "qty", "kind": "decimal"}]
    reading = read('\n# x\nsku,qty\n"two\nlines",1\nA,x\n', comment="#", columns=columns)
    assert codes(reading) == [("not_a_number", 6, "qty", "x")]
    assert reading.documents[0]["sku"] == "two\nlines"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("sku,qty,colour", [("column_new", 1, "colour", "colour")]),
        ("sku", [("column_missing", 1, "qty", "")]),
        ("SKU,qty", [("column_renamed", 1, "sku", "SKU")]),
        ("sku,quantity", [("column_renamed", 1, "qty", "quantity")]),
        ("sku,,qty", [("column_unnamed", 1, "", "2")]),
        ("sku,sku", [("column_twice", 1, "", "sku")]),
        (",,", [("header_missing", 1, "", "")]),
    ],
)
def test_another_set_of_columns_rejects_the_file(header, expected):
    columns = [{"name": "sku"}, {"name": "qty"}]
    reading = read(f"{header}\n1,2,3\n", columns=columns)
    assert (codes(reading), reading.documents) == (expected, [])
    if expected[0][0] not in ("header_missing", "column_unnamed", "column_twice"):
        assert reading.columns == header.split(",")


def test_columns_in_another_order_are_read_by_name_and_remarked_on():
    columns = [{"name": "sku"}, {"name": "qty"}, {"name": "site"}]
    reading = read("qty,sku,site\n5,007,X\n", columns=columns)
    assert codes(reading) == [("column_moved", 1, "sku", "2")]
    assert (reading.verdict, reading.documents) == (
        "warn",
        [{"qty": "5", "sku": "007", "site": "X"}],
    )


def test_drift_that_is_tolerated_is_remarked_on():
    columns = [{"name": "sku"}, {"name": "qty"}]
    tolerate = ["column_new", "column_missing"]
    reading = read(
        "sku,brand new\n007,x\n", columns=columns, tolerate=[*tolerate, "column_renamed"]
    )
    assert reading.verdict == "warn"
    assert reading.documents == [{"sku": "007", "brand new": "x"}]


def test_a_column_of_a_file_without_header_cannot_pass_unseen():
    reading = read("007,5,x\n", header=False, columns=[{"name": "sku"}, {"name": "qty"}])
    assert codes(reading) == [("row_too_wide", 1, "", "x")]


def test_a_short_row_rejects_unless_tolerated():
    assert codes(read("a,b,c\n1,2\n")) == [("row_too_short", 2, "", "2 of 3")]
    reading = read("a,b,c\n1,2\n", tolerate=["row_too_short"])
    assert reading.documents == [{"a": "1", "b": "2", "c": None}]


def test_empty_cells_at_the_end_are_no_columns():
    assert read("a,b,,\n1,2,,\n").documents == [{"a": "1", "b": "2"}]


def test_the_hub_gets_problems_and_remarks():
    columns = [{"name": "qty", "kind": "decimal"}, {"name": "sku", "required": True}]
    reading = read("sku,qty\n,x\n", columns=columns)
    assert [(p.code, p.path, p.value, p.text) for p in flat.as_problems(reading.problems)] == [
        ("missing_field", "sku", "", "Row 2, sku: The value is missing."),
        ("wrong_type", "qty", "x", "Row 2, qty: “x” is not a number in the agreed form."),
    ]
    remarks = flat.as_problems(reading.problems, remarks=True)
    assert [(p.code, p.path) for p in remarks] == [("schema_drift", "qty")]


def test_more_problems_than_can_be_told_reject_the_file():
    text = "q\n" + "x\n" * 1_001
    reading = read(text, columns=[{"name": "q", "kind": "decimal"}])
    assert reading.problems[-1].code == "too_many_problems"
    assert (reading.documents, len(reading.problems)) == ([], 1_001)
    assert len(read(text[:-2], columns=[{"name": "q", "kind": "decimal"}]).documents) == 1_000


def test_what_cannot_be_written_leaves_its_document_out_and_is_told():
    documents = [
        {"order": "1", "lines": [{"sku": "A", "qty": "1"}]},
        {"order": "2", "lines": [{"sku": "A", "qty": "1"}, {"sku": "日本", "qty": "many"}]},
        {"order": "3", "lines": []},
        {"order": "4", "lines": [{"colour": "red"}]},
        {"order": "ENDE", "lines": [{"sku": "A"}]},
        {"lines": [{"sku": "A"}]},
        {"order": "7", "lines": ["A"]},
        {"order": "8", "lines": [{"order": "9", "sku": "A"}]},
    ]
    written = flat.write(documents, orders())
    assert written.body == b"Auftrag;Artikel;Menge;Termin\r\n1;A;1;\r\nENDE;1;1\r\n"
    assert [(p.document, p.row, p.column, p.code) for p in written.problems] == [
        (1, 2, "sku", "character_unwritable"),
        (1, 2, "qty", "value_unwritable"),
        (2, None, "lines", "lines_missing"),
        (3, 1, "colour", "field_unknown"),
        (4, None, "order", "value_unwritable"),
        (5, 1, "order", "value_missing"),
        (6, 1, "lines", "field_unknown"),
        (7, 1, "order", "group_differs"),
    ]
    assert written.left_out == [1, 2, 3, 4, 5, 6, 7]


def test_without_quotes_a_delimiter_in_a_value_is_not_written():
    settings = profile(quote="", columns=[{"name": "a"}, {"name": "b"}], comment="#")
    written = flat.write(
        [{"a": "x,y"}, {"a": 'say "hi"'}, {"a": "two\nlines"}, {"a": "#1"}, {}], settings
    )
    assert written.body == b'a,b\r\nsay "hi",\r\n'
    assert [(p.document, p.code) for p in written.problems] == [
        (0, "character_unwritable"),
        (2, "character_unwritable"),
        (3, "value_unwritable"),
        (4, "document_empty"),
    ]


def test_a_byte_order_mark_is_read_and_written():
    settings = profile(columns=[{"name": "a"}], byte_order_mark=True, line_end="lf")
    written = flat.write([{"a": "ä"}], settings)
    assert written.body == "\ufeffa\nä\n".encode()
    assert flat.read(written.body, settings).documents == [{"a": "ä"}]


def test_a_spreadsheet_formula_is_written_as_it_is():
    settings = profile(columns=[{"name": "a"}])
    assert flat.write([{"a": "=1+1"}, {"a": "-5"}], settings).body == b"a\r\n=1+1\r\n-5\r\n"


def test_to_write_the_columns_have_to_be_named():
    with pytest.raises(flat.ProfileError, match="columns: To write"):
        flat.write([], profile())
