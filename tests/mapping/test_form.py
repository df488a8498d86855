import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.mapping import Row
from integrations.mapping.form import describe, read_form, write_form
from integrations.mapping.forms import (
    COMPARISONS,
    READINGS,
    Concat,
    Condition,
    Constant,
    Currency,
    Date,
    Field,
    Formula,
    Link,
    Lookup,
    Loop,
    Several,
    Unit,
    When,
)
from tests.mapping.running import one
from tests.mapping.shipped import shipped_rows

pytestmark = pytest.mark.pure

CASES = [
    ("billing.first_name", Field("billing.first_name"), "billing.first_name"),
    ("lines[0].`item no`", Field("lines[0].`item no`"), "lines[0].`item no`"),
    ("$text(name)", Field("name", "text"), "name as trimmed text"),
    ('"b2c"', Constant("b2c"), "always “b2c”"),
    ("false", Constant(False), "always false"),
    ("-3", Constant(-3), "always -3"),
    (
        'first & " " & last',
        Concat((Field("first"), Constant(" "), Field("last"))),
        "first + always “ ” + last as one text",
    ),
    (
        '$join([$string(first), $string(last)], " ")',
        Concat((Field("first"), Field("last")), " "),
        "first + last as one text, with “ ” between",
    ),
    ("$date(inv_date)", Date(Field("inv_date")), "the day of inv_date"),
    (
        '$utc(changed_at, "America/Chicago")',
        Date(Field("changed_at"), "time", Constant("America/Chicago")),
        "the moment of changed_at, written in the time of “America/Chicago”",
    ),
    (
        "$money(total, $root.currency)",
        Currency(Field("total"), Field("$root.currency")),
        "the amount of total in $root.currency",
    ),
    (
        '$lookup("carrier", shipping_lines[0].method)',
        Lookup("carrier", Field("shipping_lines[0].method")),
        "shipping_lines[0].method looked up in carrier",
    ),
    ('$lookup("uom", unit)', Unit(Field("unit")), "unit looked up in uom"),
    (
        '$binding("product", sku, $lookup("erp_item", sku, sku))',
        Link("product", Field("sku"), Lookup("erp_item", Field("sku"), Field("sku"))),
        "the other side's id of product sku, without a row sku looked up in erp_item,"
        " without a row sku",
    ),
    (
        'status = "cancelled" ? "F" : "N"',
        Condition(When(Field("status"), "=", Constant("cancelled")), Constant("F"), Constant("N")),
        "“F” if status is “cancelled”, else “N”",
    ),
    (
        'stock_uom ? stock_uom : "EA"',
        Condition(When(Field("stock_uom"), "filled"), Field("stock_uom"), Constant("EA")),
        "stock_uom, else “EA”",
    ),
    (
        'status in ["publish", "private"] ? "active"',
        Condition(
            When(Field("status"), "in", Several((Constant("publish"), Constant("private")))),
            Constant("active"),
        ),
        "“active” if status is one of “publish” or “private”",
    ),
    (
        '[addr1, addr2][$ != ""]',
        Several((Field("addr1"), Field("addr2")), filled=True),
        "a list of addr1, addr2, without empty ones",
    ),
]


@pytest.mark.parametrize(("source", "form", "words"), CASES)
def test_a_source_reads_as_its_form_and_is_written_back(source, form, words):
    assert read_form(Row("v", source)) == form
    assert write_form(form) == source
    assert describe(form) == words


def test_the_source_of_a_list_reads_as_a_loop():
    assert read_form(Row("lines[]", "line_items[qty > 0]")) == Loop("line_items[qty > 0]")
    assert describe(Loop("line_items")) == "one for each of line_items"
    assert read_form(Row("lines", "line_items")) == Field("line_items")


@pytest.mark.parametrize(
    "source",
    [
        "price * 1.19",
        "a and b",
        "$sum(lines.total)",
        "($x := a; $x & $x)",
        "[1..3]",
        "a ? b : c.(d)",
        "$lookup(table, code)",
        "a & ",
        '"half',
        "1.50",
        "a - 1",
        "a = 1",
        "`a",
        "$text(a, b)",
        "a[$x := 1]",
        "$uppercase",
        "and",
        "",
        "(" * 5000,
    ],
)
def test_what_no_form_says_stays_a_formula(source):
    assert read_form(Row("v", source)) == Formula(source)
    assert write_form(Formula(source)) == source


@pytest.mark.parametrize(
    "form",
    [
        Concat((Field("a"),)),
        Concat((Constant("a"), Field("b")), " "),
        Field("a b"),
        Field("a", "text2"),
        Condition(When(Field("a"), "~"), Field("b")),
        Currency(Formula("a*2"), Constant("USD")),
        Date(Loop("a"), "day"),
    ],
)
def test_a_form_that_no_source_says_is_refused(form):
    with pytest.raises((ValueError, KeyError)):
        write_form(form)


def test_a_lookup_in_units_is_the_form_unit():
    with pytest.raises(ValueError, match="A lookup in uom is the form Unit"):
        Lookup("uom", Field("unit"))


def test_joined_parts_that_are_missing_leave_no_separator():
    source = write_form(Concat((Field("a"), Field("b"), Field("c")), ", "))
    assert one(source, {"a": "x", "c": 7}) == "x, 7"


NAMES = st.sampled_from(["a", "b.c", "lines[0].sku", "`x y`.z", "$root.cur", "m[k = 'v'].w", "$"])
FIELDS = st.builds(Field, NAMES, st.sampled_from(["", *READINGS]))
CONSTANTS = st.builds(
    Constant,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.none(),
)
TESTS = st.builds(When, FIELDS, st.just("filled")) | st.builds(
    When, FIELDS, st.sampled_from(COMPARISONS), FIELDS | CONSTANTS
)
SEPARATORS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3)
TABLES = st.sampled_from(["sku", "carrier", 'a "quoted" one'])


def _larger(forms):
    optional = st.none() | forms
    parts = st.lists(forms, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Concat, parts, st.just(""), st.booleans()),
        st.builds(Several, st.lists(forms, max_size=3).map(tuple), st.booleans()),
        st.builds(Currency, forms, forms),
        st.builds(Lookup, TABLES, FIELDS, optional),
        st.builds(Unit, FIELDS, st.sampled_from(["uom", "uom_out"]), optional),
        st.builds(Link, TABLES, FIELDS, optional),
        st.builds(Condition, TESTS, forms, optional),
    )


PLAIN = st.one_of(
    FIELDS,
    CONSTANTS,
    st.builds(Date, FIELDS),
    st.builds(Date, FIELDS, st.just("time"), st.none() | FIELDS | CONSTANTS),
    st.builds(
        Concat,
        st.lists(st.builds(Field, NAMES), min_size=2, max_size=3).map(tuple),
        SEPARATORS,
        st.booleans(),
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.recursive(PLAIN, _larger, max_leaves=8))
def test_whatever_form_is_written_is_read_back(form):
    assert read_form(Row("v", write_form(form))) == form


def test_nine_in_ten_shipped_rows_read_as_a_form():
    rows = shipped_rows("sql", "woocommerce", "x12")
    formulas = sum(isinstance(read_form(row), Formula) for row in rows)
    assert len(rows) > 300
    assert formulas / len(rows) < 0.1


def test_every_shipped_row_is_the_same_after_a_round_through_its_form():
    for row in shipped_rows():
        form = read_form(row)
        assert read_form(Row(row.target, write_form(form))) == form
