"""The Vendure connector against Vendure 3.7."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from integrations.canonical.totals import warnings
from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Refused
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.vendure.polling import LISTINGS
from integrations.connectors.vendure.settings import BY_LOGIN
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsCredentials, NeedsPerson
from tests.connectors.answering import Answering
from tests.connectors.conformance import client_of, connection, read_stream
from tests.counterparts.vendure_running import BELL_SECRET, PASSWORD, USER, Vendure, vendure

ORDERS = pytest.mark.counterpart(system="vendure", flow="orders in")
WEBHOOKS = pytest.mark.counterpart(system="vendure", flow="orders by a plugin's webhooks")
SHIPPING = pytest.mark.counterpart(system="vendure", flow="shipments and cancellations out")
STOCK = pytest.mark.counterpart(system="vendure", flow="stock and prices out")
REFUSED = pytest.mark.counterpart(system="vendure", flow="refusals in its own words")
CONNECTOR = registry.get("vendure")


@pytest.fixture(scope="module")
def door() -> Iterator[Answering]:
    """Where the shop's webhooks go."""
    door = Answering()
    yield door
    door.close()


@pytest.fixture(scope="module")
def shop(door: Answering, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendure]:
    """A shop with four variants."""
    with vendure(tmp_path_factory.mktemp("vendure"), bell=f"{door.url}/hooks") as started:
        yield started


def to(shop: Vendure, **settings: Any) -> Connection:
    entered = {"url": shop.url, "orders_since": "2026-01-01T00:00:00", **settings}
    return connection(CONNECTOR, settings=entered, secrets={"api_key": shop.key})


@pytest.fixture
def client(shop: Vendure) -> Iterator[Any]:
    with client_of(CONNECTOR, to(shop)) as made:
        yield made


def read(client: Any, stream: str, cursor: Any = None) -> tuple[list[dict[str, Any]], Any]:
    """What a poll brings, as valid canonical documents, and the cursor behind it."""
    found = []
    for documents, behind in read_stream(client, stream, cursor or {}):
        cursor = behind
        for one in documents:
            found += mapped(client, one)
    return found, cursor


def mapped(client: Any, received: Any) -> list[dict[str, Any]]:
    kind = received.object_type
    native = CONNECTOR.mapper.read(kind, received.topic, received.body, client._connection)
    assert native.problems == []
    mapping = compile_mapping(CONNECTOR.mapper.MAPPINGS[kind, "in"], name="in")
    bodies = []
    for document in native.documents:
        outcome = mapping.run(
            document, lookup=lambda table, code: code, binding=lambda *_: MISSING, context={}
        )
        assert outcome.problems == []
        assert outcome.body is not None
        assert validate(kind, outcome.body) == []
        assert warnings(kind, outcome.body) == []
        bodies.append(outcome.body)
    return bodies


def send(client: Any, kind: str, document: dict[str, Any], **known: Any) -> Outcome:
    item = {"remote_id": None, "retried": False, **known}
    outbound = Outbound(uuid4(), kind, "key", document=document, **item)
    [outcome] = client.deliver([outbound])
    return outcome


def ship(
    client: Any, order: str, lines: dict[str, int] | None, *, tracking: str = "1Z1", **more: Any
) -> Outcome:
    document = {
        "order_id": order,
        "shipment_number": f"S-{tracking}",
        "tracking": [tracking] if tracking else [],
        "company": "UPS",
        "shipped": "partial" if lines else "complete",
        "lines": [{"sku": sku, "quantity": str(n)} for sku, n in (lines or {}).items()],
    }
    return send(client, "shipment", document, **more)


def words(outcome: Outcome) -> str:
    assert isinstance(outcome.error, NeedsPerson), outcome
    return outcome.error.problems[0].text


@ORDERS
def test_it_knows_the_key_and_what_may_be_read(client: Any) -> None:
    checks = list(client.test_connection())
    assert [check for check in checks if check.passed is False] == []
    assert "__default_channel__" in next(one.text for one in checks if one.name == "key")


@ORDERS
def test_an_order_that_is_placed_in_the_shop_is_polled(shop: Vendure, client: Any) -> None:
    _, cursor = read(client, "orders")
    placed = shop.buy([("TENT-2P", 2), ("STOVE-1", 3)])
    found, _ = read(client, "orders", cursor)
    [order] = [one for one in found if one["number"] == placed["code"]]
    assert order["status"] == "open"
    assert order["totals"] == {
        "lines": "497.85",
        "discount": "0.00",
        "shipping": "5.00",
        "tax": "41.08",
        "total": "543.93",
    }
    lines = [(one["sku"], one["quantity"], one["unit_price"]) for one in order["lines"]]
    assert lines == [("TENT-2P", "2", "189.00"), ("STOVE-1", "3", "39.95")]
    assert order["ship_to"]["name"] == "Sam Reyes"
    assert order["ship_to"]["country"] == "US"


@ORDERS
def test_an_order_that_is_authorised_only_waits_unless_it_is_released(
    shop: Vendure, client: Any
) -> None:
    placed = shop.buy([("TENT-2P", 1)], pays="invoice")
    assert placed["state"] == "PaymentAuthorized"
    received = client.fetch_order(placed["id"])
    assert mapped(client, received)[0]["status"] == "on_hold"
    with client_of(CONNECTOR, to(shop, release_states=["PaymentAuthorized"])) as other:
        assert mapped(other, received)[0]["status"] == "open"


@ORDERS
def test_products_and_customers_are_polled(shop: Vendure, client: Any) -> None:
    shop.buy([("STOVE-1", 1)])
    products, _ = read(client, "products")
    prices = {one["sku"]: one["price"] for one in products}
    assert prices["STOVE-1"] == "39.95"
    assert set(prices) == {"TENT-2P", "TENT-4P", "STOVE-1", "MUG-1"}
    customers, _ = read(client, "customers")
    assert "sam@example.com" in [one["email"] for one in customers]


@ORDERS
def test_a_session_works_and_one_that_the_shop_forgot_is_renewed(shop: Vendure) -> None:
    entered = {
        "url": shop.url,
        "access": BY_LOGIN,
        "username": USER,
        "orders_since": "2026-01-01T00:00:00",
    }
    given = connection(CONNECTOR, settings=entered, secrets={"password": PASSWORD})
    now = datetime.now(UTC)
    with client_of(CONNECTOR, given) as client:
        client.fetch("products", {}, now=now)
        held, _ = client._conversation._site._tokens.current()
        site = client._conversation._site
        site._carrying(held, "POST", "", body=b'{"query":"mutation { logout { success } }"}')
        assert client.fetch("products", {}, now=now).documents
    wrong = connection(CONNECTOR, settings=entered, secrets={"password": "wrong"})
    refusal = pytest.raises(NeedsCredentials, match="The provided credentials are invalid")
    with client_of(CONNECTOR, wrong) as client, refusal:
        client.fetch("products", {}, now=now)


@WEBHOOKS
def test_the_plugin_of_the_readme_sends_the_order_that_a_poll_brings(
    shop: Vendure, client: Any, door: Answering
) -> None:
    placed = shop.buy([("TENT-2P", 1)])
    polled = client.fetch_order(placed["id"])
    until = time.monotonic() + 10
    while time.monotonic() < until:
        sent = [(headers, body) for _, _, headers, body in list(door.asked)]
        found = [one for one in sent if placed["code"].encode() in one[1]]
        if found and b"PaymentSettled" in found[-1][1]:
            break
        time.sleep(0.05)
    headers, body = found[-1]
    signed = connection(
        CONNECTOR, settings={"url": shop.url}, secrets={"webhook_secret": BELL_SECRET}
    )
    received = CONNECTOR.admit(headers, body, signed)
    assert mapped(client, received) == mapped(client, polled)
    with pytest.raises(Refused):
        CONNECTOR.admit(headers, body + b" ", signed)


@SHIPPING
def test_a_part_ships_and_then_the_rest(shop: Vendure, client: Any) -> None:
    placed = shop.buy([("TENT-2P", 2), ("STOVE-1", 1)])
    first = ship(client, placed["id"], {"TENT-2P": 1}, tracking="1Z-A")
    assert first.error is None, first
    assert shop.order(placed["id"])["state"] == "PartiallyShipped"
    rest = ship(client, placed["id"], {"TENT-2P": 1, "STOVE-1": 1}, tracking="1Z-B")
    assert rest.error is None, rest
    order = shop.order(placed["id"])
    assert order["state"] == "Shipped"
    made = [(one["method"], one["trackingCode"], one["state"]) for one in order["fulfillments"]]
    assert sorted(made) == [("UPS", "1Z-A", "Shipped"), ("UPS", "1Z-B", "Shipped")]
    assert {first.remote_id, rest.remote_id} == {one["id"] for one in order["fulfillments"]}
    assert mapped(client, client.fetch_order(placed["id"])) == []


@SHIPPING
@pytest.mark.parametrize("tracking", ["1Z-C", ""])
def test_a_shipment_that_is_sent_twice_has_one_effect(
    shop: Vendure, client: Any, tracking: str
) -> None:
    placed = shop.buy([("TENT-2P", 2)])
    first = ship(client, placed["id"], {"TENT-2P": 1}, tracking=tracking)
    again = ship(client, placed["id"], {"TENT-2P": 1}, tracking=tracking, retried=True)
    assert (first.error, again.error) == (None, None)
    assert first.remote_id == again.remote_id
    assert len(shop.order(placed["id"])["fulfillments"]) == 1


@SHIPPING
def test_a_try_that_broke_off_is_completed_by_the_next(shop: Vendure, client: Any) -> None:
    placed = shop.buy([("TENT-2P", 1)])
    with client_of(CONNECTOR, to(shop, fulfilment_state="Pending")) as careful:
        assert ship(careful, placed["id"], None).error is None
    [made] = shop.order(placed["id"])["fulfillments"]
    assert made["state"] == "Pending"
    assert ship(client, placed["id"], None, retried=True).error is None
    [made] = shop.order(placed["id"])["fulfillments"]
    assert made["state"] == "Shipped"


@SHIPPING
def test_an_order_is_cancelled_once_and_comes_back_as_it_was_placed(
    shop: Vendure, client: Any
) -> None:
    placed = shop.buy([("TENT-2P", 2)])
    document = {"order_id": placed["id"], "status": "cancelled"}
    for _ in range(2):
        assert send(client, "order", document).error is None
    assert shop.order(placed["id"])["state"] == "Cancelled"
    [order] = mapped(client, client.fetch_order(placed["id"]))
    assert (order["status"], order["lines"][0]["quantity"]) == ("cancelled", "2")
    assert "cancelled in the shop" in words(ship(client, placed["id"], None))


@STOCK
def test_what_is_for_sale_is_set_beside_what_orders_wait_for(shop: Vendure, client: Any) -> None:
    shop.buy([("TENT-4P", 3)])
    waits = shop.variant("TENT-4P")["stockLevels"][0]["stockAllocated"]
    assert waits >= 3
    for _ in range(2):
        outcome = send(client, "availability", {"sku": "TENT-4P", "quantity": "74"})
        assert outcome.error is None, outcome
        [level] = shop.variant("TENT-4P")["stockLevels"]
        assert level["stockOnHand"] == 74 + waits
    assert outcome.answer == {"found": True}


@STOCK
def test_stock_that_is_sold_out_is_seen_by_the_shops_customers(shop: Vendure, client: Any) -> None:
    assert send(client, "availability", {"sku": "MUG-1", "quantity": "0"}).error is None
    assert shop.variant("MUG-1")["stockLevel"] == "OUT_OF_STOCK"
    with pytest.raises(AssertionError, match="InsufficientStockError"):
        shop.buy([("MUG-1", 1)])


@STOCK
def test_a_price_is_set_to_the_cent(shop: Vendure, client: Any) -> None:
    prices = [{"sku": "MUG-1", "price": "13.37"}]
    assert send(client, "price_list", {"currency": "USD", "prices": prices}).error is None
    assert shop.variant("MUG-1")["price"] == 1337
    finer = [{"sku": "MUG-1", "price": "13.375"}]
    assert "2 decimal places" in words(
        send(client, "price_list", {"currency": "USD", "prices": finer})
    )
    assert "USD" in words(send(client, "price_list", {"currency": "EUR", "prices": prices}))


@REFUSED
def test_more_than_was_ordered_is_refused_in_vendures_words(shop: Vendure, client: Any) -> None:
    placed = shop.buy([("TENT-2P", 1)])
    outcome = ship(client, placed["id"], {"TENT-2P": 2})
    text = "Vendure says: One or more OrderItems are already part of a Fulfillment"
    assert words(outcome) == text
    assert shop.order(placed["id"])["fulfillments"] == []


@REFUSED
def test_what_does_not_lie_there_is_refused_in_vendures_words(shop: Vendure, client: Any) -> None:
    placed = shop.buy([("STOVE-1", 2)])
    waits = shop.variant("STOVE-1")["stockLevels"][0]["stockAllocated"]
    sent = send(client, "availability", {"sku": "STOVE-1", "quantity": str(1 - waits)})
    assert sent.error is None
    outcome = ship(client, placed["id"], None)
    assert "insufficient stockOnHand" in words(outcome)
    send(client, "availability", {"sku": "STOVE-1", "quantity": "900"})


@REFUSED
def test_an_order_and_goods_that_it_does_not_know_are_told(shop: Vendure, client: Any) -> None:
    assert "no order" in words(ship(client, "99999", None))
    assert "no variant" in words(send(client, "availability", {"sku": "NO-1", "quantity": "1"}))


@REFUSED
def test_a_key_of_nobody_is_refused(shop: Vendure) -> None:
    given = connection(CONNECTOR, settings={"url": shop.url}, secrets={"api_key": "nobody's"})
    with client_of(CONNECTOR, given) as client:
        with pytest.raises(NeedsCredentials, match="not currently authorized"):
            client.fetch("orders", {}, now=datetime.now(UTC))
        key = next(check for check in client.test_connection() if check.name == "key")
        assert key.passed is False


@ORDERS
def test_a_pass_skips_no_order_whatever_changes_while_pages_are_read(
    shop: Vendure, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LISTINGS, "orders", replace(LISTINGS["orders"], per_page=2))
    placed = {shop.buy([("TENT-2P", 1)])["code"] for _ in range(5)}
    begins = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    seen = set()
    with client_of(CONNECTOR, to(shop, orders_since=begins)) as other:
        for documents, _ in read_stream(other, "orders", {}):
            for one in documents:
                seen |= {order["number"] for order in mapped(other, one)}
    assert placed <= seen
