"""Shopify's own Admin schema: every document is valid, and the client runs against a server that executes it."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.shopify import documents
from integrations.connectors.shopify.api import conversation_of
from portal.core import guard
from portal.core.errors import NeedsPerson, Permanent
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.shopify.harness import shipment
from tests.counterparts.shopify_schema_install import FOLDER, PYTHON, SCHEMA

pytestmark = pytest.mark.counterpart(
    system="shopify-schema",
    flow="every document is valid; order to cash with THROTTLED, userErrors",
)
HERE = Path(__file__).parent
SHOPIFY = registry.get("shopify")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    shop = HERE.parent / "connectors" / "shopify"
    command = [str(PYTHON), str(HERE / "shopify_server.py"), str(SCHEMA), str(shop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=FOLDER) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture(autouse=True)
def loopback() -> None:
    guard.set_allowed_networks(lambda: ["127.0.0.0/8"])


@pytest.fixture
def to(url: str) -> Connection:
    settings = {"url": url, "access": "access token", "orders_since": "2026-01-01"}
    return connection(SHOPIFY, settings=settings, secrets={"access_token": "shpat_5up3r-hidden"})


@pytest.fixture
def client(to: Connection) -> Iterator[Any]:
    with client_of(SHOPIFY, to) as client:
        yield client


@pytest.fixture
def conversation(to: Connection) -> Conversation:
    return conversation_of(to)


def told(url: str) -> Any:
    return requests.post(f"{url}/_told", data=b"null", timeout=20).json()


def out(object_type: str, document: dict[str, Any], remote_id: str | None = None) -> Outbound:
    return Outbound(uuid4(), object_type, "x", document, remote_id, False)


def words(outcome: Outcome) -> str:
    assert isinstance(outcome.error, NeedsPerson)
    return " ".join(problem.text for problem in outcome.error.problems)


def test_every_query_and_every_change_is_valid_by_shopifys_schema(url: str) -> None:
    everyone = documents.everyone()
    assert len(everyone) > 20
    faults = requests.post(f"{url}/_check", data=json.dumps(everyone), timeout=20).json()
    assert {name: said for name, said in faults.items() if said} == {}


def test_a_field_there_is_none_of_is_refused_in_shopifys_words(conversation: Conversation) -> None:
    with pytest.raises(Permanent) as caught:
        conversation.ask("query Old { orders(first: 1) { nodes { total_price } } }")
    assert "total_price" in str(caught.value)


def test_an_input_that_does_not_fit_asks_a_person(conversation: Conversation) -> None:
    with pytest.raises(NeedsPerson):
        conversation.ask(documents.FULFIL, {"fulfillment": {"lineItems": []}})


def test_order_to_cash(url: str, client: Any) -> None:
    streams = {
        stream: [one for page, _ in read_stream(client, stream, {}) for one in page]
        for stream in SHOPIFY.mapper.STREAMS
    }
    counts = {stream: len({one.dedup_key for one in found}) for stream, found in streams.items()}
    assert counts == {"orders": 42, "products": 2, "customers": 70, "refunds": 1, "stock": 62}

    first = shipment("1001", tracking=["1Z1"])
    again = shipment("1001", tracking=["1Z1"], retried=True)
    outcomes = [next(iter(client.deliver([item]))) for item in (first, again)]
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert outcomes[0].remote_id == outcomes[1].remote_id
    too_many = [{"line_no": "1001001", "sku": "TENT-2P", "quantity": "4"}]
    [refused] = client.deliver([shipment("1001", number="S2", lines=too_many)])
    assert "less to fulfil" in words(refused)
    far = shipment("2001", lines=[{"sku": "SKU-7", "quantity": "1"}])
    long = shipment("2000", lines=[{"sku": "SKU-149", "quantity": "1"}])
    assert [outcome.error for outcome in client.deliver([far, long])] == [None, None]

    stock = [out("availability", {"sku": f"SKU-{n}", "quantity": str(n)}) for n in range(60)]
    assert {outcome.error for outcome in client.deliver(stock)} == {None}
    listed = {"currency": "USD", "prices": [{"sku": "TENT-2P", "price": "19.99"}]}
    cancelled = out("order", {"order_id": "1002", "status": "cancelled"}, "1002")
    done = list(client.deliver([out("price_list", listed), cancelled]))
    assert [outcome.error for outcome in done] == [None, None]
    negative = {"currency": "USD", "prices": [{"sku": "TENT-2P", "price": "-1"}]}
    [refused] = client.deliver([out("price_list", negative)])
    assert "Price must be greater" in words(refused)

    said = told(url)
    assert said["fulfilments"] == 3
    assert said["orders"]["#1001"] == "PARTIALLY_FULFILLED"
    assert (said["stock"]["SKU-41"], said["stock"]["STOVE-1"]) == (41, 10)
    assert said["cancelled"] == ["gid://shopify/Order/1002"]

    assert {level.item: level.quantity for level in client.levels()}["SKU-41"] == "41"
    orders = {one.number: one for one in client.orders(since=NOON - timedelta(days=1))}
    assert (len(orders), orders["1002"].status) == (42, "cancelled")
    assert len(client.order_lines(["2000"])["2000"]) == 150
    assert client.fetch_order("1005").object_type == "order"
    assert [check.passed for check in client.test_connection()] == [True, None, True, True, True]

    said = told(url)
    everyone = {
        text.split("(")[0].split("{")[0].split()[1] for text in documents.everyone().values()
    }
    assert {name for name, _ in said["run"]} == everyone  # nothing was only read about
    assert said["throttled"], "the bucket was never empty"
    assert max(cost for _, cost in said["run"]) <= 1000
