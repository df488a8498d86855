"""Changes that are refused in a good answer."""

from decimal import Decimal

import pytest

from integrations.connectors.graphql import lists, refusals

SAYS = "The shop says"


def test_user_errors_keep_their_words_their_place_and_their_code():
    payload = {"userErrors": [{"field": ["lines", "0", "quantity"], "message": "Too many", "code": "INVALID"}]}  # fmt: skip
    [problem] = refusals.of_user_errors(payload, says=SAYS)
    assert problem == ("rejected", "lines[0].quantity", "INVALID", "The shop says: Too many")


def test_lists_of_other_names_and_a_field_that_is_one_text():
    payload = {"errors": [{"field": "sku", "message": "gone"}], "userErrors": None}
    [problem] = refusals.of_user_errors(payload, says=SAYS, names=("userErrors", "errors"))
    assert (problem.path, problem.text) == ("sku", "The shop says: gone")


def test_no_refusal_is_none_and_null_is_one():
    assert refusals.of_user_errors({"userErrors": []}, says=SAYS) == []
    assert len(refusals.of_user_errors(None, says=SAYS)) == 1


def test_a_union_says_by_its_type_that_it_is_an_error():
    wanted = frozenset({"Order"})
    assert refusals.of_union({"__typename": "Order", "id": 1}, wanted, says=SAYS) == []
    said = {"__typename": "StockError", "errorCode": "STOCK", "message": "None left"}
    [problem] = refusals.of_union(said, wanted, says=SAYS)
    assert (problem.value, problem.text) == ("STOCK", "The shop says: None left")


def test_fractions_are_stored_as_they_came():
    assert lists.exactly({"a": Decimal("1.10"), "b": "ü"}) == b'{"a":1.10,"b":"\\u00fc"}'


@pytest.mark.parametrize(
    ("found", "ids", "after"),
    [
        ({"nodes": [{"id": 1}], "pageInfo": {"hasNextPage": True, "endCursor": "c"}}, [1], "c"),
        ({"edges": [{"node": {"id": 2}}], "pageInfo": {"hasNextPage": False, "endCursor": "c"}}, [2], None),
        (None, [], None),
    ],
)  # fmt: skip
def test_a_page_is_read_from_nodes_or_edges(found, ids, after):
    nodes, cursor = lists.read(found)
    assert ([node["id"] for node in nodes], cursor) == (ids, after)
