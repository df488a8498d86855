"""XML: paths, lists, types, and nothing that names anything outside."""

import pytest

from integrations.formats import flat

pytestmark = pytest.mark.pure

ORDERS = {
    "format": "xml",
    "record": "Orders/Order",
    "lists": ["Lines/Line"],
    "count": "Orders/@count",
    "date_formats": ["%d.%m.%Y"],
    "decimal_mark": ",",
    "columns": [
        {"name": "@id", "required": True},
        {"name": "Due", "kind": "date"},
        {"name": "Note"},
        {"name": "Lines/Line/Sku"},
        {"name": "Lines/Line/Qty", "kind": "decimal", "required": True},
        {"name": "Lines/Line/Qty/@unit"},
    ],
}
GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<o:Orders xmlns:o="urn:orders:2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xsi:schemaLocation="urn:orders:2 orders.xsd" count="2">
  <o:Order id="007">
    <o:Due>03.03.2026</o:Due>
    <o:Note xsi:nil="true"/>
    <o:Lines><o:Line><o:Sku>Ä&amp;1</o:Sku><o:Qty>1,50</o:Qty></o:Line></o:Lines>
  </o:Order>
  <o:Order id="008"><o:Note><![CDATA[<b>]]></o:Note><o:Lines/></o:Order>
</o:Orders>
"""


def profile(**changes):
    return flat.profile_of({**ORDERS, **changes})


def plain(**changes):
    return flat.profile_of({"format": "xml", "record": "Orders/Order", **changes})


def codes(reading):
    return [(p.code, p.row, p.column, p.value) for p in reading.problems]


def order(inside, attributes=' id="1"'):
    return f'<Orders count="1">\n<Order{attributes}>{inside}</Order></Orders>'.encode()


def test_elements_below_the_record_are_documents_whatever_their_namespace():
    reading = flat.read(GOOD.encode(), profile())
    assert codes(reading) == []
    assert reading.documents == [
        {
            "@id": "007",
            "Due": "2026-03-03",
            "Note": None,
            "Lines": {"Line": [{"Sku": "Ä&1", "Qty": "1.5"}]},
        },
        {"@id": "008", "Note": "<b>", "Lines": None},
    ]
    assert reading.outer == {"Orders/@count": "2"} | {
        k: v for k, v in reading.outer.items() if "schemaLocation" in k
    }


def test_repeated_elements_are_a_list_and_one_alone_is_none_unless_agreed():
    data = b"<Orders><Order><A>1</A></Order><Order><A>1</A><A/><A>3</A></Order></Orders>"
    assert [d["A"] for d in flat.read(data, plain()).documents] == ["1", ["1", None, "3"]]
    assert [d["A"] for d in flat.read(data, plain(lists=["A"])).documents] == [
        ["1"],
        ["1", None, "3"],
    ]


def test_text_beside_attributes_and_elements_is_kept():
    data = b'<Orders><Order><A u="kg">5</A><B>x<C>1</C>y</B></Order></Orders>'
    assert flat.read(data, plain()).documents == [
        {"A": {"@u": "kg", "#text": "5"}, "B": {"C": "1", "#text": "xy"}}
    ]


def test_a_value_beside_attributes_is_of_its_kind():
    settings = plain(columns=[{"name": "Q", "kind": "decimal", "required": True}, {"name": "Q/@u"}])
    data = b'<Orders><Order><Q u="kg">5.0</Q></Order><Order><Q u="kg">x</Q></Order><Order><Q u="kg"/></Order></Orders>'
    reading = flat.read(data, settings)
    assert [d["Q"] for d in reading.documents] == [
        {"@u": "kg", "#text": "5"},
        {"@u": "kg", "#text": "x"},
        {"@u": "kg"},
    ]
    assert codes(reading) == [("not_a_number", 1, "Q", "x"), ("value_missing", 1, "Q", "")]
    written = flat.write(reading.documents, settings)
    assert b'<Q u="kg">5</Q>' in written.body
    assert [(p.document, p.column, p.code) for p in written.problems] == [
        (1, "Q", "value_unwritable")
    ]


def test_the_whole_file_may_be_one_document():
    reading = flat.read(b"<Order><A>1</A></Order>", plain(record="Order"))
    assert reading.documents == [{"A": "1"}]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            order("<Lines><Line><Qty>x</Qty></Line></Lines>"),
            ("not_a_number", 2, "Lines/Line/Qty", "x"),
        ),
        (order("<Due>2026-03-03</Due>"), ("not_a_date", 2, "Due", "2026-03-03")),
        (order("<Due><Day>3</Day></Due>"), ("not_a_value", 2, "Due", "")),
        (order("", ""), ("value_missing", 2, "@id", "")),
        (
            order("<Lines><Line><Sku>A</Sku></Line></Lines>"),
            ("value_missing", 2, "Lines/Line/Qty", ""),
        ),
    ],
)
def test_a_bad_value_is_kept_and_names_its_document(data, expected):
    reading = flat.read(data, profile(tolerate=["column_new"]))
    assert expected in codes(reading)
    assert [p.document for p in reading.problems if p.severity == "quarantine"] == [0]
    assert len(reading.documents) == 1


def test_every_line_has_to_have_what_is_required():
    lines = "<Line><Qty>1</Qty></Line><Line><Sku>B</Sku></Line>"
    reading = flat.read(order(f"<Lines>{lines}</Lines>"), profile())
    assert codes(reading) == [("value_missing", 2, "Lines/Line/Qty", "")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (order("<Colour>red</Colour>"), ("column_new", 2, "Colour", "Colour")),
        (order("", ' id="1" lang="de"'), ("column_new", 2, "@lang", "@lang")),
        (b'<Orders count="0"><Ordr/></Orders>', ("column_new", 1, "Orders/Ordr", "Ordr")),
        (b"<Bestellungen/>", ("xml_root", 1, "", "Bestellungen")),
        (b'<Orders count="1"/>', ("trailer_count", None, "", "1, found are 0")),
        (b"<Orders/>", ("trailer_missing", None, "", "Orders/@count")),
        (b"<Orders><Order>", ("not_xml", 1, "", "no element found")),
        (b"<Orders>&x;</Orders>", ("not_xml", 1, "", "undefined entity")),
        (b"{}", ("not_xml", 1, "", "not well-formed (invalid token)")),
        (b" \n", ("empty_file", None, "", "")),
    ],
)
def test_what_is_another_file_is_rejected(data, expected):
    reading = flat.read(data, profile())
    assert (codes(reading), reading.documents) == ([expected], [])


def test_elements_beside_the_documents_may_be_agreed():
    data = b"<Orders><Head><From>ACME</From></Head><Order/><Total>1</Total></Orders>"
    settings = plain(beside=["Head"], count="Orders/Total")
    reading = flat.read(data, settings)
    assert (codes(reading), len(reading.documents)) == ([], 1)
    assert reading.outer == {"Orders/Head/From": "ACME", "Orders/Total": "1"}


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16", "shift_jis", "utf-8"])
def test_the_file_says_its_charset(charset):
    word = "日本" if charset == "shift_jis" else "Grün"
    text = (
        f'<?xml version="1.0" encoding="{charset}"?><Orders><Order><A>{word}</A></Order></Orders>'
    )
    assert flat.read(text.encode(charset), plain()).documents == [{"A": word}]


def test_a_charset_that_the_file_gets_wrong():
    text = '<?xml version="1.0" encoding="{}"?>\n<Orders><Order><A>Grün</A></Order></Orders>'
    broken = text.format("utf-8").encode("latin-1")
    assert codes(flat.read(broken, plain())) == [("encoding_error", 2, "", "FC 6E 3C 2F")]
    said = text.format("iso-8859-1").encode()
    assert codes(flat.read(said, plain())) == [("wrong_charset", None, "", "UTF-8")]
    unknown = text.format("x-own").encode()
    assert codes(flat.read(unknown, plain())) == [("wrong_charset", 1, "", "x-own")]
    assert flat.read(broken, plain(charset="cp1252")).documents == [{"A": "Grün"}]


def test_documents_are_written_again():
    documents = flat.read(GOOD.encode(), profile()).documents
    written = flat.write(documents, profile(namespace="urn:orders:2"))
    assert written.problems == []
    assert (
        b'<Orders xmlns="urn:orders:2" count="2">\n<Order id="007"><Due>03.03.2026</Due>'
        in written.body
    )
    assert flat.read(written.body, profile()).documents == documents


def test_a_count_may_be_an_element():
    settings = plain(count="Orders/Total")
    body = flat.write([{"A": "1"}], settings).body
    assert b"<Total>1</Total>\n</Orders>" in body
    assert flat.read(body, settings).documents == [{"A": "1"}]


def test_what_cannot_be_written_is_told():
    documents = [
        {"@id": "1", "Colour": "red"},
        {"@id": "2", "Note": "\x01"},
        {"@id": "3", "two words": "x"},
        {"Note": "no id"},
        {"@id": "5", "Lines": {"Line": [{"Sku": "A", "Qty": "x"}]}},
        {"@id": ["6"]},
        {"@id": "7", "Note": "good\r\n"},
    ]
    written = flat.write(documents, profile(trim=False))
    assert [(p.document, p.column, p.code) for p in written.problems] == [
        (0, "Colour", "field_unknown"),
        (1, "Note", "character_unwritable"),
        (2, "two words", "field_unknown"),
        (3, "@id", "value_missing"),
        (4, "Lines/Line/Qty", "value_unwritable"),
        (5, "@id", "value_unwritable"),
    ]
    assert flat.read(written.body, profile(trim=False)).documents == [documents[6]]


def test_names_in_other_letters():
    settings = plain(columns=[{"name": "Straße"}, {"name": "数"}])
    body = flat.write([{"Straße": "A", "数": "1"}], settings).body
    assert flat.read(body, settings).documents == [{"Straße": "A", "数": "1"}]
    latin = flat.write([{"Straße": "A"}, {"数": "1"}], plain(charset="iso-8859-1"))
    assert [(p.document, p.code) for p in latin.problems] == [(1, "field_unknown")]


def test_one_document_is_all_that_a_root_can_be():
    written = flat.write([{"A": "1"}, {"A": "2"}], plain(record="Order"))
    assert [(p.document, p.code) for p in written.problems] == [(1, "record_repeated")]
    assert b"<A>2</A>" not in written.body


def test_a_charset_without_a_character_gets_it_as_a_reference():
    settings = plain(charset="iso-8859-1")
    body = flat.write([{"A": "日"}], settings).body
    assert b"&#26085;" in body
    assert flat.read(body, settings).documents == [{"A": "日"}]
