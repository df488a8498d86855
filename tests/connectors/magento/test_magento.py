"""Magento's documents both ways, and what a shop is asked and told."""

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
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.magento import mapper
from integrations.connectors.magento.order_items import to_ship
from integrations.connectors.magento.writing import shape
from integrations.connectors.outbound import Outbound, Outcome
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.described.lists import Lists
from tests.connectors.described.vendor import KEY
from tests.connectors.magento.shop import CONSUMER, Shop

MAGENTO = registry.get("magento")
GOLDEN = Path(__file__).parent / "golden"


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def shop_at(
    url: str = "https://shop.example.com", *, signed: bool = True, **settings: Any
) -> Connection:
    names = ("consumer_key", "consumer_secret", "access_token_secret")
    secrets = dict(zip(names, CONSUMER, strict=True)) if signed else {}
    secrets["access_token"] = KEY
    return connection(MAGENTO, settings={"url": url, **settings}, secrets=secrets)


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    return mapper.read(object_type, "", json.dumps(document).encode(), to or shop_at())


def mapped(object_type: str, document: Any, direction: Any = "in") -> dict[str, Any]:
    outcome = compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: code,
        binding=lambda kind, known: {"000000041": "41"}.get(known, MISSING),
        context={},
    )
    assert outcome.problems == []
    assert outcome.body is not None
    return outcome.body


def order(**changed: Any) -> dict[str, Any]:
    return golden("order.native") | changed


@pytest.mark.parametrize("object_type", ["order", "product", "customer", "return"])
def test_a_native_document_becomes_the_golden_record(object_type: str) -> None:
    native = read(object_type, golden(f"{object_type}.native"))
    bodies = [mapped(object_type, document) for document in native.documents]
    assert bodies == golden(f"{object_type}.canonical")
    for body in bodies:
        assert validate(object_type, body) == []
        assert warnings(object_type, body) == []


def shaped(document: dict[str, Any], native: dict[str, Any]) -> dict[str, Any]:
    whole = {**document, "order": native}
    return shape("shipment", whole, source="default", notify=False)


def test_a_shipment_becomes_the_golden_call() -> None:
    sent = shaped(mapped("shipment", golden("shipment.canonical"), "out"), order())
    assert sent.pop("order_id") == "41"
    assert sent == golden("shipment.post")


@pytest.mark.parametrize(
    ("state", "status", "ours"),
    [
        ("processing", "processing", "open"),
        ("new", "pending", "on_hold"),
        ("holded", "holded", "on_hold"),
        ("processing", "fraud", "on_hold"),
        ("canceled", "canceled", "cancelled"),
        ("closed", "closed", "cancelled"),
    ],
)
def test_only_released_statuses_open_an_order(state: str, status: str, ours: str) -> None:
    [document] = read("order", order(state=state, status=status)).documents
    assert document["derived"]["status"] == ours


def test_what_has_shipped_is_no_news() -> None:
    assert read("order", order(state="complete", status="complete")) == Native("order", [], [])


def test_a_bundle_is_its_parts_and_a_product_with_options_its_parent() -> None:
    items = [
        {"item_id": 1, "product_type": "configurable", "sku": "A"},
        {"item_id": 2, "product_type": "simple", "sku": "A", "parent_item_id": 1},
        {"item_id": 3, "product_type": "bundle", "sku": "SET"},
        {"item_id": 4, "product_type": "simple", "sku": "B", "parent_item_id": 3},
        {"item_id": 5, "product_type": "simple", "sku": "C"},
    ]
    assert [item["item_id"] for item in to_ship(items)] == [1, 4, 5]


def test_roofs_over_products_and_refunds_of_money_alone_are_no_news() -> None:
    roof = golden("product.native") | {"type_id": "configurable"}
    money = golden("return.native") | {"items": []}
    assert read("product", roof).documents == []
    assert read("return", money).documents == []


def test_a_time_that_is_none_is_said() -> None:
    [problem] = read("order", order(created_at="soon")).problems
    assert problem.path == "created_at"


@pytest.mark.parametrize("lines", [[], [{"sku": "Z", "quantity": "1"}]])
def test_a_shipment_that_does_not_fit_is_for_a_person(lines: list[Any]) -> None:
    with pytest.raises(NeedsPerson):
        shaped({"number": "S-1", "lines": lines}, order())


@pytest.fixture
def store() -> Iterator[tuple[Shop, Lists]]:
    goldens = {kind: golden(f"{kind}.native") for kind in ("order", "return")}
    shop, server = Shop(goldens, orders=3), Lists()
    server.answer = shop.answer
    yield shop, server
    server.close()


def outbound(
    object_type: str, document: dict[str, Any], *, retried: bool = False, n: int = 1
) -> Outbound:
    return Outbound(UUID(int=n), object_type, f"harbor/{n}", document, None, retried)


def deliver(server: Lists, *items: Outbound, **settings: Any) -> list[Outcome]:
    with client_of(MAGENTO, shop_at(server.url, **settings)) as client:
        return sorted(client.deliver(items), key=lambda outcome: outcome.message_id.int)


def keys(server: Lists, cursor: Any, **how: Any) -> tuple[set[str], Any]:
    with client_of(MAGENTO, shop_at(server.url, **how)) as client:
        pages = list(read_stream(client, "orders", cursor))
    return {d.dedup_key for documents, _ in pages for d in documents}, pages[-1][1]


def test_an_order_that_changes_comes_again(store: tuple[Shop, Lists]) -> None:
    shop, server = store
    first, cursor = keys(server, {})
    shop.add(golden("order.native"), 2, datetime.now(UTC) - timedelta(seconds=5))
    second, _ = keys(server, cursor)
    assert len(first) == 3
    assert [key.split(":")[1] for key in second - first] == ["2"]


def test_a_full_last_page_that_is_given_again_ends_the_pass(store: tuple[Shop, Lists]) -> None:
    shop, server = store
    for number in range(4, 51):  # 50 are a page
        shop.add(golden("order.native"), number, datetime.now(UTC) - timedelta(minutes=5))
    assert len(keys(server, {})[0]) == 50


def test_the_token_alone_is_a_bearer_token_where_the_shop_allows_it(
    store: tuple[Shop, Lists],
) -> None:
    shop, server = store
    assert len(keys(server, {}, signed=False)[0]) == 3
    shop.bearer_allowed = False
    with pytest.raises(NeedsCredentials) as caught:
        keys(server, {}, signed=False)
    assert "isn't authorized" in str(caught.value)
    assert len(keys(server, {})[0]) == 3


def test_a_credit_memo_brings_the_number_of_its_order(store: tuple[Shop, Lists]) -> None:
    _, server = store
    with client_of(MAGENTO, shop_at(server.url)) as client:
        [(documents, _)] = list(read_stream(client, "creditmemos", {}))
    [native] = mapper.read("return", "", documents[0].body, shop_at()).documents
    assert mapped("return", native)["order_number"] == "000000001"


def test_two_shipments_of_one_order_are_two_and_a_repeated_one_is_one(
    store: tuple[Shop, Lists],
) -> None:
    shop, server = store
    body = mapped("shipment", golden("shipment.canonical"), "out") | {"order_id": "1"}
    other = body | {"number": "S-2", "lines": [{"sku": "TENT-2P", "quantity": "1"}]}
    sent = [outbound("shipment", body), outbound("shipment", body, retried=True)]
    ids = [outcome.remote_id for item in sent for outcome in deliver(server, item)]
    ids += [
        outcome.remote_id
        for outcome in deliver(server, outbound("shipment", other), source_code="")
    ]
    assert ids == ["70", "70", "71"]
    assert "arguments" in shop.shipments[0]["asked"]
    assert "arguments" not in shop.shipments[1]["asked"]


def test_what_the_shop_refuses_is_said_in_its_words(store: tuple[Shop, Lists]) -> None:
    _, server = store
    lines = [{"line_no": "63", "sku": "POWER-20", "quantity": "9"}]
    body = {"order_id": "1", "number": "S-9", "lines": lines}
    [outcome] = deliver(server, outbound("shipment", body))
    assert isinstance(outcome.error, NeedsPerson)
    assert "must not be greater" in str([p.text for p in outcome.error.problems])
    [gone] = deliver(server, outbound("shipment", body | {"order_id": "999"}))
    assert isinstance(gone.error, Permanent)


def test_stock_goes_in_one_call_and_a_stranger_stops_only_itself(store: tuple[Shop, Lists]) -> None:
    shop, server = store
    items = [
        outbound("availability", {"sku": sku, "quantity": quantity}, n=n)
        for n, (sku, quantity) in enumerate([("A", "4"), ("NO-B", "1"), ("C", "0")], start=1)
    ]
    outcomes = deliver(server, *items)
    assert [type(o.error) for o in outcomes] == [type(None), NeedsPerson, type(None)]
    assert shop.stock == {
        "A": {"sku": "A", "source_code": "default", "quantity": 4, "status": 1},
        "C": {"sku": "C", "source_code": "default", "quantity": 0, "status": 0},
    }


@pytest.mark.parametrize(("sku", "kind"), [("A", type(None)), ("NO-A", NeedsPerson)])
def test_prices_that_are_refused_with_a_good_status_are_no_success(
    store: tuple[Shop, Lists], sku: str, kind: type
) -> None:
    shop, server = store
    prices = [{"sku": sku, "price": "12.50"}, {"sku": "B", "price": "9", "min_quantity": "10"}]
    body = mapped("price_list", {"list": "WEB", "currency": "USD", "prices": prices}, "out")
    [outcome] = deliver(server, outbound("price_list", body))
    assert type(outcome.error) is kind
    assert shop.prices == [{"sku": sku, "price": 12.5, "store_id": 0}]
