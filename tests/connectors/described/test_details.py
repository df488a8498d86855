"""Calls of their own: for the details of rows, and for what a document lacks before it is written."""

import json
from typing import Any
from uuid import UUID

import pytest

from integrations.canonical.problem import Problem
from integrations.connectors import registry
from integrations.connectors.described import looking, shipped
from integrations.connectors.described.description import parse
from integrations.connectors.outbound import Outbound
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import client_of, read_stream
from tests.connectors.described.lists import Asked, Lists, Reply

REST = registry.get("rest")
PRODUCTS = "{path: '/orders/{id}/products', rows: ., into: lines, paging: {kind: page, param: page, size_param: limit, size: 2, short_is_last: true}}"
BUYER = "{path: '/buyers/{buyer.id}', into: buyer_card}"
READS = f"""
streams:
  orders: {{object: order, path: /orders, rows: data, details: [{PRODUCTS}, {BUYER}]}}
"""
ORDERS = (
    b'{"data": [{"id": 1, "buyer": {"id": "b/1"}, "sum": 1.10}, {"id": 2, "buyer": {"id": "b2"}}]}'
)
WRITES = """
test: {path: /me}
writes:
  shipment:
    path: /orders/{order_id}/parcels
    leave_out: order_id
    details: {path: "/orders/{order_id}/products", rows: items, into: products}
"""


def desk(asked: Asked) -> Reply:
    if asked.path == "/api/orders":
        return Reply(said=ORDERS)
    if asked.path.startswith("/api/buyers/"):
        return Reply(404) if asked.path.endswith("b2") else Reply(said=b' {"name": "Zo\xc3\xab"} ')
    if asked.path == "/api/orders/2/products":
        return Reply(204, b"")
    page = int(asked.query["page"])
    return Reply(said=[{"sku": f"A{page}", "each": 2}, {"sku": "B"}][: 3 - page])


def bodies(lists: Lists, text: str = READS) -> list[bytes]:
    with client_of(REST, lists.connection(text)) as client:
        pages = list(read_stream(client, "orders", {}))
    return [document.body for documents, _ in pages for document in documents]


def error_of(lists: Lists, text: str = READS) -> CrossdockError:
    with pytest.raises(CrossdockError) as caught:
        bodies(lists, text)
    return caught.value


def test_every_row_has_its_details_and_nothing_else_is_touched(lists: Lists) -> None:
    lists.answer = desk
    first, second = bodies(lists)
    assert b'"sum": 1.10' in first
    assert json.loads(first)["lines"] == [
        {"sku": "A1", "each": 2},
        {"sku": "B"},
        {"sku": "A2", "each": 2},
    ]
    assert json.loads(first)["buyer_card"] == {"name": "Zoë"}
    assert json.loads(second)["lines"] == []
    assert json.loads(second)["buyer_card"] is None
    asked = [(a.path, a.query.get("page")) for a in lists.asked if a.path.endswith("1/products")]
    assert asked == [("/api/orders/1/products", "1"), ("/api/orders/1/products", "2")]
    assert "/api/buyers/b%2F1" in [a.path for a in lists.asked]


def test_an_order_whose_lines_changed_is_another_document(lists: Lists) -> None:
    lists.answer = desk
    keys = []
    for more in ({}, {"x": 1}):
        lists.answer = lambda asked, more=more: (
            Reply(said=more) if asked.path.startswith("/api/buyers") else desk(asked)
        )
        with client_of(REST, lists.connection(READS)) as client:
            [(documents, _)] = list(read_stream(client, "orders", {}))
        keys.append([document.dedup_key for document in documents])
    assert keys[0][0] != keys[1][0]


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(500), Retryable, "was answered 500"),
        (Reply(429, {}, {"Retry-After": "4"}), Retryable, "was answered 429"),
        (Reply(said={"items": []}), Permanent, "lines: The answer has no list"),
        (Reply(said=b"<html>"), Retryable, "lines: The answer is no JSON."),
    ],
)
def test_details_that_cannot_be_had_leave_the_page_for_later(
    lists: Lists, reply: Reply, kind: type[CrossdockError], said: str
) -> None:
    lists.answer = lambda asked: reply if asked.path.endswith("/products") else desk(asked)
    error = error_of(lists)
    assert type(error) is kind
    assert said in str(error)


def test_a_row_without_the_value_that_the_address_needs_says_so(lists: Lists) -> None:
    lists.answer = lambda asked: (
        Reply(said={"data": [{"id": 1}]}) if asked.path == "/api/orders" else desk(asked)
    )
    error = error_of(lists)
    assert "buyer.id" in str(error)
    assert isinstance(error, Permanent)


def test_a_row_that_has_the_name_already_is_not_overwritten(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(said={"data": [{"id": 1, "lines": 3, "buyer": {"id": 1}}]})
    assert "under the name lines" in str(error_of(lists))


def test_details_without_end_are_left(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_MOST_PAGES", 20)
    count = iter(range(10_000))
    endless = lambda: [{"sku": f"S{next(count)}"}, {"sku": f"S{next(count)}"}]  # noqa: E731
    lists.answer = lambda asked: (
        Reply(said=endless()) if asked.path.endswith("/products") else desk(asked)
    )
    assert "lines never comes to an end" in str(error_of(lists))


def test_the_test_of_a_connection_asks_for_no_details(lists: Lists) -> None:
    lists.answer = desk
    with client_of(REST, lists.connection(READS)) as client:
        told = {line.name: line for line in client.test_connection()}
    assert told["scope"].text == "The first page of each list: orders 2 rows."
    assert {asked.path for asked in lists.asked} == {"/api/orders"}


def parcel() -> Outbound:
    document = {"order_id": "7", "number": "P1", "lines": [{"sku": "B", "count": 2}]}
    return Outbound(UUID(int=1), "shipment", "harbor/P1", document, None, False)


def with_ids(object_type: str, document: dict[str, Any]) -> dict[str, Any]:
    ids = {row["sku"]: row["id"] for row in document["products"] or []}
    if not ids:
        raise NeedsPerson([Problem("unknown_sku", "lines", "", "The order has no lines there.")])
    lines = [{"product": ids[line["sku"]], "count": line["count"]} for line in document["lines"]]
    return {**document, "lines": lines}


def test_a_document_is_written_with_what_was_asked_for_first(lists: Lists) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply(said={"items": [{"sku": "A", "id": 31}, {"sku": "B", "id": 32}]})
        return Reply(201, {"id": 5})

    lists.answer = answer
    client = shipped.client_of(lists.connection(WRITES), parse(WRITES), shape=with_ids)
    [outcome] = list(client.deliver([parcel()]))
    assert outcome.error is None
    assert [(a.method, a.path) for a in lists.asked] == [
        ("GET", "/api/orders/7/products"),
        ("POST", "/api/orders/7/parcels"),
    ]
    assert lists.asked[1].body == {"number": "P1", "lines": [{"product": 32, "count": 2}]}


def test_what_cannot_be_shaped_is_for_a_person_and_nothing_is_sent(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(said={"items": []})
    client = shipped.client_of(lists.connection(WRITES), parse(WRITES), shape=with_ids)
    [outcome] = list(client.deliver([parcel()]))
    assert isinstance(outcome.error, NeedsPerson)
    assert [asked.method for asked in lists.asked] == ["GET"]


def test_a_document_for_something_that_is_gone_says_so(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(404)
    client = shipped.client_of(lists.connection(WRITES), parse(WRITES), shape=with_ids)
    [outcome] = list(client.deliver([parcel()]))
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "not_found"
