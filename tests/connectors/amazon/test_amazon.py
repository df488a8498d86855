"""Amazon's orders in, shipments and stock out, and what a seller's account is asked and told."""

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
from integrations.connectors.amazon import mapper
from integrations.connectors.amazon.settings import BOTH
from integrations.connectors.amazon.writing import reference, shape
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.outbound import Outbound, Outcome
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.connectors.amazon.seller import REFRESH, Seller, error
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.described.lists import Lists
from tests.connectors.described.vendor import KEY

AMAZON = registry.get("amazon")
GOLDEN = Path(__file__).parent / "golden"
ORDER = "114-0000000-0000001"


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def seller_at(
    url: str = "https://api.example.com", *, refresh: str = REFRESH, **settings: Any
) -> Connection:
    return connection(
        AMAZON,
        settings={
            "url": url,
            "token_url": f"{url}/auth/o2/token",
            "seller_id": "A2HARBOR1",
            "client_id": "amzn1.harbor",
            **settings,
        },
        secrets={"client_secret": KEY, "refresh_token": refresh},
    )


def read(document: Any, to: Connection | None = None) -> Native:
    return mapper.read("order", "", json.dumps(document).encode(), to or seller_at())


def mapped(object_type: str, document: Any, direction: Any = "in") -> dict[str, Any]:
    outcome = compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: code,
        binding=lambda kind, known: known if known.startswith("114-") else MISSING,
        context={},
    )
    assert outcome.problems == []
    assert outcome.body is not None
    return outcome.body


def order(status: str = "UNSHIPPED", by: str = "MERCHANT", **changed: Any) -> dict[str, Any]:
    made = golden("order.native") | changed
    made["fulfillment"] |= {"fulfillmentStatus": status, "fulfilledBy": by}
    return made


def body_of(document: dict[str, Any], **settings: Any) -> dict[str, Any]:
    [native] = read(document, seller_at(**settings)).documents
    body = mapped("order", native)
    assert validate("order", body) == []
    assert warnings("order", body) == []
    return body


def test_an_order_becomes_the_golden_record() -> None:
    assert [body_of(golden("order.native"))] == golden("order.canonical")


def test_a_shipment_becomes_the_golden_call() -> None:
    document = mapped("shipment", golden("shipment.canonical"), "out")
    assert document.pop("order_id") == "114-1234567-7654321"
    there = {"order": golden("order.native")}
    sent = shape("shipment", {**document, "there": there, "reference": "7"}, product_type="X")
    assert sent == golden("shipment.post")


@pytest.mark.parametrize(
    "status", ["PENDING", "PENDING_AVAILABILITY", "PARTIALLY_SHIPPED", "SHIPPED"]
)
def test_what_is_not_paid_and_what_has_shipped_is_no_news(status: str) -> None:
    assert read(order(status)) == Native("order", [], [])


@pytest.mark.parametrize(
    ("status", "ours"),
    [("UNSHIPPED", "open"), ("CANCELLED", "cancelled"), ("UNFULFILLABLE", "on_hold"), ("NEW", "on_hold")],
)  # fmt: skip
def test_only_unshipped_orders_are_open(status: str, ours: str) -> None:
    assert body_of(order(status))["status"] == ours


def test_what_amazon_ships_is_left_out_or_held() -> None:
    assert read(order(by="AMAZON")) == Native("order", [], [])
    assert body_of(order(by="AMAZON"), fulfilled_by=BOTH)["status"] == "on_hold"


def test_a_cancelled_order_tells_nothing_and_is_a_cancel_all_the_same() -> None:
    items = [
        {"orderItemId": "1", "quantityOrdered": 0, "product": {"sellerSku": "LAMP"}},
    ]
    channel = {"channelName": "AMAZON", "marketplaceId": "A1F83G8C2ARO7P"}
    made = order("CANCELLED", recipient={}, proceeds={}, orderItems=items, salesChannel=channel)
    body = body_of(made)
    assert (body["status"], body["currency"]) == ("cancelled", "GBP")
    assert body["ship_to"]["name"] == "withheld by Amazon"
    assert body["ship_to"]["country"] == "GB"
    assert body["lines"][0]["quantity"] == "1"


def test_tax_that_prices_include_is_not_added_once_more() -> None:
    made = order()
    made["proceeds"]["grandTotal"]["amount"] = "254.46"  # what it is without the tax on top
    body = body_of(made)
    assert body["taxes_included"] is True
    assert body["totals"]["total"] == "254.46"


def test_an_order_that_says_no_sums_has_those_of_its_items() -> None:
    made = order()
    made["proceeds"] = {}
    totals = body_of(made)["totals"]
    assert totals == {
        "lines": "264.97",
        "discount": "20.00",
        "shipping": "0",
        "tax": "22.07",
        "total": "267.04",
    }


def test_an_amount_that_is_none_is_said_with_its_place() -> None:
    made = order()
    made["orderItems"][0]["proceeds"]["breakdowns"][0]["subtotal"]["amount"] = "lots"
    [problem] = read(made).problems
    assert problem.path == "orderItems[0].breakdowns[0].amount"


def test_a_buyers_wish_to_cancel_is_shown() -> None:
    made = order()
    made["orderItems"][1]["cancellation"] = {"cancellationRequest": {"requester": "BUYER"}}
    notes = body_of(made)["notes"]
    assert {"audience": "warehouse", "text": "LAMP: the buyer asks for a cancel."} in notes


def test_a_package_has_a_number_of_its_own() -> None:
    numbers = {reference(f"harbor/{n}") for n in range(1000)}
    assert len(numbers) == 1000
    assert all(0 < int(number) <= 10**9 for number in numbers)
    assert reference("harbor/1") == reference("harbor/1")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lines": [{"sku": "ROPE", "quantity": "1"}]}, "no line of ROPE"),
        ({"lines": [{"sku": "LAMP", "quantity": "0.5"}]}, "it counts whole ones"),
        ({"lines": []}, "has no pieces"),
        ({"package": {"carrierCode": "UPS"}}, "has no tracking number"),
        ({"package": {"trackingNumber": "1Z"}}, "has no carrier"),
    ],
)
def test_a_shipment_that_does_not_fit_is_for_a_person(changed: dict[str, Any], said: str) -> None:
    document = mapped("shipment", golden("shipment.canonical"), "out") | changed
    with pytest.raises(NeedsPerson) as caught:
        there = {"order": golden("order.native")}
        shape("shipment", {**document, "there": there}, product_type="X")
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


def deliver(server: Lists, *items: Outbound, **settings: Any) -> list[Outcome]:
    with client_of(AMAZON, seller_at(server.url, **settings)) as client:
        return sorted(client.deliver(items), key=lambda outcome: outcome.message_id.int)


def parcel(lines: dict[str, str]) -> dict[str, Any]:
    made = mapped("shipment", golden("shipment.canonical"), "out")
    pieces = [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()]
    return made | {"order_id": ORDER, "lines": pieces}


def test_one_token_serves_all_calls_in_its_own_header(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    with client_of(AMAZON, seller_at(server.url)) as client:
        [(documents, cursor)] = list(read_stream(client, "orders", {}))
        list(read_stream(client, "orders", cursor))
    assert len(documents) == 3
    assert seller.tokens == 1


def test_a_refresh_token_that_ended_stops_the_connection(account: tuple[Seller, Lists]) -> None:
    _, server = account
    to = seller_at(server.url, refresh="Atzr|old")
    with client_of(AMAZON, to) as client, pytest.raises(NeedsCredentials, match="invalid_grant"):
        client.fetch("orders", {}, now=datetime.now(UTC))


def test_several_marketplaces_come_together(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    canada = order()
    canada["salesChannel"]["marketplaceId"] = "A2EUQ1WTGCTBG2"
    seller.add(canada, "701-0000000-0000009", datetime.now(UTC) - timedelta(minutes=9))
    for marketplaces, count in (([], 3), (["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"], 4)):
        with client_of(AMAZON, seller_at(server.url, marketplaces=marketplaces)) as client:
            [(documents, _)] = list(read_stream(client, "orders", {}))
        assert len(documents) == count


def test_a_page_token_that_ended_begins_the_pass_anew(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    for number in range(10, 50):
        seller.add(order(), f"114-0000000-{number:07}", datetime.now(UTC) - timedelta(hours=1))
    with client_of(AMAZON, seller_at(server.url)) as client:
        page = client.fetch("orders", {}, now=datetime.now(UTC))
        assert page.more
        stale = {**page.cursor, "at": "a day old"}
        again = list(read_stream(client, "orders", stale))
        found = {
            d.dedup_key
            for ds, _ in (*again, *read_stream(client, "orders", again[-1][1]))
            for d in ds
        }
    assert len(found) == 43


def test_two_packages_of_one_order_are_two_and_a_repeated_one_is_one(
    account: tuple[Seller, Lists],
) -> None:
    seller, server = account
    first, second = parcel({"TENT-2P": "1", "LAMP": "1"}), parcel({"TENT-2P": "1"})
    for item in (
        outbound("shipment", first),
        outbound("shipment", first, retried=True),
        outbound("shipment", second, n=2),
    ):
        [outcome] = deliver(server, item)
        assert outcome.error is None
    packages = list(seller.packages[ORDER].values())
    assert [len(one["orderItems"]) for one in packages] == [2, 1]
    assert sum(call.endswith("shipmentConfirmation") for call in seller.calls) == 2


def test_a_repeat_that_never_arrived_is_sent(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    [outcome] = deliver(server, outbound("shipment", parcel({"LAMP": "1"}), retried=True))
    assert outcome.error is None
    assert seller.effects() == 1


def test_what_amazon_refuses_is_said_in_its_words(account: tuple[Seller, Lists]) -> None:
    _, server = account
    [outcome] = deliver(server, outbound("shipment", parcel({"LAMP": "2"})))
    assert isinstance(outcome.error, NeedsPerson)
    assert "more than was ordered" in str([p.text for p in outcome.error.problems])
    strange = parcel({"LAMP": "1"}) | {"order_id": "999-1-1"}
    [outcome] = deliver(server, outbound("shipment", strange))
    assert isinstance(outcome.error, Permanent)


def test_stock_is_merged_and_a_listing_that_is_not_there_is_said(
    account: tuple[Seller, Lists],
) -> None:
    seller, server = account
    bodies = [
        mapped("availability", {"channel": "amazon", "sku": sku, "quantity": "5"}, "out")
        for sku in ("TENT-2P", "NO-LAMP", "50%/OFF")
    ]
    outcomes = deliver(server, *(outbound("availability", b, n=n) for n, b in enumerate(bodies)))
    assert [type(o.error) for o in outcomes] == [type(None), NeedsPerson, type(None)]
    assert "No listing has the SKU NO-LAMP." in str(outcomes[1].error.problems)
    assert set(seller.stock) == {"TENT-2P", "50%25%2FOFF"}
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}]
    assert seller.stock["TENT-2P"] == {
        "productType": "PRODUCT",
        "patches": [
            {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
        ],
    }


def test_an_empty_bucket_stops_its_own_operation_only(account: tuple[Seller, Lists]) -> None:
    seller, server = account
    seller.limit = "0.0056"
    take = seller.answer

    def full(asked: Any) -> Any:
        is_list = asked.path == "/orders/2026-01-01/orders"
        return error(429, "QuotaExceeded", "You exceeded your quota.") if is_list else take(asked)

    server.answer = full
    with client_of(AMAZON, seller_at(server.url)) as client:
        for _ in range(2):
            with pytest.raises(Retryable) as caught:
                client.fetch("orders", {}, now=datetime.now(UTC))
            assert caught.value.code == "rate_limited"
        # The second time nobody was asked: one call comes free every 179 seconds.
        assert sum(a.path == "/orders/2026-01-01/orders" for a in server.asked) == 1
        assert 170 < (caught.value.retry_after or 0) <= 179
        seller.limit = "5"
        item = outbound("availability", {"sku": "LAMP", "quantity": "1"})
        assert [o.error for o in client.deliver([copy.deepcopy(item)])] == [None]
