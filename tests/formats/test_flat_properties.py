"""Whatever comes in is answered; whatever goes out comes back; whatever is cut off is refused."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from integrations.formats import flat

pytestmark = pytest.mark.pure

COLUMNS = [
    {"name": "order", "required": True},
    {"name": "sku"},
    {"name": "qty", "kind": "decimal"},
    {"name": "pieces", "kind": "integer"},
    {"name": "due", "kind": "date", "formats": ["%d.%m.%Y"]},
    {"name": "at", "kind": "datetime"},
    {"name": "live", "kind": "boolean", "yes": ["J"], "no": ["N"]},
]
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\x1a\ufeff\ufffd"), min_size=1, max_size=12
)
LATIN = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cf"]), min_size=1, max_size=12
)
NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3
)


def plain(number):
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def documents(texts):
    return st.fixed_dictionaries(
        {
            "order": texts.filter(str.strip),
            "sku": st.none() | texts,
            "qty": st.none() | NUMBERS.map(plain),
            "pieces": st.none() | st.integers().map(str),
            "due": st.none() | st.dates().map(lambda day: day.isoformat()),
            "at": st.none() | st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat()),
            "live": st.none() | st.booleans(),
        }
    )


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not data.isascii()


@given(
    st.lists(documents(TEXTS), min_size=1, max_size=8),
    st.sampled_from([",", ";", "tab", "|"]),
    st.sampled_from([(".", ""), (",", "."), (",", "")]),
    st.sampled_from(["leading", "trailing", "brackets"]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_separated_text_comes_back(rows, delimiter, marks, negative, header, charset):
    profile = flat.profile_of({
        "format": "delimited", "columns": COLUMNS, "delimiter": delimiter, "charset": charset,
        "decimal_mark": marks[0], "thousands_mark": marks[1], "negative": negative, "header": header,
        "trim": False, "comment": "#", "trailer": {"tag": "\x01END", "count": 2, "sums": {"qty": 4}},
    })  # fmt: skip
    written = flat.write(rows, profile)
    assert written.problems == []
    reading = flat.read(written.body, profile)
    assert (reading.problems, reading.documents) == ([], rows)


@given(st.lists(documents(LATIN), min_size=1, max_size=5))
def test_text_in_another_charset_comes_back(rows):
    profile = flat.profile_of(
        {"format": "delimited", "columns": COLUMNS, "charset": "cp1252", "trim": False}
    )
    written = flat.write(rows, profile)
    assert written.problems == []
    reading = flat.read(written.body, profile)
    if is_utf8(written.body):
        assert reading.problems[0].code == "wrong_charset"
    else:
        assert (reading.problems, reading.documents) == ([], rows)


@given(
    st.lists(
        st.tuples(TEXTS, st.lists(documents(TEXTS), min_size=1, max_size=3)),
        max_size=4,
        unique_by=lambda o: o[0],
    )
)
def test_orders_with_lines_come_back(orders):
    whole = [
        {
            "order": number,
            "due": "2026-03-03",
            "lines": [
                {k: v for k, v in line.items() if k not in ("order", "due")} for line in lines
            ],
        }
        for number, lines in orders
    ]
    profile = flat.profile_of({
        "format": "delimited", "columns": COLUMNS, "trim": False, "group_by": {"columns": ["order"], "head": ["due"]},
    })  # fmt: skip
    written = flat.write(whole, profile)
    assert written.problems == []
    assert flat.read(written.body, profile).documents == whole


WORDS = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"]),
    min_size=1,
    max_size=8,
)
QUANTITIES = st.decimals(min_value=-999, max_value=999, places=2).map(plain)
FIXED = {
    "format": "fixed", "tag_start": 1, "tag_length": 1, "records": [
        {"name": "order", "tag": "H", "columns": [
            {"name": "number", "start": 2, "length": 8}, {"name": "due", "kind": "date", "start": 10, "length": 10}]},
        {"name": "lines", "tag": "L", "role": "part", "many": True, "columns": [
            {"name": "sku", "start": 2, "length": 8},
            {"name": "qty", "kind": "decimal", "places": 2, "fill": "0", "start": 10, "length": 8}]},
        {"name": "end", "tag": "T", "role": "trailer", "counts": {"lines": "lines", "orders": "documents"},
         "sums": {"qty": "lines.qty"}, "columns": [
            {"name": "lines", "kind": "integer", "start": 2, "length": 4},
            {"name": "orders", "kind": "integer", "start": 6, "length": 4},
            {"name": "qty", "kind": "decimal", "places": 2, "start": 10, "length": 9}]},
    ],
}  # fmt: skip
LINES = st.lists(st.fixed_dictionaries({"sku": WORDS, "qty": QUANTITIES}), max_size=4)
ORDERS = st.lists(
    st.fixed_dictionaries(
        {"number": WORDS, "due": st.none() | st.dates().map(str), "lines": LINES}
    ),
    max_size=4,
)


@given(ORDERS, st.sampled_from([{}, {"record_length": 24}, {"line_end": "lf"}]))
def test_fixed_width_comes_back(orders, changes):
    profile = flat.profile_of(FIXED | changes)
    written = flat.write(orders, profile)
    assert written.problems == []
    reading = flat.read(written.body, profile)
    assert (reading.problems, reading.documents) == ([], orders)


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9._-]{0,6}", fullmatch=True)
XML_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\ufffd\ufeff", include_characters="\t\r\n"),
    min_size=1, max_size=10,
).filter(str.strip)  # fmt: skip
VALUES = st.none() | XML_TEXTS
GROUPS = st.recursive(
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(
        NAMES | NAMES.map("@{}".format),
        VALUES | inner | st.lists(VALUES | inner, min_size=2, max_size=3),
        min_size=1,
        max_size=4,
    ),
    max_leaves=12,
)


def with_texts_for_attributes(value):
    if isinstance(value, list):
        return [with_texts_for_attributes(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        name: (inner if isinstance(inner, str) else "x")
        if name[0] == "@"
        else with_texts_for_attributes(inner)
        for name, inner in value.items()
    }


@given(st.lists(GROUPS.map(with_texts_for_attributes), max_size=3))
def test_xml_comes_back(groups):
    profile = flat.profile_of(
        {"format": "xml", "record": "Orders/Order", "count": "Orders/@count", "trim": False}
    )
    written = flat.write(groups, profile)
    assert written.problems == []
    reading = flat.read(written.body, profile)
    assert (reading.problems, reading.documents) == ([], groups)


PROFILES = [
    {"format": "delimited"},
    {"format": "delimited", "columns": COLUMNS, "group_by": {"columns": ["order"]}, "trailer": {"tag": "T", "count": 2}},
    {"format": "delimited", "header": False, "columns": COLUMNS[:2], "charset": "cp1252", "comment": "#", "skip": 1},
    {"format": "delimited", "quote": "", "charset": "utf-16", "tolerate": ["row_too_short", "mixed_line_ends"]},
    FIXED,
    FIXED | {"charset": "cp500", "record_length": 20},
    {"format": "xml", "record": "a/b", "columns": [{"name": "c", "kind": "date", "required": True}]},
    {"format": "xml", "record": "a"},
    {"format": "xlsx"},
]  # fmt: skip
PIECES = [
    "order,sku",
    "\n",
    "\r",
    "\r\n",
    ",",
    ";",
    '"',
    "T",
    "L",
    "H",
    "#",
    " ",
    "0",
    "<a>",
    "</a>",
    "<b/>",
    "<b c='1'>",
    "&amp;",
    "&x;",
    "\ufeff",
    "é",
    "PK\x03\x04",
]


@pytest.mark.parametrize("given_settings", PROFILES)
@given(
    data=st.binary(max_size=200)
    | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda p: "".join(p).encode())
)
@settings(max_examples=60)
def test_any_bytes_give_documents_or_a_reason(given_settings, data):
    reading = flat.read(data, flat.profile_of(given_settings))
    assert reading.documents == [] or reading.verdict != "reject"
    assert all(problem.text for problem in reading.problems)
    assert data or reading.problems
    for document in reading.documents:
        assert isinstance(document, dict)


GOOD_XML = b'<?xml version="1.0" encoding="utf-8"?><a><b x="1"><c>2026-03-03</c></b><b/></a>'
GOOD_CSV = b"order,sku\r\n1,A\r\n2,B\r\nT,2\r\n"


def good_workbook():
    book = Workbook()
    for row in (["order", "qty"], ["1", 2.5], ["2", date(2026, 3, 3)]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("given_settings", "good"),
    [
        ({"format": "xlsx"}, good_workbook()),
        ({"format": "xml", "record": "a/b"}, GOOD_XML),
        ({"format": "delimited", "trailer": {"tag": "T", "count": 2}}, GOOD_CSV),
    ],
    ids=["xlsx", "xml", "delimited"],
)
@given(data=st.data())
def test_a_changed_byte_gives_documents_or_a_reason(given_settings, good, data):
    place = data.draw(st.integers(0, len(good) - 1))
    changed = data.draw(st.binary(max_size=2))
    reading = flat.read(good[:place] + changed + good[place + 1 :], flat.profile_of(given_settings))
    assert reading.documents == [] or reading.verdict != "reject"


@given(ORDERS.filter(bool), st.data())
def test_a_fixed_file_that_is_cut_off_is_refused(orders, data):
    profile = flat.profile_of(FIXED)
    body = flat.write(orders, profile).body
    cut = body[: data.draw(st.integers(0, len(body.rstrip()) - 1))]
    reading = flat.read(cut, profile)
    assert (reading.verdict, reading.documents) == ("reject", [])


@given(st.lists(documents(TEXTS), min_size=1, max_size=5), st.data())
def test_a_table_that_is_cut_off_is_refused(rows, data):
    profile = flat.profile_of({
        "format": "delimited", "columns": COLUMNS, "trim": False, "trailer": {"tag": "\x01END", "count": 2, "sums": {"pieces": 3}},
    })  # fmt: skip
    body = flat.write([{**row, "pieces": "7"} for row in rows], profile).body
    cut = body[: data.draw(st.integers(0, len(body.rstrip()) - 1))]
    reading = flat.read(cut, profile)
    assert (reading.verdict, reading.documents) == ("reject", [])


@given(
    st.lists(documents(TEXTS), max_size=3),
    st.lists(
        st.dictionaries(
            st.sampled_from(["order", "sku", "qty", "due", "x", "lines"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
                lambda inner: st.lists(inner, max_size=2),
                max_leaves=4,
            ),
        ),
        max_size=3,
    ),
)
def test_any_document_is_written_or_told(good, any_at_all):
    for changes in PROFILES[1:3]:
        profile = flat.profile_of(changes)
        written = flat.write([*good, *any_at_all], profile)
        assert set(written.left_out) <= set(range(len(good) + len(any_at_all)))
