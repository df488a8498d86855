"""Stock: what orders reserve, what channels are told, and what shipments take away."""

from decimal import Decimal

import pytest

from integrations.models import Message, Record, Reservation
from tests import pipeline

pytestmark = pytest.mark.db

BEFORE = "2026-03-02T02:00:00Z"
LATER = "2030-01-01T00:00:00Z"  # after everything the test does


@pytest.fixture
def reno(kestrel, shop, sink):
    """A warehouse that takes orders and reports stock."""
    made = pipeline.endpoint(
        kestrel.harbor, "reno", settings={"url": sink.url}, site="RNO1", rate_per_second=1000
    )
    pipeline.flow(shop, made, routed=True)
    return made


@pytest.fixture
def channel(kestrel, reno, depot):
    """The shop as a channel: 5 units less than there are."""
    made = pipeline.endpoint(
        kestrel.harbor, "listing", settings={"url": depot.url}, channel={"share": 1, "buffer": 5},
        rate_per_second=1000,
    )  # fmt: skip
    pipeline.flow(reno, made, "inventory")
    mapping = [["sku", "sku"], ["quantity", "quantity"]]
    made.mappings.create(object_type="availability", direction="out", version=1, rows=mapping)
    return made


def report(kestrel, reno, on_hand: str, *, as_of: str = BEFORE, sku: str = "TENT-2P") -> None:
    body = {"site": "RNO1", "sku": sku, "on_hand": on_hand, "as_of": as_of}
    pipeline.store(reno, body, object_type="inventory")
    pipeline.run(kestrel.harbor)


def ordered(kestrel, shop, number: str = "1001", **fields: object) -> None:
    pipeline.store(shop, pipeline.order(number, **fields))
    pipeline.run(kestrel.harbor)


def shipped(kestrel, reno, *, quantity: str = "2", number: str = "S-1") -> None:
    body = {
        "number": number, "site": "RNO1", "order_number": "1001", "shipped_at": "2026-03-03",
        "status": "complete", "lines": [{"sku": "TENT-2P", "shipped": quantity}],
    }  # fmt: skip
    pipeline.store(reno, body, object_type="shipment")
    pipeline.run(kestrel.harbor)


def told(depot) -> list[str]:
    return [document["quantity"] for document in depot.taken]


def reservations() -> list[tuple]:
    rows = Reservation.objects.order_by("pk").values_list("sku", "site", "quantity", "state")
    return list(rows)


def test_an_order_reserves_and_the_channel_is_told_less(kestrel, shop, reno, channel, sink, depot):
    report(kestrel, reno, "100")
    assert told(depot) == ["95"]  # 100 − buffer 5
    sink.status = 503
    ordered(kestrel, shop, quantity="10")
    assert reservations() == [("TENT-2P", "RNO1", Decimal(10), "hard")]
    assert told(depot) == ["95", "85"]  # 100 − 10 − 5
    body = Record.objects.get(object_type="availability").body
    assert body["explanation"]["sites"][0]["reserved"] == "10"


def test_a_claim_the_warehouse_has_taken_still_counts_until_its_next_report(
    kestrel, shop, reno, channel, sink, depot
):
    report(kestrel, reno, "100")
    ordered(kestrel, shop, quantity="10")
    assert reservations() == [("TENT-2P", "RNO1", Decimal(10), "sent")]
    assert told(depot) == ["95", "85"]


def test_a_shipment_consumes_the_claim_and_the_next_report_replaces_it(
    kestrel, shop, reno, channel, sink, depot
):
    report(kestrel, reno, "100")
    ordered(kestrel, shop, quantity="2")
    shipped(kestrel, reno)
    assert reservations() == [("TENT-2P", "RNO1", Decimal(2), "consumed")]
    assert Record.objects.get(object_type="order").state == "shipped"
    assert told(depot) == ["95", "93"]  # gone, but the report still counts it: 100 − 2 − 5
    report(kestrel, reno, "98", as_of=LATER)
    assert told(depot) == ["95", "93"]  # 98 − 5 = 93: nothing new to tell
    report(kestrel, reno, "90", as_of="2030-01-02T00:00:00Z")
    assert told(depot) == ["95", "93", "85"]


def test_a_cancelled_order_gives_its_claim_back(kestrel, shop, reno, channel, sink, depot):
    report(kestrel, reno, "100")
    sink.status = 503
    ordered(kestrel, shop, quantity="10")
    ordered(kestrel, shop, quantity="10", status="cancelled")
    assert reservations() == [("TENT-2P", "RNO1", Decimal(10), "released")]
    assert told(depot) == ["95", "85", "95"]


def test_an_order_that_grows_reserves_more(kestrel, shop, reno, channel, sink, depot):
    report(kestrel, reno, "100")
    sink.status = 503
    ordered(kestrel, shop, quantity="10")
    ordered(kestrel, shop, quantity="30")
    assert reservations() == [("TENT-2P", "RNO1", Decimal(30), "hard")]
    assert told(depot) == ["95", "85", "65"]


def test_a_channel_is_never_told_less_than_nothing(kestrel, shop, reno, channel, depot):
    report(kestrel, reno, "3")
    assert told(depot) == ["0"]


def test_a_newer_report_supersedes_what_a_channel_was_not_told_yet(
    kestrel, shop, reno, channel, depot
):
    channel.state = "paused"
    channel.save()
    for day, on_hand in enumerate(("100", "80", "60"), 1):
        report(kestrel, reno, on_hand, as_of=f"2026-03-0{day}T02:00:00Z")
    outbound = Message.objects.filter(direction="out").order_by("id")
    assert [m.state for m in outbound] == ["superseded", "superseded", "waiting"]
    channel.state = "active"
    channel.save()
    pipeline.run(kestrel.harbor)
    assert told(depot) == ["55"]  # 60 − 5


def test_an_older_report_changes_nothing(kestrel, shop, reno, channel, depot):
    report(kestrel, reno, "100", as_of="2026-03-02T02:00:00Z")
    report(kestrel, reno, "10", as_of="2026-03-01T02:00:00Z")
    assert told(depot) == ["95"]
    assert pipeline.states(object_type="inventory") == ["applied", "superseded"]


def test_a_report_that_says_the_same_again_tells_nobody(kestrel, shop, reno, channel, depot):
    report(kestrel, reno, "100", as_of="2026-03-01T02:00:00Z")
    report(kestrel, reno, "100", as_of="2026-03-02T02:00:00Z")
    assert told(depot) == ["95"]


def test_stock_of_one_item_says_nothing_about_another(kestrel, shop, reno, channel, depot):
    report(kestrel, reno, "100")
    report(kestrel, reno, "50", sku="ROPE-30")
    ordered(kestrel, shop, quantity="10")
    assert [(d["sku"], d["quantity"]) for d in depot.taken] == [
        ("TENT-2P", "95"), ("ROPE-30", "45"), ("TENT-2P", "85"),
    ]  # fmt: skip
