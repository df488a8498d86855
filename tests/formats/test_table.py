import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from integrations.formats.table import Table, TableError, read_table, write_csv, write_xlsx
from integrations.formats.table_cells import guarded, unguarded

pytestmark = pytest.mark.pure
DANGEROUS = [
    "=1+1",
    "+x",
    "-x",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "'=1",
    "''=1",
    "'plain",
    "-5",
    "+49",
    "-",
]


def workbook(*rows, **formats):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place, number_format in formats.items():
        book.active[place].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data, name, content):
    """The same workbook with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_is_taken_apart_by_the_delimiter_it_uses(delimiter):
    data = "\n".join(delimiter.join(row) for row in (["code", "means"], ["A", "B"])).encode()
    assert read_table(data, "x.csv") == Table(["code", "means"], [["A", "B"]], [])


def test_a_comma_inside_quotes_and_texts_does_not_hide_the_semicolon():
    data = b'code;means\n"A;1";Tent, green, 2 persons\nB;Mug, 12 oz\n'
    assert read_table(data, "x.csv").rows == [
        ["A;1", "Tent, green, 2 persons"],
        ["B", "Mug, 12 oz"],
    ]


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        ("code,means\nÄ,ß\n".encode(), []),
        ("code,means\nÄ,ß\n".encode("utf-8-sig"), []),
        ("code\tmeans\nÄ\tß\n".encode("utf-16"), []),
        (
            "code,means\nÄ,ß\n".encode("cp1252"),
            ["The file is not UTF-8 and was read as Windows-1252."],
        ),
    ],
)
def test_the_usual_encodings_are_read(data, notes):
    assert read_table(data, "x.csv") == Table(["code", "means"], [["Ä", "ß"]], notes)


def test_leading_zeros_blank_lines_and_short_rows_keep_their_place():
    table = read_table(b"code,means\r\n00123,A\r\n\r\nB\r\n\r\n", "x.csv")
    assert table.rows == [["00123", "A"], ["", ""], ["B", ""]]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "Row 1 is empty. It has to name the columns."),
        (b"code,means\nA,B,C\n", "Row 2 has 3 cells, the head has 2."),
        (b'code,means\nA,B\n"C,D\n', "Row 3 cannot be read: a quotation mark is open or stands in the wrong place."),
        (b'code,means\n"A"x,B\n', "Row 2 cannot be read: a quotation mark is open or stands in the wrong place."),
        (b"code,means\nA,\x81\n", "Row 2 holds bytes that are no text. Save the file as UTF-8."),
        (b"code,means\nA,\0\n", "The file is no text: it holds zero bytes."),
        (b"x" * 5_000_001, "x.csv is larger than 5 MB. Import it in parts."),
        (b"c\n" + b"x\n" * 200_001, "The table has more than 200,000 rows. Import it in parts."),
        (b"," * 50 + b"x\n", "The table has more than 50 columns."),
        (b"c\n" + b"x" * 131_073, "Row 2 cannot be read: a cell is longer than 131,072 characters."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "x.csv is an old Excel file or has a password. Save it as .xlsx without one."),
        (b"PK\x03\x04 but no archive", "The file is no Excel workbook, or it is damaged."),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(data, text):
    with pytest.raises(TableError) as refused:
        read_table(data, "x.csv")
    assert str(refused.value) == text


def test_200_000_rows_are_still_read():
    assert len(read_table(b"c\n" + b"x\n" * 200_000, "x.csv").rows) == 200_000


def test_what_a_spreadsheet_would_run_is_marked_and_signed_numbers_are_not():
    table = read_table(b"code,means\n=1+1,A\n-5,+49\nB,@x\n' =1,-A\n", "x.csv")
    assert table.formulas == {(0, 0), (2, 1), (3, 1)}
    assert table.rows[1] == ["-5", "+49"]


def test_numbers_of_a_workbook_are_what_a_person_sees():
    data = workbook(["code", "means"], ["00123", 12.0], [0.1 + 0.2, 4006381333931], [True, 123],
                    B4="00000")  # fmt: skip
    assert read_table(data, "x.xlsx").rows == [["00123", "12"], ["0.3", "4006381333931"], ["TRUE", "00123"]]  # fmt: skip


def test_a_workbook_says_what_excel_made_of_cells():
    from datetime import datetime

    data = workbook(["code", "means"], [datetime(2026, 1, 2), "A"], ["B", 1234567890123456789])
    table = read_table(data, "x.xlsx")
    assert table.rows[0] == ["2026-01-02", "A"]
    assert table.notes == [
        "Row 2: the cell is a date for Excel and was read as 2026-01-02.",
        "Row 3: Excel keeps 15 digits of a number; 1234567890123460000 may have had more.",
    ]


def test_formulas_and_errors_of_a_workbook_are_marked_and_text_with_a_sign_is_not():
    book = Workbook()
    for row in (["code", "means"], ["A", '=HYPERLINK("http://x")'], ["B", "#N/A"], ["-B", "C"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue(), "x.xlsx")
    assert table.formulas == {(0, 1), (1, 1)}
    assert table.rows[2] == ["-B", "C"]


def test_a_row_that_a_workbook_leaves_out_keeps_its_number():
    book = Workbook()
    book.active["A1"], book.active["B1"] = "code", "means"
    book.active["A4"], book.active["B4"] = "A", "B"
    book.create_sheet("Other")
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue(), "x.xlsx")
    assert table.rows == [["", ""], ["", ""], ["A", "B"]]
    assert table.notes == ["Only the first sheet, Sheet, was read of 2."]


def sheet(body):
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
        f'"http://schemas.openxmlformats.org/spreadsheetml/2006/main">{body}</worksheet>'
    ).encode()


BILLION = (
    b"""<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><s>&b;</s>"""
)
OUTSIDE = (
    b"""<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><s>&x;</s>"""
)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (BILLION, "The workbook declares XML entities, and is not read."),
        (OUTSIDE, "The workbook declares XML entities, and is not read."),
        (OUTSIDE.decode().encode("utf-16"), "The workbook is written in an encoding that Excel does not use."),
        (b'<?xml version="1.0" encoding="cp037"?>' + OUTSIDE.decode().encode("cp037"),
         "The workbook is written in an encoding that Excel does not use."),
        (sheet(" " * 60_000_000), "The workbook unpacks to more than 60 MB. Import it in parts."),
        (sheet('<sheetData><row r="9999999"><c r="A9999999"><v>1</v></c></row></sheetData>'),
         "Row 1 is empty. It has to name the columns."),
        (sheet('<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="900000000"><c r="A900000000">'
               "<v>1</v></c></row></sheetData>"),
         "The table has more than 200,000 rows. Import it in parts."),
        (sheet('<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>'),
         "Row 1 is empty. It has to name the columns."),
        (sheet('<sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData>'),
         "The file is no Excel workbook, or it is damaged."),
        (b"<worksheet", "The file is no Excel workbook, or it is damaged."),
    ],
)  # fmt: skip
def test_a_hostile_workbook_is_refused_in_a_sentence(content, text):
    data = with_part(workbook(["code"]), "xl/worksheets/sheet1.xml", content)
    if len(data) > 5_000_000:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:  # fmt: skip
            for part in old.namelist():
                new.writestr(part, old.read(part))
        data = out.getvalue()
    with pytest.raises(TableError) as refused:
        read_table(data, "x.xlsx")
    assert str(refused.value) == text


TABLE = Table(["code", "means"], [[cell, f"{cell} too"] for cell in DANGEROUS], [])
# One file for all examples: a workbook notes when it was made, and with that its length changes.
WORKBOOK = write_xlsx(TABLE)


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_dangerous_cells_are_made_harmless_and_come_back_identical(write):
    assert read_table(write(TABLE), "x") == TABLE


def test_no_written_cell_begins_as_a_formula_does():
    import csv

    text = write_csv(TABLE).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert len(cells) == 26
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]
    assert "'=1+1" in cells


CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from("'=+-@\t\r\n\";,_x0"),
    max_size=20,
)  # fmt: skip


@given(CELLS)
def test_guarding_is_undone_exactly(cell):
    assert unguarded(guarded(cell)) == cell


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS.filter(bool), CELLS), min_size=1, max_size=5))
def test_any_text_comes_back_from_both_formats(rows):
    table = Table(["code", "means"], [list(row) for row in rows], [])
    assert read_table(write_csv(table), "x").rows == table.rows
    assert read_table(write_xlsx(table), "x").rows == table.rows


@pytest.mark.filterwarnings("ignore")  # openpyxl's remarks on what it mends
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_workbook_gives_a_table_or_a_sentence(data):
    whole = WORKBOOK
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        name = data.draw(st.sampled_from(archive.namelist()))
        part = archive.read(name)
    start, end, place = (data.draw(st.integers(0, len(part))) for _ in range(3))
    assert sound(with_part(whole, name, part[:place] + part[start:end] + part[place + 3 :]))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_file_with_other_bytes_gives_a_table_or_a_sentence(data):
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert sound(bytes(content))


def sound(content):
    """Whether the file is a table, or refused in a sentence; anything else is raised."""
    try:
        table = read_table(content, "x")
    except TableError as error:
        return str(error).endswith(".")
    return all(len(row) == len(table.columns) for row in table.rows)
