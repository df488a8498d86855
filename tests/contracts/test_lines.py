import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.canonical.extensions import check_extension_schema
from integrations.contracts import infer
from integrations.contracts.lines import Line, PathError, lines_of, with_lines

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "status": {"type": ["null", "string"], "enum": ["open", "done", None]},
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"sku": {"type": "string", "maxLength": 30}}},
        },
        "odd.name": {"type": "string"},
    },
}


def at(lines, path):
    return next(line for line in lines if line.path == path)


def test_fields_stand_in_lines_with_what_is_in_them():
    assert lines_of(SCHEMA) == [
        Line("id", "integer", False, True, (), ""),
        Line("status", "string", True, False, ("open", "done"), ""),
        Line("lines", "array", False, False, (), ""),
        Line("lines[].sku", "string", False, False, (), ""),
        Line("`odd.name`", "string", False, False, (), ""),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_characters="`"), min_size=1, max_size=4), inner,
                      max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(st.dictionaries(st.text("abc.[]-", min_size=1, max_size=4), JSON), max_size=4))
def test_lines_nobody_touched_change_nothing(documents):
    schema = infer(documents)
    assert with_lines(schema, lines_of(schema)) == schema


def test_a_line_changes_only_what_it_says():
    lines = lines_of(SCHEMA)
    sku = at(lines, "lines[].sku")
    changed = with_lines(SCHEMA, [sku._replace(required=True) if x == sku else x for x in lines])
    items = changed["properties"]["lines"]["items"]
    assert items == {
        "type": "object",
        "required": ["sku"],
        "properties": {"sku": {"type": "string", "maxLength": 30}},
    }
    assert changed["properties"]["id"] == {"type": "integer", "minimum": 1}


def test_fields_come_and_go():
    kept = [line for line in lines_of(SCHEMA) if line.path not in ("id", "lines")]
    new = [*kept, Line("ship.city", "string", True, True, ("Reno",), "Where to")]
    changed = with_lines(SCHEMA, new)
    assert "id" not in changed["properties"]
    assert changed["required"] == []
    assert changed["properties"]["ship"] == {
        "type": "object",
        "properties": {
            "city": {"type": ["null", "string"], "enum": ["Reno", None], "description": "Where to"}
        },
        "required": ["city"],
    }
    assert "lines" not in changed["properties"]


def test_an_extension_is_closed_on_every_level():
    lines = [
        Line("po.number", "string", False, True, (), ""),
        Line("gifts[].due", "date", False, False, (), ""),
        Line("grade", "integer", False, False, ("1", "2"), ""),
    ]
    schema = with_lines({"type": "object"}, lines, closed=True)
    assert check_extension_schema(schema) == []
    assert schema["properties"]["grade"]["enum"] == [1, 2]
    assert schema["properties"]["gifts"]["items"]["properties"]["due"] == {
        "type": "string",
        "format": "date",
    }


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "no field"),
        ("a..b", "no field"),
        ("[].x", "no field"),
        ("lines[]", "no field"),
        ("id.inner", "no group"),
        ("status", "twice"),
    ],
)
def test_a_path_that_is_none_is_refused(path, said):
    with pytest.raises(PathError, match=said):
        with_lines(SCHEMA, [*lines_of(SCHEMA), Line(path, "string", False, False, (), "")])
