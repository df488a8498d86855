import pytest

from integrations.mapping.fields import quote_name, source_fields, target_fields

pytestmark = pytest.mark.pure

DOCUMENTS = [
    {
        "id": 7,
        "placed": "2026-03-02",
        "items": [{"sku": "A", "price": "1.50"}, {"sku": "B", "price": None}],
        "tags": ["x", "y"],
    },
    {"id": 8, "ship to": {"zip": "89408-1"}, "note": "", "paid": True},
]


def test_every_place_of_the_samples_is_a_field_with_its_values():
    assert [tuple(field) for field in source_fields(DOCUMENTS)] == [
        ("id", "", "number", ("7", "8")),
        ("placed", "", "date", ("2026-03-02",)),
        ("items", "", "list", ()),
        ("items.sku", "items", "text", ("A", "B")),
        ("items.price", "items", "decimal", ("1.50",)),
        ("tags", "", "list", ("x", "y")),
        ("`ship to`", "", "object", ()),
        ("`ship to`.zip", "", "text", ("89408-1",)),
        ("note", "", "empty", ()),
        ("paid", "", "flag", ("true",)),
    ]


def test_a_document_that_is_a_list_is_read_entry_by_entry():
    assert [tuple(field) for field in source_fields([[{"a": 1}, {"a": 2}]])] == [
        ("$", "", "list", ()),
        ("a", "$", "number", ("1", "2")),
    ]


@pytest.mark.parametrize(
    ("name", "step"), [("sku", "sku"), ("ship to", "`ship to`"), ("in", "`in`")]
)
def test_a_name_that_jsonata_would_not_read_is_quoted(name, step):
    assert quote_name(name) == step


def test_the_fields_of_a_schema_know_their_kind_and_choices():
    schema = {
        "required": ["status"],
        "properties": {
            "status": {"type": "string", "enum": ["open", "closed"], "description": "Where it is."},
            "total": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
            "on": {"type": "string", "format": "date"},
            "lines": {"type": "array", "items": {"properties": {"n": {"type": "integer"}}}},
        },
    }
    assert [tuple(field) for field in target_fields(schema)] == [
        ("status", "text", True, ("open", "closed"), "Where it is."),
        ("total", "decimal", False, (), ""),
        ("on", "date", False, (), ""),
        ("lines[]", "list", False, (), ""),
        ("lines[].n", "number", False, (), ""),
    ]
