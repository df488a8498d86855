"""Reading a shop: pages, long orders, refunds, what it has, and what its app may do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.snapshot import LevelSaid, LineSaid
from portal.core.errors import NeedsCredentials, Permanent
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.shopify.conftest import to
from tests.connectors.shopify.server import OLD_TOKEN, Server
from tests.connectors.shopify.shop import NOON, stamp

SHOPIFY = registry.get("shopify")
NOW = datetime(2026, 11, 30, 14, tzinfo=UTC)


def keys(pages: Any) -> list[Any]:
    return [document.dedup_key for documents, _ in pages for document in documents]


def test_an_order_that_changes_while_pages_are_read_hides_no_other(
    server: Server, client: Any
) -> None:
    for n in range(12):
        server.shop.order(1000 + n, at=NOON + timedelta(minutes=n))
    pages = []
    for page in read_stream(client, "orders", {}):
        pages.append(page)
        first = server.shop.orders["gid://shopify/Order/1000"]
        first["updatedAt"] = stamp(NOON + timedelta(hours=1))
    seen = {key.split(":")[2].rpartition("/")[2] for key in keys(pages)}
    assert seen == {str(1000 + n) for n in range(12)}


def test_the_next_pass_asks_for_what_changed_since_only(server: Server, client: Any) -> None:
    server.shop.order(1000, at=NOON)
    *_, (_, cursor) = read_stream(client, "orders", {})
    list(read_stream(client, "orders", cursor))
    queries = [asked["query"] for name, asked in server.asked if name == "Orders"]
    assert queries[0] == "updated_at:>='2026-01-01T00:00:00Z'"
    assert queries[-1] == "updated_at:>='2026-11-30T11:55:00Z'"


def test_the_first_poll_of_orders_looks_a_day_back_and_a_bad_time_is_told(server: Server) -> None:
    with client_of(SHOPIFY, to(server, orders_since="")) as client:
        client.fetch("orders", {}, now=NOW)
    assert server.asked[0][1]["query"] == "updated_at:>='2026-11-29T14:00:00Z'"
    with client_of(SHOPIFY, to(server, orders_since="soon")) as client, pytest.raises(Permanent):
        client.fetch("orders", {}, now=NOW)


def test_long_orders_and_products_arrive_whole(server: Server, client: Any) -> None:
    server.shop.order(1000, lines=[server.shop.line(1000, n, f"S{n}", 1) for n in range(150)])
    server.shop.product(300, [f"S{n}" for n in range(60)])
    [order] = client.fetch("orders", {}, now=NOW).documents
    native = SHOPIFY.mapper.read("order", "", order.body, to(server))
    assert len(native.documents[0]["derived"]["lines"]) == 150
    [product] = client.fetch("products", {}, now=NOW).documents
    assert len(SHOPIFY.mapper.read("product", "", product.body, to(server)).documents) == 60


def test_refunds_come_with_their_order(server: Server, client: Any) -> None:
    order = server.shop.order(1000)
    server.shop.order(1001)
    server.shop.refund(500, order, [(server.shop.line(1000, 1, "TENT-2P", 2), 1)])
    [(documents, _)] = read_stream(client, "refunds", {})
    [refund] = documents
    assert (refund.object_type, b'"#1000"' in refund.body) == ("return", True)


def test_a_location_of_ones_own_has_its_own_stock(server: Server) -> None:
    server.shop.product(300, ["TENT-2P"])
    with client_of(SHOPIFY, to(server)) as client:
        assert len(client.fetch("stock", {}, now=NOW).documents) == 1
    with client_of(SHOPIFY, to(server, location="71")) as client:
        assert client.fetch("stock", {}, now=NOW).documents == []


def test_an_error_in_an_answer_with_data_is_not_taken_for_an_empty_list(
    server: Server, client: Any
) -> None:
    denied = {
        "message": "Access denied for customer field.",
        "extensions": {"code": "ACCESS_DENIED"},
    }
    server.next = [{"data": {"orders": {"nodes": [], "pageInfo": {}}}, "errors": [denied]}]
    with pytest.raises(NeedsCredentials) as caught:
        client.fetch("orders", {}, now=NOW)
    assert "Access denied for customer field" in str(caught.value)


def test_what_the_shop_has(server: Server, client: Any) -> None:
    server.shop.product(300, ["TENT-2P", None])
    server.shop.order(1000, at=NOON)
    server.shop.order(1001, at=NOON, cancelledAt=stamp(NOON))
    server.shop.order(1002, at=NOON, displayFulfillmentStatus="FULFILLED")
    server.shop.order(1003, at=NOON, risk={"recommendation": "CANCEL", "assessments": []})
    server.shop.order(1004, at=NOON - timedelta(days=9))
    assert list(client.levels()) == [LevelSaid("", "TENT-2P", "10")]
    said = {one.number: one for one in client.orders(since=NOON - timedelta(days=1))}
    assert {number: one.status for number, one in said.items()} == {
        "1000": "open",
        "1001": "cancelled",
        "1002": "shipped",
        "1003": "on_hold",
    }
    assert (said["1000"].total, said["1000"].pieces, said["1000"].placed_at) == ("69.50", "5", NOON)
    assert client.order_lines(["1000", "4711"]) == {
        "1000": [LineSaid("TENT-2P", "2", "1000001"), LineSaid("STOVE-1", "3", "1000002")]
    }


def test_lines_of_a_long_order_are_all_said(server: Server, client: Any) -> None:
    server.shop.order(1000, lines=[server.shop.line(1000, n, f"S{n}", 1) for n in range(150)])
    assert len(client.order_lines(["1000"])["1000"]) == 150


def test_one_order_again(server: Server, client: Any) -> None:
    server.shop.order(1000)
    [polled] = client.fetch("orders", {}, now=NOW).documents
    assert client.fetch_order("1000") == polled
    for remote_id in ("4711", "not a number"):
        with pytest.raises(Permanent):
            client.fetch_order(remote_id)


def test_a_token_is_asked_for_once_and_again_when_it_is_refused(
    server: Server, client: Any
) -> None:
    client.fetch("customers", {}, now=NOW)
    client.fetch("customers", {}, now=NOW)
    assert len(server.tokens) == 2
    server.tokens = {OLD_TOKEN}  # revoked
    client.fetch("customers", {}, now=NOW)
    assert len(server.tokens) == 2


def test_an_access_token_is_carried_as_it_is(server: Server) -> None:
    settings = {"url": server.url, "access": "access token"}
    with client_of(SHOPIFY, connection(SHOPIFY, settings=settings, secrets={"access_token": OLD_TOKEN})) as client:  # fmt: skip
        client.fetch("customers", {}, now=NOW)
    assert server.tokens == {OLD_TOKEN}
    nobody = connection(SHOPIFY, settings=settings, secrets={})
    with client_of(SHOPIFY, nobody) as client, pytest.raises(NeedsCredentials):
        client.fetch("customers", {}, now=NOW)


def test_the_connection_test_says_which_scopes_are_missing(server: Server, client: Any) -> None:
    scope = {check.name: check for check in client.test_connection()}["scope"]
    assert scope.passed
    assert "may not read orders older than 60 days" in scope.text
    assert "Reno" in scope.text
    server.shop.scopes = ["read_orders", "read_products"]
    scope = {check.name: check for check in client.test_connection()}["scope"]
    assert scope.passed is False
    assert "write_inventory" in scope.text
    assert "read_customers or write_customers" in scope.text
