"""BigCommerce's documents both ways, and what a store is asked and told."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from integrations.canonical.totals import warnings
from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.bigcommerce import mapper
from integrations.connectors.bigcommerce.shipping import shape
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.outbound import Outbound, Outcome
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsPerson, Permanent, Retryable
from tests.connectors.bigcommerce.store import Store
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.described.lists import Lists, Reply
from tests.connectors.described.vendor import KEY

BIG = registry.get("bigcommerce")
GOLDEN = Path(__file__).parent / "golden"


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def store_at(url: str = "https://api.example.com", **settings: Any) -> Connection:
    return connection(
        BIG,
        settings={"url": url, "store_hash": "harb0r", **settings},
        secrets={"access_token": KEY},
    )


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    body = json.dumps(document).encode()
    return mapper.read(object_type, "", body, to or store_at())


def mapped(object_type: str, document: Any, direction: Any = "in") -> dict[str, Any]:
    outcome = compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: code,
        binding=lambda kind, known: {"1001": "1001"}.get(known, MISSING),
        context={},
    )
    assert outcome.problems == []
    assert outcome.body is not None
    return outcome.body


def order(**changed: Any) -> dict[str, Any]:
    return golden("order.native") | changed


@pytest.mark.parametrize("object_type", ["order", "product", "customer"])
def test_a_native_document_becomes_the_golden_records(object_type: str) -> None:
    native = read(object_type, golden(f"{object_type}.native"))
    bodies = [mapped(object_type, document) for document in native.documents]
    assert bodies == golden(f"{object_type}.canonical")
    for body in bodies:
        assert validate(object_type, body) == []
        assert warnings(object_type, body) == []


def test_a_shipment_becomes_the_golden_call() -> None:
    document = mapped("shipment", golden("shipment.canonical"), "out")
    assert document.pop("order_id") == "1001"
    products = golden("order.native")["order_products"]
    sent = shape("shipment", {**document, "order_products": products}, location="1")
    sent.pop("order_products")
    assert sent == golden("shipment.post")


@pytest.mark.parametrize(
    ("status", "ours"),
    [(11, "open"), (9, "open"), (1, "on_hold"), (7, "on_hold"), (13, "on_hold"), (5, "cancelled"),
     (4, "cancelled")],
)  # fmt: skip
def test_only_released_statuses_open_an_order(status: int, ours: str) -> None:
    [document] = read("order", order(status_id=status)).documents
    assert document["derived"]["status"] == ours


@pytest.mark.parametrize("changed", [{"status_id": 2}, {"status_id": 0}, {"is_deleted": True}])
def test_carts_and_what_has_shipped_are_no_news(changed: dict[str, Any]) -> None:
    assert read("order", order(**changed)) == Native("order", [], [])


def test_an_order_to_two_addresses_is_for_a_person() -> None:
    addresses = golden("order.native")["order_addresses"] * 2
    [problem] = read("order", order(order_addresses=addresses)).problems
    assert problem.text == "The order goes to 2 addresses; one order can go to one."


def test_what_is_downloaded_goes_to_the_billing_address() -> None:
    [document] = read("order", order(order_addresses=[])).documents
    assert mapped("order", document)["ship_to"]["name"] == "Sam Reyes"


def test_an_amount_and_a_date_that_are_none_are_said() -> None:
    native = read("order", order(total_tax="much", date_created="yesterday"))
    assert {p.path for p in native.problems} == {"total_tax", "date_created"}


def parcel(lines: list[dict[str, Any]], products: list[dict[str, Any]]) -> dict[str, Any]:
    return shape("shipment", {"lines": lines, "order_products": products}, location="1")


def product(
    number: int, sku: str, quantity: int, shipped: int = 0, address: int = 8
) -> dict[str, Any]:
    return {"id": number, "sku": sku, "quantity": quantity, "quantity_shipped": shipped,
            "order_address_id": address}  # fmt: skip


def test_pieces_of_one_item_are_shared_among_its_lines() -> None:
    products = [product(1, "A", 2, shipped=1), product(2, "A", 3), product(3, "B", 1)]
    sent = parcel([{"sku": "A", "quantity": "3"}], products)
    assert sent["items"] == [
        {"order_product_id": 1, "quantity": 1},
        {"order_product_id": 2, "quantity": 2},
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{"sku": "C", "quantity": "1"}], "The order has no line of C there."),
        ([], "The shipment has no pieces."),
        ([{"sku": "A", "quantity": "1"}, {"sku": "B", "quantity": "1"}], "goes to two addresses"),
        ([{"sku": "A", "quantity": "lots"}], "a number is needed"),
    ],
)
def test_a_shipment_that_does_not_fit_is_for_a_person(lines: list[Any], said: str) -> None:
    products = [product(1, "A", 2), product(2, "B", 3, address=9)]
    with pytest.raises(NeedsPerson) as caught:
        parcel(lines, products)
    assert said in str([p.text for p in caught.value.problems])


@pytest.fixture
def shop() -> Iterator[tuple[Store, Lists]]:
    store, server = Store(golden("order.native"), orders=3), Lists()
    server.answer = store.answer
    yield store, server
    server.close()


def outbound(
    object_type: str, document: dict[str, Any], *, retried: bool = False, n: int = 1
) -> Outbound:
    return Outbound(UUID(int=n), object_type, f"harbor/{n}", document, None, retried)


def deliver(server: Lists, *items: Outbound, **settings: Any) -> list[Outcome]:
    with client_of(BIG, store_at(server.url, **settings)) as client:
        return sorted(client.deliver(items), key=lambda outcome: outcome.message_id.int)


def test_orders_come_with_their_products_and_addresses(shop: tuple[Store, Lists]) -> None:
    store, server = shop
    with client_of(BIG, store_at(server.url)) as client:
        [(documents, _), *_] = list(read_stream(client, "orders", {}))
    native = json.loads(documents[0].body)
    assert [line["sku"] for line in native["order_products"]] == ["TENT-2P", "POWER-20"]
    [again] = mapper.read("order", "", documents[0].body, store_at()).documents
    assert validate("order", mapped("order", again)) == []
    # One call for the products and one for the addresses of each order: a short page is the last.
    assert sum(call.endswith("/101/products") for call in store.calls) == 1


def test_an_order_that_changes_comes_again(shop: tuple[Store, Lists]) -> None:
    store, server = shop
    with client_of(BIG, store_at(server.url)) as client:
        first = list(read_stream(client, "orders", {}))
        keys = {d.dedup_key for documents, _ in first for d in documents}
        store.add(golden("order.native"), 102, datetime.now(UTC) - timedelta(seconds=5))
        second = list(read_stream(client, "orders", first[-1][1]))
    new = {d.dedup_key for documents, _ in second for d in documents} - keys
    assert [key.split(":")[1] for key in new] == ["102"]


def test_two_shipments_of_one_order_are_two_and_a_repeated_one_is_one(
    shop: tuple[Store, Lists],
) -> None:
    store, server = shop
    body = mapped("shipment", golden("shipment.canonical"), "out") | {"order_id": "101"}
    other = copy.deepcopy(body) | {
        "comments": "S-2",
        "lines": [{"sku": "TENT-2P", "quantity": "1"}],
    }
    sent = [outbound("shipment", body), outbound("shipment", body, retried=True)]
    ids = [outcome.remote_id for item in sent for outcome in deliver(server, item)]
    ids += [outcome.remote_id for outcome in deliver(server, outbound("shipment", other))]
    assert ids == ["500", "500", "501"]
    assert [one["comments"] for one in store.shipments[101]] == ["S-1", "S-2"]


def test_what_the_store_refuses_is_said_in_its_words(shop: tuple[Store, Lists]) -> None:
    _, server = shop
    lines = [{"line_no": "32", "sku": "POWER-20", "quantity": "9"}]
    body = {"order_id": "101", "comments": "S-9", "lines": lines}
    [outcome] = deliver(server, outbound("shipment", body))
    assert isinstance(outcome.error, NeedsPerson)
    assert "more than was not shipped yet" in str([p.text for p in outcome.error.problems])


def test_an_order_that_is_gone_is_said(shop: tuple[Store, Lists]) -> None:
    _, server = shop
    body = {"order_id": "999", "comments": "S-9", "lines": [{"sku": "A", "quantity": "1"}]}
    [outcome] = deliver(server, outbound("shipment", body))
    assert isinstance(outcome.error, Permanent)


def test_stock_goes_in_one_call_and_a_stranger_stops_only_itself(shop: tuple[Store, Lists]) -> None:
    store, server = shop
    items = [
        outbound("availability", {"sku": sku, "quantity": str(n)}, n=n)
        for n, sku in enumerate(["A", "NO-B", "C"], start=1)
    ]
    outcomes = deliver(server, *items)
    assert [type(o.error) for o in outcomes] == [type(None), NeedsPerson, type(None)]
    assert "Unknown SKU NO-B" in str(outcomes[1].error.problems)
    assert store.stock == {"A": 1, "C": 3}


def test_prices_go_to_the_price_list_that_was_entered(shop: tuple[Store, Lists]) -> None:
    store, server = shop
    prices = [{"sku": f"S{n}", "price": f"{n}.50"} for n in range(250)]
    body = mapped("price_list", {"list": "WEB", "currency": "USD", "prices": prices}, "out")
    [refused] = deliver(server, outbound("price_list", body))
    assert isinstance(refused.error, Permanent)
    assert "The setting price_list_id is empty" in str(refused.error)
    [outcome] = deliver(server, outbound("price_list", body), price_list_id="5")
    assert outcome.error is None
    assert len(store.prices) == 250
    assert store.prices["S7"] == {"sku": "S7", "price": 7.5, "currency": "usd"}
    assert sum("pricelists" in call for call in store.calls) == 3


def test_a_store_that_has_no_calls_left_is_left_alone(shop: tuple[Store, Lists]) -> None:
    _, server = shop
    server.answer = lambda asked: Reply(
        429, {"status": 429, "title": "Too many requests"}, {"X-Rate-Limit-Time-Reset-Ms": "15000"}
    )
    [outcome] = deliver(server, outbound("availability", {"sku": "A", "quantity": "1"}))
    assert isinstance(outcome.error, Retryable)
    assert outcome.error.retry_after == 15
