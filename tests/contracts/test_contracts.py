"""Contracts: inferred from samples, held against documents, widened, refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contracts import Contract, accept, infer, problems_with

ORDER: dict[str, Any] = {
    "id": 1,
    "number": "A-1",
    "status": "processing",
    "total": "12.00",
    "billing": {"city": "Reno", "country": "US"},
    "lines": [{"sku": "TENT", "quantity": 2}],
}
SAMPLES = [{**ORDER, "id": n, "number": f"A-{n}"} for n in range(6)]
AGREED = Contract(infer(SAMPLES))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip
documents = st.lists(st.dictionaries(st.text(max_size=4), json_values, max_size=4), min_size=1, max_size=6)  # fmt: skip


@given(documents)
def test_documents_never_drift_from_the_contract_made_of_them(found: list[Any]) -> None:
    contract = Contract(infer(found))
    assert [contract.drifts(document) for document in found] == [[] for _ in found]


@given(documents)
def test_a_contract_made_of_documents_is_sound(found: list[Any]) -> None:
    assert problems_with(infer(found)) == []


@given(documents, json_values)
def test_an_accepted_document_drifts_no_more(found: list[Any], value: Any) -> None:
    document = {"x": value}
    assert Contract(accept(infer(found), [document])).drifts(document) == []


@pytest.mark.parametrize(
    ("change", "kind", "path"),
    [
        ({"gift": True}, "new_field", "gift"),
        ({"total": 12.0}, "type_change", "total"),
        ({"status": "backordered"}, "new_value", "status"),
        ({"lines": [{"sku": "TENT"}]}, "missing_field", "lines[].quantity"),
        ({"lines": [{"sku": "TENT", "quantity": 2, "lot": "7"}]}, "new_field", "lines[].lot"),
        ({"billing": None}, "type_change", "billing"),
    ],
)
def test_each_kind_of_drift_is_found_where_it_stands(
    change: dict[str, Any], kind: str, path: str
) -> None:
    assert [(d.kind, d.path) for d in AGREED.drifts({**ORDER, **change})] == [(kind, path)]


def test_a_field_that_goes_missing_is_found() -> None:
    without = {name: value for name, value in ORDER.items() if name != "number"}
    drift = AGREED.drifts(without)[0]
    assert drift.text == "number has always been there and is missing"


def test_numbers_names_and_dates_are_no_choices() -> None:
    schema = infer([{"number": "A", "name": "Ann", "status": "open"} for _ in range(9)])
    assert [name for name, inner in schema["properties"].items() if "enum" in inner] == ["status"]


def test_a_document_with_thousands_of_new_fields_gives_fifty_drifts() -> None:
    assert len(AGREED.drifts({**ORDER, **{f"f{n}": n for n in range(5_000)}})) == 50


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (False, "accepts no document"),
        ([], "in braces"),
        ({"type": "array"}, "documents are groups"),
        ({"enum": []}, "none of its choices"),
        ({"type": "object", "required": ["a"], "properties": {"a": False}},
         "a has to be there and may not"),
        ({"type": "object", "required": ["a"], "properties": {}, "additionalProperties": False},
         "a has to be there and may not"),
        ({"type": "object", "required": ["a"],
          "properties": {"a": {"type": "string", "enum": [1, 2]}}}, "a accepts nothing"),
        ({"type": "object", "required": ["n"],
          "properties": {"n": {"type": "integer", "minimum": 5, "maximum": 1}}}, "n accepts nothing"),
        ({"$ref": "http://example.com/schema"}, "uses $ref"),
        ({"not": {}}, "uses not"),
        ({"type": "object", "properties": {"a": {"type": "text"}}}, "which JSON does not have"),
        ({"type": "object", "properties": {"a": {"pattern": "(a+)+$"}}}, "take forever"),
        ({"type": "object", "description": "x" * 1_100_000}, "larger than 1 MB"),
    ],
)  # fmt: skip
def test_a_contract_that_cannot_be_met_or_held_is_refused(schema: Any, said: str) -> None:
    assert said in problems_with(schema)[0]


def test_a_contradiction_at_a_field_that_may_be_missing_is_no_reason_to_refuse() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "enum": [1]}}}
    assert problems_with(schema) == []
    assert Contract(schema).drifts({}) == []
