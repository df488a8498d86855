import json
from pathlib import Path

import jsonschema_rs
import pytest

from integrations.canonical import schema
from integrations.canonical.problem import Problem, format_path, json_pointer, shorten
from integrations.canonical.schema import OBJECT_TYPES, schema_of, version_of
from integrations.canonical.validation import validate
from tests.canonical.bodies import ADDRESS, MINIMAL, line, order, shipment

pytestmark = pytest.mark.pure


def only(problems):
    assert len(problems) == 1, problems
    return problems[0]


def without(body, name):
    return {key: value for key, value in body.items() if key != name}


def test_every_object_type_has_a_minimal_body_that_passes():
    assert set(MINIMAL) == set(OBJECT_TYPES)
    assert {name: validate(name, body) for name, body in MINIMAL.items()} == {
        name: [] for name in MINIMAL
    }


@pytest.mark.parametrize("object_type", OBJECT_TYPES)
def test_each_required_field_of_each_type_is_missed_by_name(object_type):
    for name in schema_of(object_type)["required"]:
        problem = only(validate(object_type, without(MINIMAL[object_type], name)))
        assert problem.path == name
        assert problem.text == f"{name} is missing."


@pytest.mark.parametrize("object_type", OBJECT_TYPES)
def test_a_field_that_no_schema_declares_is_refused(object_type):
    problem = only(validate(object_type, MINIMAL[object_type] | {"colour": "red"}))
    text = "colour is not a field of this object."
    assert problem == Problem("unknown_field", "colour", "", text)


def test_the_schemas_are_versioned_and_valid_json_schema_2020_12():
    for path in Path(schema.__file__).parent.glob("schemas/*.json"):
        jsonschema_rs.meta.validate(json.loads(path.read_bytes()))
    assert {version_of(name) for name in OBJECT_TYPES} == {"1.0"}


def test_an_unknown_object_type_is_the_callers_error():
    with pytest.raises(KeyError):
        validate("common", {})


@pytest.mark.parametrize("quantity", ["0", "-1", "0.000", "-0"])
def test_a_quantity_of_zero_or_less_is_named(quantity):
    problem = only(validate("order", order(lines=[line(quantity=quantity)])))
    assert problem.code == "quantity_not_positive"
    assert problem.path == "lines[0].quantity"
    assert problem.text == f"lines[0].quantity is {quantity}; it must be more than zero."


@pytest.mark.parametrize("quantity", ["1", "0.5", "1200", "0.00000001"])
def test_a_quantity_above_zero_passes(quantity):
    assert validate("order", order(lines=[line(quantity=quantity)])) == []


@pytest.mark.parametrize("price", ["1e3", "+5", "01.00", "1,5", ".5", "5.", "NaN", "", "١"])
def test_a_price_that_is_no_plain_decimal_is_refused(price):
    problem = only(validate("order", order(lines=[line(unit_price=price)])))
    assert problem.code == "wrong_format"
    assert problem.text == (
        f"lines[0].unit_price is “{price}”; a decimal number such as 12.50 is needed."
    )


def test_a_number_where_text_belongs_is_a_wrong_type():
    problem = only(validate("order", order(lines=[line(unit_price=61.5)])))
    expected = (
        "wrong_type",
        "lines[0].unit_price",
        "61.5",
        "lines[0].unit_price must be text.",
    )
    assert problem == expected


def test_an_unknown_value_of_a_list_of_values_is_schema_drift():
    problem = only(validate("order", order(status="pondering")))
    assert problem.code == "schema_drift"
    assert problem.value == "pondering"
    assert problem.text == "status is “pondering”; known values are open, on_hold, cancelled."


def test_what_is_wrong_with_an_address_is_an_address_problem():
    problems = validate("order", order(ship_to=without(ADDRESS, "city") | {"country": "USA"}))
    assert {(p.code, p.path) for p in problems} == {
        ("address_invalid", "ship_to.city"),
        ("address_invalid", "ship_to.country"),
    }


def test_a_line_without_a_sku_is_an_unknown_sku():
    problem = only(validate("order", order(lines=[without(line(), "sku")])))
    assert (problem.code, problem.path, problem.value) == (
        "unknown_sku",
        "lines[0].sku",
        "",
    )


def test_an_order_without_lines_says_so():
    problem = only(validate("order", order(lines=[])))
    assert problem == (
        "missing_field",
        "lines",
        "",
        "lines is empty; at least one entry is needed.",
    )


def test_a_line_number_on_two_lines_is_refused():
    problem = only(validate("order", order(lines=[line(), line(sku="ROPE-8")])))
    assert (problem.code, problem.path) == ("duplicate_line_no", "lines[1].line_no")


@pytest.mark.parametrize("object_type", ["order", "invoice", "price_list"])
def test_a_currency_there_is_none_of_is_named(object_type):
    body = {**MINIMAL[object_type], "currency": "XXX"}
    assert validate(object_type, body) == [
        Problem("currency_unknown", "currency", "XXX", "“XXX” is not a currency.")
    ]


def test_lines_without_a_number_are_no_duplicates():
    assert validate("order", order(lines=[without(line(), "line_no")] * 2)) == []


@pytest.mark.parametrize(
    "placed_at",
    ["2026-02-30T00:00:00Z", "2026-03-02", "2026-03-02T13:58:04+01:00", "yesterday"],
)
def test_a_time_is_a_real_one_in_utc(placed_at):
    assert {p.path for p in validate("order", order(placed_at=placed_at))} == {"placed_at"}


def test_a_shipping_date_is_a_date_or_a_time():
    assert validate("shipment", shipment(shipped_at="2026-03-03T16:00:00Z")) == []
    problem = only(validate("shipment", shipment(shipped_at="20260303")))
    assert problem.path == "shipped_at"
    assert problem.text.endswith("a date or a date and time in UTC is needed.")


@pytest.mark.parametrize(
    "text", ["🏕️ Zelt", "Robert'); DROP TABLE orders;--", "<script>", "\u202e", " "]
)
def test_hostile_but_storable_text_passes(text):
    assert validate("order", order(lines=[line(description=text)])) == []


def test_a_nul_character_is_an_encoding_error():
    problem = only(validate("order", order(lines=[line(description="a\0b")])))
    assert (problem.code, problem.path) == ("encoding_error", "lines[0].description")


def test_no_more_than_two_hundred_problems_are_told():
    lines = [line(line_no=str(n), quantity="0") for n in range(1000)]
    assert len(validate("order", order(lines=lines))) == 200


@pytest.mark.parametrize("body", [None, [], "order", 7])
def test_a_body_that_is_no_object_is_a_problem_and_no_crash(body):
    assert only(validate("order", body)).text == "The document must be a group of fields."


def test_a_path_names_lists_and_puts_odd_names_in_backticks():
    assert format_path(["lines", 1, "extensions", "acme.order", "gift"]) == (
        "lines[1].extensions.`acme.order`.gift"
    )


def test_a_long_value_is_shortened_to_one_line():
    assert shorten("a\n" + "b" * 300) == "a " + "b" * 117 + "…"


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        (["lines", 1, "sku"], "/lines/1/sku"),
        (["lines", 0, "extensions", "acme.order"], "/lines/0/extensions/acme.order"),
        (["a/b~c"], "/a~1b~0c"),
        ([], "/"),
    ],
)
def test_a_path_is_also_a_json_pointer(path, pointer):
    assert json_pointer(format_path(path)) == pointer
