"""Walmart's orders in, shipments and stock out, and what a seller's account is asked and told."""

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
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.walmart import mapper
from integrations.connectors.walmart.writing import shape
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.described.lists import Asked, Lists, Reply
from tests.connectors.described.vendor import KEY
from tests.connectors.walmart.seller import CLIENT, Seller, lines_in

WALMART = registry.get("walmart")
GOLDEN = Path(__file__).parent / "golden"
ORDER = "1090000000001"


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def seller_at(url: str = "https://api.example.com", *, secret: str = KEY) -> Connection:
    settings = {"url": url, "token_url": f"{url}/v3/token", "client_id": CLIENT}
    return connection(WALMART, settings=settings, secrets={"client_secret": secret})


def read(document: Any) -> Native:
    return mapper.read("order", "", json.dumps(document).encode(), seller_at())


def mapped(object_type: str, document: Any, direction: Any = "in") -> dict[str, Any]:
    outcome = compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: code,
        binding=lambda kind, known: known if known.startswith("109") else MISSING,
        context={},
    )
    assert outcome.problems == []
    assert outcome.body is not None
    return outcome.body


def order(*states: dict[str, str], **changed: Any) -> dict[str, Any]:
    """The golden order, each of its lines with so many pieces in a status."""
    made = golden("order.native") | changed
    for line, state in zip(lines_in(made), states, strict=False):
        line["orderLineStatuses"]["orderLineStatus"] = [
            {"status": status, "statusQuantity": {"unitOfMeasurement": "EACH", "amount": pieces}}
            for status, pieces in state.items()
        ]
    return made


def body_of(document: dict[str, Any]) -> dict[str, Any]:
    [native] = read(document).documents
    body = mapped("order", native)
    assert validate("order", body) == []
    assert warnings("order", body) == []
    return body


def test_an_order_becomes_the_golden_record() -> None:
    assert [body_of(golden("order.native"))] == golden("order.canonical")


def test_a_shipment_becomes_the_golden_call() -> None:
    document = mapped("shipment", golden("shipment.canonical"), "out")
    assert document.pop("order_id") == "109007446257350"
    there = {"order": golden("order.native")}
    assert shape("shipment", {**document, "there": there}) == golden("shipment.post")


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ({"Acknowledged": "2"}, {"Created": "1"}, "open"),
        ({"Cancelled": "2"}, {"Cancelled": "1"}, "cancelled"),
        ({"Cancelled": "2"}, {"Acknowledged": "1"}, "open"),
    ],
)
def test_an_order_is_open_until_all_of_it_is_cancelled(
    first: dict[str, str], second: dict[str, str], status: str
) -> None:
    assert body_of(order(first, second))["status"] == status


@pytest.mark.parametrize(
    "made",
    [
        order({"Shipped": "2"}, {"Acknowledged": "1"}),
        order({"Acknowledged": "1", "Delivered": "1"}, {"Acknowledged": "1"}),
        order({"Refund": "2"}, {"Refund": "1"}),
        order(shipNode={"type": "WFSFulfilled"}),
    ],
)
def test_what_has_shipped_and_what_walmart_ships_is_no_news(made: dict[str, Any]) -> None:
    assert read(made) == Native("order", [], [])


def test_of_what_is_partly_cancelled_the_rest_counts() -> None:
    body = body_of(order({"Acknowledged": "1", "Cancelled": "1"}, {"Cancelled": "1"}))
    [line] = body["lines"]
    assert (line["quantity"], line["unit_price"], line["total"]) == ("1", "119.99", "109.99")
    assert body["totals"]["lines"] == "119.99"
    assert body["totals"]["total"] == "123.16"


def test_amounts_and_times_that_are_none_are_said_with_their_place() -> None:
    made = order(orderDate="soon")
    lines_in(made)[0]["charges"]["charge"][0]["chargeAmount"]["amount"] = "lots"
    found = {problem.path for problem in read(made).problems}
    assert found == {"orderDate", "orderLines.orderLine[0].charges.charge[0].chargeAmount.amount"}


def test_a_buyers_wish_to_cancel_is_shown_and_known_when_it_ships() -> None:
    made = order()
    lines_in(made)[1]["intentToCancel"] = "true"
    [note] = body_of(made)["notes"]
    assert note["text"] == "LAMP: the buyer asks for a cancel."
    document = mapped("shipment", golden("shipment.canonical"), "out")
    sent = shape("shipment", {**document, "there": {"order": made}})
    told = sent["orderShipment"]["orderLines"]["orderLine"]
    assert [one["intentToCancelOverride"] for one in told] == [False, True]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lines": [{"sku": "ROPE", "quantity": "1"}]}, "no line of ROPE"),
        ({"lines": [{"sku": "LAMP", "quantity": "0.5"}]}, "it counts whole ones"),
        ({"lines": []}, "has no pieces"),
        ({"tracking_number": None}, "has no tracking number"),
        ({"carrier": None}, "has no carrier"),
        ({"shipped_at": "noon"}, "a time such as"),
    ],
)
def test_a_shipment_that_does_not_fit_is_for_a_person(changed: dict[str, Any], said: str) -> None:
    document = mapped("shipment", golden("shipment.canonical"), "out") | changed
    with pytest.raises(NeedsPerson) as caught:
        shape("shipment", {**document, "there": {"order": golden("order.native")}})
    assert said in str([p.text for p in caught.value.problems])


@pytest.fixture
def account() -> Iterator[tuple[Seller, Lists]]:
    seller, server = Seller(golden("order.native"), orders=3), Lists()
    server.answer = seller.answer
    yield seller, server
    server.close()


def outbound(
    object_type: str, document: dict[str, Any], *, retried: bool = False, n: int = 1
) -> Outbound:
    return Outbound(UUID(int=n), object_type, f"harbor/{n}", document, None, retried)


def deliver(server: Lists, *items: Outbound) -> list[Outcome]:
    with client_of(WALMART, seller_at(server.url)) as client:
        return sorted(client.deliver(items), key=lambda outcome: outcome.message_id.int)


def parcel(lines: dict[str, str], tracking: str = "1Z1", **changed: Any) -> dict[str, Any]:
    made = mapped("shipment", golden("shipment.canonical"), "out")
    pieces = [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()]
    return made | {"order_id": ORDER, "lines": pieces, "tracking_number": tracking} | changed


def test_one_token_serves_all_calls_in_its_own_header(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    with client_of(WALMART, seller_at(server.url)) as client:
        [(documents, cursor)] = list(read_stream(client, "orders", {}))
        list(read_stream(client, "orders", cursor))
    assert len(documents) == 3
    assert seller.tokens == 1
    assert all("authorization" not in a.headers for a in server.asked if a.path != "/v3/token")


def test_a_secret_that_is_refused_stops_the_connection(account: tuple[Seller, Lists]) -> None:
    _, server = account
    with (
        client_of(WALMART, seller_at(server.url, secret="other")) as client,
        pytest.raises(NeedsCredentials, match="invalid_client"),
    ):
        client.fetch("orders", {}, now=datetime.now(UTC))


def test_no_orders_are_an_empty_list_and_no_error(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    seller.orders.clear()
    with client_of(WALMART, seller_at(server.url)) as client:
        page = client.fetch("orders", {}, now=datetime.now(UTC))
    assert (page.documents, page.more) == ([], False)


def test_an_old_order_that_changes_comes_again(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    with client_of(WALMART, seller_at(server.url)) as client:
        first = list(read_stream(client, "orders", {}))
        keys = {d.dedup_key for documents, _ in first for d in documents}
        placed = datetime.now(UTC) - timedelta(days=60)
        seller.add(order({"Cancelled": "2"}), "1080000000009", datetime.now(UTC))
        seller.orders["1080000000009"]["orderDate"] = int(placed.timestamp()) * 1000
        second = list(read_stream(client, "orders", first[-1][1]))
    new = {d.dedup_key for documents, _ in second for d in documents} - keys
    assert [key.split(":")[1] for key in new] == ["1080000000009"]


def test_the_cursor_is_a_query_and_leads_through_all_pages(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    for number in range(60):
        seller.add(order(), f"{1070000000000 + number}", datetime.now(UTC) - timedelta(hours=1))
    with client_of(WALMART, seller_at(server.url)) as client:
        pages = list(read_stream(client, "orders", {}))
    assert [len(documents) for documents, _ in pages] == [25, 25, 13]


def test_an_order_is_acknowledged_once_and_ships_in_two_parcels(
    account: tuple[Seller, Lists],
) -> None:
    seller, server = account
    first = parcel({"TENT-2P": "1", "LAMP": "1"})
    for item in (
        outbound("shipment", first),
        outbound("shipment", first, retried=True),
        outbound("shipment", parcel({"TENT-2P": "1"}, "1Z2"), n=2, retried=True),
    ):
        [outcome] = deliver(server, item)
        assert outcome.error is None
    assert seller.effects() == 2
    assert sum(call.endswith("/acknowledge") for call in seller.calls) == 1
    states = lines_in(seller.orders[ORDER])[0]["orderLineStatuses"]["orderLineStatus"]
    assert [s["trackingInfo"]["trackingNumber"] for s in states] == ["1Z1", "1Z2"]


def test_what_does_not_fit_acknowledges_nothing(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    [outcome] = deliver(server, outbound("shipment", parcel({"ROPE": "1"})))
    assert isinstance(outcome.error, NeedsPerson)
    assert not any(call.startswith("POST") for call in seller.calls)


def test_what_walmart_refuses_is_said_in_its_words(account: tuple[Seller, Lists]) -> None:
    _, server = account
    for document, said in (
        (parcel({"LAMP": "2"}), "More than the line has left."),
        (parcel({"LAMP": "1"}, carrier="Pony Express"), "carrierName is not supported."),
    ):
        [outcome] = deliver(server, outbound("shipment", document))
        assert isinstance(outcome.error, NeedsPerson)
        assert said in str([p.text for p in outcome.error.problems])
    [outcome] = deliver(server, outbound("shipment", parcel({"LAMP": "1"}, order_id="999")))
    assert isinstance(outcome.error, Permanent)
    assert "Order not found" in str(outcome.error)


def test_stock_goes_by_sku_and_a_stranger_stops_only_itself(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    bodies = [
        mapped("availability", {"channel": "walmart", "sku": sku, "quantity": "5"}, "out")
        for sku in ("TENT-2P", "NO-LAMP", "50%/OFF&")
    ]
    outcomes = deliver(server, *(outbound("availability", b, n=n) for n, b in enumerate(bodies)))
    assert [type(o.error) for o in outcomes] == [type(None), Permanent, type(None)]
    assert "The SKU NO-LAMP is not there." in str(outcomes[1].error)
    five = {"unit": "EACH", "amount": 5}
    assert seller.stock == {"TENT-2P": five, "50%/OFF&": five}


def test_an_operation_without_calls_left_is_left_alone(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    take = seller.answer

    def last(asked: Asked) -> Reply:
        seller.left = "0" if asked.path == "/v3/orders" else "20"
        return take(asked)

    server.answer = last
    with client_of(WALMART, seller_at(server.url)) as client:
        client.fetch("orders", {}, now=datetime.now(UTC))
        with pytest.raises(Retryable) as caught:
            client.fetch("orders", {}, now=datetime.now(UTC))
        assert caught.value.code == "rate_limited"
        assert 80 < (caught.value.retry_after or 0) <= 90
        item = outbound("availability", {"sku": "LAMP", "quantity": "1"})
        assert [o.error for o in client.deliver([item])] == [None]


def test_a_429_waits_until_there_are_calls_again(account: tuple[Seller, Lists]) -> None:
    _, server = account
    ends = int((datetime.now(UTC) + timedelta(seconds=50)).timestamp() * 1000)
    refused = Reply(429, {}, {"x-current-token-count": "0", "x-next-replenishment-time": f"{ends}"})
    take = server.answer
    server.answer = lambda asked: take(asked) if asked.path == "/v3/token" else refused
    [outcome] = deliver(server, outbound("availability", {"sku": "A", "quantity": "1"}))
    assert isinstance(outcome.error, Retryable)
    assert 40 < (outcome.error.retry_after or 0) <= 50
