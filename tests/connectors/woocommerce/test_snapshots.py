"""What a store says it has."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from integrations.connectors import registry
from integrations.connectors.snapshot import LevelSaid, LineSaid
from integrations.connectors.woocommerce.snapshots import pieces
from portal.core.errors import Permanent
from tests.connectors.conformance import client_of, connection
from tests.connectors.counterparts import start_process, stop_process


class Store:
    def __init__(self, url: str) -> None:
        self.url = url

    def place(self, **body: Any) -> dict[str, Any]:
        return requests.post(f"{self.url}/_sandbox/order", json=body, timeout=10).json()

    def place_many(self, count: int) -> list[int]:
        wanted = {"count": count, "webhooks": False, "seed": 3}
        return requests.post(f"{self.url}/_sandbox/orders", json=wanted, timeout=10).json()["ids"]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    process, line = start_process("sandbox.store", "--key", "ck", "--secret", "cs")
    yield Store(line.split()[2])
    stop_process(process)


@pytest.fixture
def client(store: Store) -> Iterator[Any]:
    connector = registry.get("woocommerce")
    secrets = {"consumer_key": "ck", "consumer_secret": "cs"}
    with client_of(
        connector, connection(connector, settings={"url": store.url}, secrets=secrets)
    ) as c:
        yield c


def test_every_product_is_said_with_what_the_store_shows(client):
    found = list(client.levels())
    assert len(found) == 51
    assert [one.location for one in found] == [""] * 51
    tent = next(one for one in found if one.item == "TENT-2P")
    assert isinstance(tent, LevelSaid) and tent.quantity.isdigit()


def test_orders_of_more_than_a_page_are_all_said_with_their_pieces(store, client):
    ids = store.place_many(120)
    since = datetime.now(UTC) - timedelta(hours=1)
    found = {one.remote_id: one for one in client.orders(since=since)}
    assert {str(number) for number in ids} <= found.keys()
    one = found[str(ids[0])]
    lines = client.order_lines([one.remote_id])[one.remote_id]
    assert one.pieces == str(sum(int(line.quantity) for line in lines))
    assert (one.status, since < one.placed_at) == ("open", True)
    assert all(isinstance(line, LineSaid) and line.item for line in lines)


def test_a_status_of_the_store_is_said_in_our_words(store, client):
    said = {}
    for status in ("processing", "on-hold", "cancelled", "completed"):
        said[status] = str(store.place(status=status)["id"])
    since = datetime.now(UTC) - timedelta(hours=1)
    found = {one.remote_id: one.status for one in client.orders(since=since)}
    assert [found[number] for number in said.values()] == [
        "open",
        "on_hold",
        "cancelled",
        "shipped",
    ]


def test_one_order_comes_again_as_a_poll_would_bring_it(store, client):
    placed = store.place()
    received = client.fetch_order(str(placed["id"]))
    page = client.fetch("orders", {}, now=datetime.now(UTC))
    assert received.object_type == "order"
    assert received.dedup_key in {one.dedup_key for one in _all_pages(client, page)}


def _all_pages(client, page):
    found = list(page.documents)
    while page.more:
        page = client.fetch("orders", page.cursor, now=datetime.now(UTC))
        found += page.documents
    return found


def test_an_order_the_store_has_not_is_an_error_for_good(client):
    with pytest.raises(Permanent, match="no order 999999"):
        client.fetch_order("999999")


def test_a_quantity_that_is_none_is_said_as_the_store_says_it():
    lines = [LineSaid("TENT-2P", "2"), LineSaid("MUG-12", "1e3000000")]
    assert pieces(lines) == "1e3000000"
    assert pieces([LineSaid("TENT-2P", "2"), LineSaid("MUG-12", "1.50")]) == "3.50"
