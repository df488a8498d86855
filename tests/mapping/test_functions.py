from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.running import body, one, run

pytestmark = pytest.mark.pure

LINES = {
    "lines[]": "items",
    "lines[].sku": '$lookup("sku", sku)',
    "lines[].uom": '$lookup("uom", uom)',
}
TABLES = {("sku", "A"): "TENT-2P", ("uom", "each"): "EA", ("n", "7"): "seven"}


def problems(source, document=None, **given):
    return run({"v": source}, document, **given).problems


def test_a_code_is_translated_by_its_table():
    document = {"items": [{"sku": " A ", "uom": "each"}]}
    assert body(LINES, document, lookups=TABLES) == {"lines": [{"sku": "TENT-2P", "uom": "EA"}]}


def test_every_missing_code_is_told_at_its_line_with_the_code_of_its_table():
    document = {
        "items": [
            {"sku": "A", "uom": "CS"},
            {"sku": "X-1", "uom": "each"},
            {"sku": "X-2", "uom": "each"},
        ]
    }
    outcome = run(LINES, document, lookups=TABLES)
    assert outcome.problems == [
        ("unknown_sku", "lines[1].sku", "X-1", "“X-1” has no row in lookup table sku."),
        ("unknown_sku", "lines[2].sku", "X-2", "“X-2” has no row in lookup table sku."),
        ("uom_mismatch", "lines[0].uom", "CS", "“CS” has no row in lookup table uom."),
    ]
    assert outcome.body["lines"][0] == {"sku": "TENT-2P"}


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("carrier", "carrier_unmapped"),
        ("ship_to", "shipto_unknown"),
        ("tax_class", "lookup_missing"),
    ],
)
def test_each_table_names_its_own_problem(table, code):
    (problem,) = problems(f'$lookup("{table}", "x")')
    assert (problem.code, problem.path, problem.value) == (code, "v", "x")


def test_a_miss_in_a_list_of_a_list_names_both_places():
    rows = {"a[]": "a", "a[].b[]": "b", "a[].b[].c": '$lookup("sku", $)'}
    found = run(rows, {"a": [{"b": ["A"]}, {"b": ["A", "Z"]}]}, lookups=TABLES).problems
    assert [problem.path for problem in found] == ["a[1].b[1].c"]


def test_a_miss_in_the_source_of_a_list_is_told_once():
    rows = {"a[]": '$lookup("sku", "Z")', "a[].b": "$", "a[].c": "$"}
    assert [problem.path for problem in run(rows).problems] == ["a"]


def test_a_default_takes_the_place_of_a_missing_row():
    assert one('$lookup("sku", "Z", "none")') == "none"
    assert one('$lookup("sku", "Z", null)') is None
    assert one('$lookup("sku", "A", "none")', lookups=TABLES) == "TENT-2P"


def test_a_number_is_looked_up_as_text_and_nothing_is_not_looked_up():
    assert one('$lookup("n", 7)', lookups=TABLES) == "seven"
    assert one('$lookup("n", nothing)', {}) is None


def test_an_empty_code_is_missing():
    assert problems('$lookup("sku", "")')[0].value == ""


def test_a_lookup_inside_a_function_is_still_a_lookup():
    assert one('$map(["A"], function($c) { $lookup("sku", $c) })', lookups=TABLES) == "TENT-2P"
    assert problems('$map(["Z"], function($c) { $lookup("sku", $c) })')[0].value == "Z"


@pytest.mark.parametrize(
    "source", ['$lookup("sku")', '$lookup({"a": 1}, "a")', '$lookup("a", [1])']
)
def test_a_lookup_that_is_asked_wrongly_is_a_mapping_error(source):
    assert [p.code for p in problems(source)] == ["mapping_error"]


def test_a_binding_gives_the_id_at_the_endpoint():
    assert one('$binding("order", 7)', bindings={("order", "7"): "gid-9"}) == "gid-9"
    assert problems('$binding("order", "7")') == [
        ("binding_missing", "v", "7", "Order 7 is not linked at this endpoint.")
    ]
    assert one('$binding("order", "7", "new")') == "new"


def test_text_is_trimmed_and_empty_text_is_nothing():
    assert one("$text(a)", {"a": "  x "}) == "x"
    assert one("$text(a)", {"a": 12}) == "12"
    assert [one("$text(a)", {"a": blank}) for blank in ("", "  ", None)] == [None] * 3
    assert one('$text(a) & "!"', {"a": ""}) == "!"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("0.1 + 0.2", "0.3"),
        ("19.99 * 3", "59.97"),
        ("1e21", "1000000000000000000000"),
        ('"12.50"', "12.5"),
        ('" 007.10 "', "7.1"),
        ('"1E3"', "1000"),
        ('".5"', "0.5"),
        ('"5."', "5"),
        ('"-0.00"', "0"),
        ('"+3"', "3"),
        ("-2", "-2"),
        ("0.000001", "0.000001"),
        ('"12345678901234567.89"', "12345678901234567.89"),
    ],
)
def test_a_decimal_has_one_way_to_be_written(source, expected):
    assert one(f"$decimal({source})") == expected


@pytest.mark.parametrize(
    "source", ['"1,234.50"', '"abc"', '""', "true", '"1_0"', '"NaN"', '"١"', "[]"]
)
def test_what_is_no_decimal_is_a_problem(source):
    assert [(p.code, p.path) for p in problems(f"$decimal({source})")] == [("wrong_type", "v")]


@given(st.decimals(-(10**12), 10**12, places=6, allow_nan=False))
def test_a_decimal_keeps_its_value(number):
    found = one("$decimal(x)", {"x": format(number, "f")})
    assert Decimal(found) == number
    assert one("$decimal(x)", {"x": found}) == found


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1.005", "USD", "1.01"),
        ('"2.675"', "USD", "2.68"),
        ("-1.005", "USD", "-1.01"),
        ("12", "USD", "12.00"),
        ("1234.5", "JPY", "1235"),
        ('"1.2345"', "KWD", "1.235"),
    ],
)
def test_money_is_rounded_half_up_to_the_minor_unit(amount, currency, expected):
    assert one(f'$money({amount}, "{currency}")') == expected


def test_money_in_no_currency_is_a_problem():
    assert [p.code for p in problems('$money(1, "XQX")')] == ["currency_unknown"]
    assert [p.code for p in problems('$money("x", "USD")')] == ["wrong_type"]
    assert one("$money(nothing, nothing)", {}) is None


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ('"2026-03-02T13:58:04"', "2026-03-02T13:58:04Z"),
        ('"2026-03-02 13:58:04"', "2026-03-02T13:58:04Z"),
        ('"2026-03-02T13:58:04Z"', "2026-03-02T13:58:04Z"),
        ('"2026-03-02T13:58:04+01:00"', "2026-03-02T12:58:04Z"),
        ('"2026-03-02T13:58:04", "America/Los_Angeles"', "2026-03-02T21:58:04Z"),
        ('"2026-07-02T13:58:04", "America/Los_Angeles"', "2026-07-02T20:58:04Z"),
        ('"2026-03-02T13:58:04Z", "America/Los_Angeles"', "2026-03-02T13:58:04Z"),
        ('"202603021358"', "2026-03-02T13:58:00Z"),
        ('"20260302135804"', "2026-03-02T13:58:04Z"),
        ('"20260302"', "2026-03-02T00:00:00Z"),
    ],
)
def test_a_time_becomes_utc(args, expected):
    assert one(f"$utc({args})") == expected


def test_a_date_is_as_it_was_written():
    assert one('$date("20260302")') == "2026-03-02"
    assert one('$date("2026-03-02T23:30:00-08:00")') == "2026-03-02"


@pytest.mark.parametrize("source", ['$date("2026-02-30")', '$date("x")', "$utc(7)", '$utc("")'])
def test_what_is_no_date_is_a_problem(source):
    assert [(p.code, p.path) for p in problems(source)] == [("wrong_type", "v")]


def test_a_time_beyond_the_calendar_is_a_problem():
    assert [p.code for p in problems('$utc("0001-01-01T00:00:00+05:00")')] == ["wrong_type"]


def test_an_unknown_zone_is_an_error_of_the_mapping():
    (problem,) = problems('$utc("2026-03-02T13:58:04", "Mars/Base")')
    assert (problem.code, problem.text) == (
        "mapping_error",
        "Row 1, v: Mars/Base is not a time zone.",
    )


def test_now_is_what_the_run_was_given():
    assert one("$now()", context={"now": "2026-03-02T13:58:04Z"}) == "2026-03-02T13:58:04Z"
    assert problems("$now()")[0].code == "mapping_error"


@pytest.mark.parametrize(
    "source",
    [
        '$eval("1")',
        "$millis()",
        "$random()",
        "$shuffle([1,2])",
        '($e := $eval; $e("1"))',
        '$map(["1"], $eval)',
    ],
)
def test_what_is_not_pure_is_switched_off(source):
    (problem,) = problems(source)
    assert problem.code == "mapping_error"
    assert "is switched off in mappings" in problem.text


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ('"7", 3', "7  "),
        ('"7", -3, "0"', "007"),
        ('"long", 2', "long"),
        ('"a", 5, "xy"', "axyxy"),
    ],
)
def test_pad_still_pads(args, expected):
    assert one(f"$pad({args})") == expected
