import pytest

from integrations.canonical.extensions import (
    check_extension_schema,
    validate_extensions,
)
from integrations.canonical.validation import validate
from tests.canonical.bodies import line, order

pytestmark = pytest.mark.pure

GIFT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["gift"],
    "properties": {
        "gift": {"type": "boolean"},
        "engraving": {"type": "string", "maxLength": 40},
        "dock_door": {"type": "string", "pattern": "^D[0-9]{2}$"},
    },
}
SCHEMAS = {("order.line", "acme.order"): GIFT}


def check(values, *, namespace="acme.order", policy="store_and_warn"):
    body = order(lines=[line(extensions={namespace: values})])
    return validate_extensions("order", body, schemas=SCHEMAS, policy=policy)


def test_a_declared_value_passes():
    checked = check({"gift": True, "engraving": "R & S"})
    assert (checked.problems, checked.warnings) == ([], [])
    assert checked.body["lines"][0]["extensions"] == {
        "acme.order": {"gift": True, "engraving": "R & S"}
    }


def test_a_wrong_type_is_schema_drift_and_the_value_is_kept():
    checked = check({"gift": "yes"})
    (problem,) = checked.problems
    assert problem.code == "schema_drift"
    assert problem.path == "lines[0].extensions.`acme.order`.gift"
    assert problem.value == "yes"
    assert checked.body["lines"][0]["extensions"] == {"acme.order": {"gift": "yes"}}


def test_an_undeclared_key_is_kept_aside_with_a_warning():
    checked = check({"gift": True, "color": "x"})
    assert checked.problems == []
    (warning,) = checked.warnings
    assert warning.path == "lines[0].extensions.`acme.order`.color"
    kept = checked.body["lines"][0]
    assert kept["extensions"] == {"acme.order": {"gift": True}}
    assert kept["raw_extensions"] == {"acme.order": {"color": "x"}}
    assert validate("order", checked.body) == []


def test_an_undeclared_key_is_a_problem_under_reject():
    checked = check({"gift": True, "color": "x"}, policy="reject")
    assert [p.code for p in checked.problems] == ["schema_drift"]
    assert checked.warnings == []


def test_a_pattern_that_does_not_match_is_schema_drift():
    (problem,) = check({"gift": True, "dock_door": "7"}).problems
    assert (problem.code, problem.value) == ("schema_drift", "7")


def test_a_missing_required_value_is_schema_drift():
    assert [p.path for p in check({"engraving": "x"}).problems] == [
        "lines[0].extensions.`acme.order`"
    ]


def test_an_unknown_namespace_is_kept_aside_whole():
    checked = check({"gift": True}, namespace="other")
    assert [w.path for w in checked.warnings] == ["lines[0].extensions.other"]
    assert "extensions" not in checked.body["lines"][0]
    assert checked.body["lines"][0]["raw_extensions"] == {"other": {"gift": True}}


def test_a_namespace_of_the_line_is_unknown_on_the_order():
    body = order(extensions={"acme.order": {"gift": True}})
    checked = validate_extensions("order", body, schemas=SCHEMAS, policy="reject")
    assert [p.path for p in checked.problems] == ["extensions.`acme.order`"]


def test_the_given_body_is_not_changed():
    body = order(extensions={"other": {"a": 1}})
    validate_extensions("order", body, schemas=SCHEMAS)
    assert body["extensions"] == {"other": {"a": 1}}


def test_a_body_without_extensions_comes_back_as_it_is():
    body = order()
    assert validate_extensions("order", body, schemas=SCHEMAS) == (body, [], [])


def test_extensions_of_more_than_16_kb_or_four_levels_are_refused():
    assert "16 KB" in check({"gift": True, "engraving": "x" * 16_400}).problems[0].text
    deep = {"a": {"b": {"c": {"d": 1}}}}
    assert check({"gift": True} | deep).problems == []
    assert "four levels" in check({"gift": True, "z": deep}).problems[0].text


def flaws(**changes):
    return [flaw.text for flaw in check_extension_schema(GIFT | changes)]


def nested(depth):
    schema = {"type": "string"}
    for _ in range(depth):
        schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {"a": schema},
        }
    return schema


def test_the_worked_example_is_a_good_schema():
    assert check_extension_schema(GIFT) == []


def test_an_open_object_is_refused_at_any_depth():
    assert flaws(additionalProperties=True) == ["An object needs additionalProperties: false."]
    (flaw,) = check_extension_schema(GIFT | {"properties": {"a": {"type": "object"}}})
    assert flaw.path == "properties.a"


@pytest.mark.parametrize("ref", ["https://example.com/a.json", "other.json", "file:///etc/passwd"])
def test_a_reference_out_of_the_schema_is_refused(ref):
    text = "A $ref may only point into the schema itself."
    assert flaws(properties={"a": {"$ref": ref}}) == [text]


def test_a_reference_into_the_schema_is_fine():
    assert (
        flaws(
            properties={"a": {"$ref": "#/$defs/t"}},
            **{"$defs": {"t": {"type": "string"}}},
        )
        == []
    )


def test_a_property_may_be_called_like_a_keyword():
    assert flaws(properties={"properties": {"type": "string"}, "$ref": {"type": "string"}}) == []


def test_size_depth_dialect_and_shape_are_limited():
    assert flaws(description="x" * 16_400) == ["The schema is larger than 16 KB."]
    assert check_extension_schema(nested(4)) == []
    assert [f.text for f in check_extension_schema(nested(5))] == [
        "Objects nest deeper than four levels."
    ]
    draft7 = {"$schema": "http://json-schema.org/draft-07/schema#"}
    assert flaws(**draft7) == ["The schema must be JSON Schema 2020-12."]
    assert check_extension_schema([])[0].text == "An extension schema describes an object."


@pytest.mark.parametrize(
    "properties",
    [{"a": {"type": "strin"}}, {"a": {"pattern": "(?=a)b"}}, {"a": {"pattern": "("}}],
)
def test_a_schema_that_does_not_compile_is_refused(properties):
    (text,) = flaws(properties=properties)
    assert text.startswith("The schema does not compile: ")
