"""Files that mean ill, or are broken: each is refused by name, in time, and nothing of it is read."""

import io
import time
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

from integrations.formats import flat

pytestmark = pytest.mark.pure

CSV = {"format": "delimited"}
FIXED = {"format": "fixed", "columns": [{"name": "a", "start": 1, "length": 4}]}
XML = {"format": "xml", "record": "Orders/Order"}
XLSX = {"format": "xlsx"}
BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = (
    f'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY l0 "lol">{BOMB}]><Orders>&l9;</Orders>'
)
OUTSIDE = (
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Orders><Order>&e;</Order></Orders>'
)


def part(name, content, *, base=None):
    """A workbook with one part replaced or added."""
    if base is None:
        book = Workbook()
        book.active.append(["a"])
        stream = io.BytesIO()
        book.save(stream)
        base = stream.getvalue()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for known in old.namelist():
            if known != name:
                new.writestr(known, old.read(known))
        new.writestr(name, content)
    return out.getvalue()


def sheet(rows):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return part(
        "xl/worksheets/sheet1.xml",
        f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>',
    )


CASES = {
    "an empty file": (CSV, b"", "empty_file", None),
    "zero bytes": (CSV, b"a,b\n1,\x002\n", "nul_bytes", 2),
    "zero bytes in fixed width": (FIXED, b"abcd\nab\0d\n", "nul_bytes", 2),
    "zero bytes in XML": (XML, b"<Orders>\n\0</Orders>", "nul_bytes", 2),
    "UTF-16 unannounced": (CSV, "a,b\n".encode("utf-16"), "encoding_error", 1),
    "Latin-1 as UTF-8": (CSV, "a\nMüller\n".encode("latin-1"), "encoding_error", 2),
    "UTF-8 as Windows-1252": (CSV | {"charset": "cp1252"}, "a\nMüller\n".encode(), "wrong_charset", None),
    "Windows-1252 as Latin-1": (CSV | {"charset": "latin-1"}, "a\n5 €\n".encode("cp1252"), "wrong_charset", None),
    "more than ASCII": (CSV | {"charset": "ascii"}, "a\nü\n".encode(), "encoding_error", 2),
    "mixed line ends": (CSV, b"a,b\r\n1,2\r\n3,4\n5,6\r\n", "mixed_line_ends", 3),
    "a carriage return in a row": (CSV, b"a,b\n1,\r2\n", "mixed_line_ends", 2),
    "mixed line ends in fixed width": (FIXED, b"abcd\r\nabcd\nabcd\r\n", "mixed_line_ends", 2),
    "an open quote": (CSV, b'a,b\n1,2\n"3,4\n5,6\n', "open_quote", 3),
    "a quote in the wrong place": (CSV, b'a,b\n"1"x,2\n', "open_quote", 2),
    "an open quote over much": (CSV, b'a,b\n"3,4\n' + b"x,y\n" * 500_000, "field_too_long", 2),
    "a sum of a column that is not there": (
        {**CSV, "columns": [{"name": "a"}, {"name": "n", "kind": "integer"}], "tolerate": ["column_missing"], "trailer": {"tag": "T", "sums": {"n": 2}}},
        b"a\n1\nT,5\n", "trailer_sum", 3,
    ),
    "a cell of 200 kB": (CSV, b"a,b\n1," + b"x" * 200_000 + b"\n", "field_too_long", 2),
    "a line of 50 MB": (CSV, b"a,b\n" + b"x" * 50_000_000 + b"\n", "line_too_long", 2),
    "50 MB of columns": (CSV, b"," * 50_000_000, "line_too_long", 1),
    "half a million columns": (CSV, b"," * 500_000, "too_many_columns", 1),
    "a record of endless lines": (CSV, b"a\n" + b'"x\n",' * 300_000, "line_too_long", 200_002),
    "a line of 50 MB in fixed width": (FIXED, b"x" * 50_000_000, "line_too_long", 1),
    "more bytes than agreed": (CSV | {"max_bytes": 9}, b"a\n" + b"1\n" * 4, "too_large", None),
    "more rows than agreed": (CSV | {"max_rows": 3}, b"a\n" + b"1\n" * 4, "too_many_rows", None),
    "more lines than agreed": (FIXED | {"max_rows": 3}, b"abcd\n" * 4, "too_many_rows", None),
    "an entity bomb": (XML, BILLION_LAUGHS.encode(), "xml_doctype", 2),
    "an entity bomb in UTF-16": (XML, BILLION_LAUGHS.encode("utf-16"), "xml_doctype", 2),
    "an outside entity": (XML, OUTSIDE.encode(), "xml_doctype", 1),
    "an outside document type": (XML, b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><Orders/>', "xml_doctype", 1),
    "a parameter entity": (XML, b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]><Orders/>', "xml_doctype", 1),
    "endless depth": (XML, b"<Orders><Order>" + b"<a>" * 100_000, "xml_too_deep", 1),
    "endless depth around": (XML | {"beside": ["a"]}, b"<Orders>" + b"<a>" * 100_000, "xml_too_deep", 1),
    "many elements": (XML | {"max_values": 100}, b"<Orders>" + b"<Order/>" * 101, "too_many_values", 1),
    "many attributes": (XML, b"<Orders><Order " + b" ".join(b'a%d=""' % n for n in range(2_000)) + b"/></Orders>", "too_many_columns", 1),
    "many names": (XML, b"<Orders><Order>" + b"".join(b"<a%d/>" % n for n in range(2_000)), "too_many_columns", 1),
    "a long text": (XML, b"<Orders><Order><a>" + b"x" * 2_000_000 + b"</a></Order></Orders>", "field_too_long", 1),
    "many documents": (XML | {"max_rows": 2}, b"<Orders>" + b"<Order/>" * 3, "too_many_rows", None),
    "no workbook": (XLSX, b"a,b\n1,2\n", "not_a_workbook", None),
    "an old workbook": (XLSX, b"\xd0\xcf\x11\xe0" + b"x" * 600, "old_workbook", None),
    "half a workbook": (XLSX, b"PK\x03\x04 and no more", "not_a_workbook", None),
    "a zip bomb": (XLSX, part("xl/media/x.bin", b"\0" * 70_000_000), "zip_bomb", None),
    "a workbook of many parts": (XLSX, None, "zip_bomb", None),
    "entities in a workbook": (XLSX, part("xl/sharedStrings.xml", BILLION_LAUGHS), "workbook_entities", None),
    "a workbook in UTF-7": (XLSX, part("xl/workbook.xml", '<?xml version="1.0" encoding="utf-7"?><a/>'), "not_a_workbook", None),
    "a sheet that is none": (XLSX, part("xl/worksheets/sheet1.xml", "<worksheet>"), "not_a_workbook", None),
    "a format that is not there": (XLSX, sheet('<row r="1"><c r="A1" s="99"><v>1</v></c></row>'), "not_a_workbook", None),
    "zero bytes in a cell": (XLSX, sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0000_</t></is></c></row>'), "nul_bytes", 1),
    "half a character in a cell": (XLSX, sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>a_xD800_</t></is></c></row>'), "nul_bytes", 1),
    "a cell far to the right": (XLSX, sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "too_many_columns", 1),
    "a row far below": (XLSX, sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="B1048576"><v>1</v></c></row>'), "row_too_wide", 1_048_576),
}  # fmt: skip


def many_parts():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1_001):
            archive.writestr(f"{number}.bin", b"")
    return out.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_by_name_and_nothing_is_read(name):
    settings, data, code, row = CASES[name]
    began = time.monotonic()
    reading = flat.read(many_parts() if data is None else data, flat.profile_of(settings))
    assert (reading.problems[-1].code, reading.problems[-1].row) == (code, row)
    assert (reading.documents, reading.verdict) == ([], "reject")
    assert len(reading.problems[-1].value) <= 120
    assert time.monotonic() - began < 20
    assert flat.as_problems(reading.problems)


@pytest.mark.parametrize("name", ["50 MB of columns", "a line of 50 MB", "a zip bomb"])
def test_it_takes_no_more_memory_than_the_file_does_a_few_times(name):
    settings, data, _, _ = CASES[name]
    tracemalloc.start()
    flat.read(data, flat.profile_of(settings))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 350_000_000


@pytest.mark.parametrize(
    ("data", "charset", "value"),
    [("Müller".encode(), "cp1252", "Müller"), ("5 €".encode("cp1252"), "iso-8859-1", "5 €")],
)
def test_another_charset_that_is_tolerated_is_read_as_what_it_is(data, charset, value):
    settings = {"format": "delimited", "charset": charset, "tolerate": ["wrong_charset"]}
    reading = flat.read(b"a\n" + data + b"\n", flat.profile_of(settings))
    assert (reading.documents, reading.verdict) == ([{"a": value}], "warn")


def test_mixed_line_ends_that_are_tolerated_are_told_once():
    settings = {"format": "delimited", "tolerate": ["mixed_line_ends"]}
    reading = flat.read(b"a\r\n1\n2\n3\r\n", flat.profile_of(settings))
    assert [d["a"] for d in reading.documents] == ["1", "2", "3"]
    assert [(p.code, p.row, p.value) for p in reading.problems] == [("mixed_line_ends", 2, "LF")]


def test_line_ends_inside_of_quotes_are_content():
    reading = flat.read(b'a,b\r\n"1\n2",3\r\n', flat.profile_of(CSV))
    assert reading.documents == [{"a": "1\n2", "b": "3"}]


def test_characters_lost_before_are_remarked_on():
    reading = flat.read("a\nM\ufffdller\n".encode(), flat.profile_of(CSV))
    assert [(p.code, p.row, p.severity) for p in reading.problems] == [
        ("replacement_character", 2, "warn")
    ]


def test_an_end_of_file_character_is_none_of_the_content():
    assert flat.read(b"a\n1\n\x1a", flat.profile_of(CSV)).documents == [{"a": "1"}]


def test_every_issue_says_something_with_its_place():
    reading = flat.read(b"a,b\n1,\x002\n", flat.profile_of(CSV))
    assert reading.problems[0].text == "Row 2: The file holds zero bytes, which are no text."
