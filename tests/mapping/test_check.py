import pytest

from integrations.canonical.schema import schema_of
from integrations.mapping import Row
from integrations.mapping.check import faults, missing
from tests.mapping.shipped import CONNECTORS

pytestmark = pytest.mark.pure

SCHEMA = {
    "type": "object",
    "required": ["number", "lines", "ship_to"],
    "properties": {
        "number": {"type": "string"},
        "ship_to": {
            "type": "object",
            "required": ["city"],
            "properties": {"city": {"type": "string"}, "zip": {"type": "string"}},
        },
        "weight": {
            "type": "object",
            "required": ["value", "uom"],
            "properties": {"value": {"type": "string"}, "uom": {"type": "string"}},
        },
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["sku"],
                "properties": {"sku": {"type": "string"}},
            },
        },
    },
}


def _missing(*targets):
    return [field.path for field in missing(SCHEMA, [Row(target, "x") for target in targets])]


def test_an_empty_draft_misses_everything_that_is_required():
    assert _missing() == ["number", "ship_to", "ship_to.city", "lines[]", "lines[].sku"]


def test_a_row_below_an_object_writes_the_object_but_not_its_other_fields():
    assert _missing("number", "ship_to.zip", "lines[]", "lines[].sku") == ["ship_to.city"]


def test_a_row_for_a_whole_object_or_list_writes_all_of_it():
    assert _missing("number", "ship_to", "lines") == []


def test_a_loop_with_rows_below_it_must_write_what_its_entries_need():
    assert _missing("number", "ship_to", "lines[]", "lines[].other") == ["lines[].sku"]


def test_an_optional_object_needs_its_fields_only_once_it_is_written():
    assert _missing("number", "ship_to", "lines[]", "weight.value") == ["weight.uom"]


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_the_shipped_mappings_into_the_hub_miss_nothing_but_what_the_hub_adds(name):
    for (object_type, direction), rows in CONNECTORS[name].MAPPINGS.items():
        if direction == "in" and object_type in ("customer", "product", "price_list", "invoice"):
            assert [f.path for f in missing(schema_of(object_type), rows)] == []


def test_every_faulty_row_is_told_and_the_sound_ones_are_not():
    rows = [
        Row("number", "a &"),
        Row("ok", "a"),
        Row("ok", "b"),
        Row("ok.below", "c"),
        Row("lines[].sku", "sku"),
        Row("not a path", "x"),
    ]
    found = faults(rows)
    assert [(fault.row, fault.message) for fault in found] == [
        (0, "It ends too early."),
        (2, "This target stands in an earlier row too."),
        (3, "ok already has a source of its own."),
        (4, "No row says where lines[] comes from."),
        (5, "“not a path” is not a path such as lines[].sku."),
    ]


def test_a_faulty_row_is_told_the_place_where_reading_stopped():
    assert faults([Row("a", "x ) y")])[0].position == 2


def test_a_row_below_a_list_that_does_not_compile_is_told_so():
    assert [f.row for f in faults([Row("lines[]", "("), Row("lines[].sku", "sku")])] == [0, 1]
