"""One sheet of a workbook, with what Excel does to codes told and not passed on."""

import io
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from integrations.formats import flat

pytestmark = pytest.mark.pure


def workbook(*rows, sheet="Sheet", others=(), **formats):
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    for place, number_format in formats.items():
        book.active[place].number_format = number_format
    for name in others:
        book.create_sheet(name).append(["other"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def profile(*columns, **changes):
    named = [{"name": name, "kind": kind} for name, kind in columns]
    return flat.profile_of({"format": "xlsx", "columns": named, **changes})


def codes(reading):
    return [(p.code, p.row, p.column, p.value) for p in reading.problems]


def test_cells_are_read_as_what_they_are_whatever_was_agreed_for_texts():
    data = workbook(
        ["sku", "qty", "due", "at", "shift", "live"],
        ["007", 1234.5, datetime(2026, 3, 3), datetime(2026, 3, 3, 14, 5), time(6, 30), True],
        ["008", "1.234,5", "03.03.2026", "2026-03-03 14:05:00", "06:30", "no"],
    )
    settings = profile(
        ("sku", "text"), ("qty", "decimal"), ("due", "date"), ("at", "datetime"), ("shift", "time"),
        ("live", "boolean"), decimal_mark=",", thousands_mark=".", date_formats="%d.%m.%Y",
    )  # fmt: skip
    reading = flat.read(data, settings)
    assert codes(reading) == []
    same = {"qty": "1234.5", "due": "2026-03-03", "at": "2026-03-03T14:05:00", "shift": "06:30:00"}
    assert reading.documents == [
        {"sku": "007", **same, "live": True},
        {"sku": "008", **same, "live": False},
    ]


def test_the_zeros_of_a_code_are_in_its_format():
    data = workbook(["sku"], [7], A2="00000")
    assert flat.read(data, profile(("sku", "text"))).documents == [{"sku": "00007"}]


def test_what_excel_did_to_a_code_is_told():
    data = workbook(
        ["sku", "sscc", "qty"], [date(2026, 2, 1), 123456789012345678, 1 / 3], ["=A1", "#REF!", 2]
    )
    settings = profile(("sku", "text"), ("sscc", "text"), ("qty", "decimal"))
    reading = flat.read(data, settings)
    assert codes(reading) == [
        ("date_for_excel", 2, "sku", "2026-02-01"),
        ("digits_lost", 2, "sscc", "123456789012346000"),
        ("formula", 3, "sku", "=A1"),
        ("formula", 3, "sscc", "#REF!"),
    ]
    assert [p.document for p in reading.problems] == [0, 0, 1, 1]
    assert reading.documents[0]["qty"] == "0.333333333333333"


def test_without_columns_only_formulas_are_doubted():
    data = workbook(["a", "b"], [date(2026, 2, 1), "=A1"])
    reading = flat.read(data, profile())
    assert reading.documents == [{"a": "2026-02-01", "b": "=A1"}]
    assert codes(reading) == [("formula", 2, "b", "=A1")]


def test_the_header_may_stand_lower_and_the_sheet_has_a_name():
    data = workbook(
        ["Prices"], [None], ["sku", "price"], ["007", 1], sheet="Intro", others=["Prices"]
    )
    assert flat.read(data, profile(header_row=3)).documents == [{"sku": "007", "price": "1"}]
    assert codes(flat.read(data, profile(header_row=3))) == [
        ("more_sheets", None, "", "Intro, Prices")
    ]
    assert codes(flat.read(data, profile(header_row=3, sheet="Intro"))) == []
    reading = flat.read(data, profile(sheet="prices"))
    assert (codes(reading), reading.documents) == (
        [("sheet_missing", None, "", "Intro, Prices")],
        [],
    )


def test_rows_are_counted_as_excel_does():
    data = workbook(["sku", "qty"], [None, None], ["007", "x"])
    reading = flat.read(data, profile(("sku", "text"), ("qty", "decimal")))
    assert codes(reading) == [("not_a_number", 3, "qty", "x")]


def test_columns_trailer_and_groups_are_those_of_any_table():
    data = workbook(["order", "sku", "qty"], ["1", "A", 2], ["1", "B", 3], ["END", 2, 5])
    settings = profile(
        ("order", "text"), ("sku", "text"), ("qty", "decimal"),
        group_by={"columns": ["order"]}, trailer={"tag": "END", "count": 2, "sums": {"qty": 3}},
    )  # fmt: skip
    assert flat.read(data, settings).documents == [
        {"order": "1", "lines": [{"sku": "A", "qty": "2"}, {"sku": "B", "qty": "3"}]}
    ]
    wrong = workbook(["order", "sku", "qty"], ["1", "A", 2], ["END", 1, 5])
    assert codes(flat.read(wrong, settings)) == [("trailer_sum", 3, "qty", "5, found is 2")]
    drifted = workbook(["order", "item", "qty"], ["1", "A", 2])
    assert codes(flat.read(drifted, settings)) == [("column_renamed", 1, "sku", "item")]


def test_an_empty_sheet_has_no_header():
    assert codes(flat.read(workbook(), profile())) == [("header_missing", None, "", "")]


def test_a_workbook_is_not_written():
    with pytest.raises(flat.ProfileError, match="format: Workbooks are read"):
        flat.write([], profile())
