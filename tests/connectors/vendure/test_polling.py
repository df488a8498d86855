"""Reading a shop: pages, sessions, channels, and what its key may read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.core.errors import NeedsCredentials, Permanent
from tests.connectors.conformance import client_of, read_stream
from tests.connectors.vendure.conftest import VENDURE, to
from tests.connectors.vendure.server import USER, Server
from tests.connectors.vendure.shop import NOON, stamp

NOW = datetime(2026, 11, 30, 14, tzinfo=UTC)


def codes(pages: Any) -> list[str]:
    return [
        str(document.dedup_key).split(":")[1] for documents, _ in pages for document in documents
    ]


def session(server: Server, **more: Any) -> Any:
    return to(server, access="user and password", username=USER, **more)


def test_an_order_that_changes_while_pages_are_read_hides_no_other(
    server: Server, client: Any
) -> None:
    for n in range(120):
        server.shop.order(1000 + n, at=NOON + timedelta(minutes=n))
    pages = []
    for n, page in enumerate(read_stream(client, "orders", {})):
        pages.append(page)
        server.shop.orders[str(1000 + n)]["updatedAt"] = stamp(NOON + timedelta(hours=9))
    assert set(codes(pages)) >= {str(1000 + n) for n in range(120)}


def test_the_next_pass_asks_for_what_changed_since_only(server: Server, client: Any) -> None:
    server.shop.order(1000, at=NOON)
    *_, (_, cursor) = read_stream(client, "orders", {})
    list(read_stream(client, "orders", cursor))
    asked = [variables["since"] for _, variables, _ in server.asked]
    assert asked == ["2025-12-31T23:59:59.999Z", "2026-11-30T11:54:59.999Z"]


def test_the_first_poll_of_orders_looks_a_day_back_and_a_bad_time_is_told(server: Server) -> None:
    with client_of(VENDURE, to(server, orders_since="")) as client:
        client.fetch("orders", {}, now=NOW)
    assert server.asked[0][1]["since"] == "2026-11-29T13:59:59.999Z"
    with client_of(VENDURE, to(server, orders_since="soon")) as client, pytest.raises(Permanent):
        client.fetch("orders", {}, now=NOW)


def test_a_cart_is_not_asked_for(server: Server, client: Any) -> None:
    server.shop.order(1000, orderPlacedAt=None)
    assert client.fetch("orders", {}, now=NOW).documents == []


def test_one_order_is_asked_for_by_its_number(server: Server, client: Any) -> None:
    server.shop.order(1000)
    assert b'"ORD1000"' in client.fetch_order("1000").body
    with pytest.raises(Permanent):
        client.fetch_order("1001")


def test_a_session_is_kept_and_renewed_once_the_shop_forgot_it(server: Server) -> None:
    with client_of(VENDURE, session(server)) as client:
        for _ in range(2):
            client.fetch("orders", {}, now=NOW)
        assert server.names() == ["Login", "Orders", "Orders"]
        server.sessions.clear()
        client.fetch("orders", {}, now=NOW)
    assert server.names()[3:] == ["Orders", "Login", "Orders"]


def test_a_session_without_the_rights_is_not_asked_for_again_and_again(server: Server) -> None:
    with client_of(VENDURE, session(server)) as client:
        server.bears = False
        with pytest.raises(NeedsCredentials, match="tokenMethod"):
            client.fetch("orders", {}, now=NOW)
    assert server.names() == ["Login"]


def test_a_channel_travels_with_every_call(server: Server) -> None:
    with client_of(VENDURE, to(server, channel_token="channel-1")) as client:
        client.fetch("orders", {}, now=NOW)
        assert [one for one in client.test_connection() if one.passed is False] == []
    assert {headers.get("vendure-token") for _, _, headers in server.asked} == {"channel-1"}
    assert VENDURE.account(to(server)) != VENDURE.account(to(server, channel_token="channel-2"))


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"channel_token": "channel-9"}, "no channel with the token"),
        ({"money_digits": 3}, "2 decimal places"),
        ({"stock_location": "Boise"}, "which are: Reno"),
    ],
)
def test_the_connection_test_tells_what_does_not_fit(
    server: Server, settings: dict[str, Any], shown: str
) -> None:
    with client_of(VENDURE, to(server, **settings)) as client:
        [scope] = [one for one in client.test_connection() if one.name == "scope"]
    assert scope.passed is False
    assert shown in scope.text
