"""An application reads stock, and its events one after the other."""

import json
import threading
import time

import pytest
from django.db import connection

from integrations.models import Record, Reservation
from portal.core import clock
from portal.core.ids import uuid7
from portal.webhooks.domain import feed, outbox, wanted
from portal.webhooks.models import WebhookEvent
from tests import pipeline
from tests.api.test_hub_orders import key, order
from tests.pages import scenery

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def _nothing_remembered():
    wanted.forget()
    yield
    wanted.forget()


@pytest.fixture
def application(kestrel):
    return pipeline.endpoint(
        kestrel.harbor, "counterapp", "application", secrets={}, channel={"share": 1, "buffer": 3}
    )


@pytest.fixture
def hub(kestrel, application):
    return key(kestrel, application)


@pytest.fixture
def reno(kestrel, application):
    made = pipeline.endpoint(kestrel.harbor, "reno", site="RNO1", label="Reno")
    pipeline.flow(application, made, routed=True)
    return made


def reports(endpoint, sku: str, on_hand: str, site: str = "RNO1") -> None:
    body = {
        "site": site,
        "sku": sku,
        "on_hand": on_hand,
        "uom": "EA",
        "as_of": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    pipeline.store(endpoint, body, object_type="inventory")
    pipeline.run(endpoint.customer_id)


def ships(kestrel, reno, number: str = "S-1", of: str = "1001") -> None:
    body = {
        "number": number, "site": "RNO1", "order_number": of, "shipped_at": "2026-03-03",
        "status": "complete", "tracking": ["1Z999"], "lines": [{"sku": "TENT-2P", "shipped": "2"}],
    }  # fmt: skip
    pipeline.store(reno, body, object_type="shipment")
    pipeline.run(kestrel.harbor)


def take(program, cursor: str = "") -> tuple[list[dict], str]:
    query = "&".join(f"{k}={v}" for k, v in ({"cursor": cursor} if cursor else {}).items())
    answer = program.get(f"hub/events/?{query}")
    assert answer.status_code == 200, answer.content
    said = answer.json()
    return said["events"], said["cursor"]


# Stock


def test_stock_is_read_by_item_with_what_each_site_has(kestrel, hub, reno):
    reports(reno, "TENT-2P", "12")
    reports(reno, "STOVE", "4", site="RNO1")
    rows = hub.get("hub/stock/").json()["items"]
    assert [(row["sku"], row["available"], row["sellable"]) for row in rows] == [
        ("STOVE", "4.00000000", 1), ("TENT-2P", "12.00000000", 9),
    ]  # fmt: skip
    assert [one["site"] for one in rows[0]["sites"]] == ["RNO1"]


def test_stock_is_read_page_by_page_by_sku_and_by_site(kestrel, hub, reno):
    for sku in ("A", "B", "C"):
        reports(reno, sku, "1")
    first = hub.get("hub/stock/?limit=2").json()
    second = hub.get(f"hub/stock/?limit=2&cursor={first['next']}").json()
    assert [row["sku"] for row in first["items"] + second["items"]] == ["A", "B", "C"]
    assert second["next"] is None
    assert [row["sku"] for row in hub.get("hub/stock/?sku=B").json()["items"]] == ["B"]
    assert hub.get("hub/stock/?site=LAX9").json()["items"] == []


def test_what_changed_since_a_moment_is_what_was_reported_or_ordered_since(kestrel, hub, reno):
    for sku in ("A", "TENT-2P"):
        reports(reno, sku, "9")
    Record.objects.filter(object_type="inventory").update(updated_at="2026-01-01T00:00:00Z")
    asked = "hub/stock/?changed_since=2026-02-01T00:00:00Z"
    assert hub.get(asked).json()["items"] == []
    hub.send("PUT", "hub/orders/1001/", order())
    pipeline.run(kestrel.harbor)
    assert Reservation.objects.exists()
    [row] = hub.get(asked).json()["items"]
    assert (row["sku"], row["sites"][0]["reserved"]) == ("TENT-2P", "2.00000000")


def test_stock_of_another_customer_is_not_there(kestrel, hub):
    theirs = pipeline.endpoint(kestrel.maris, "quay", site="QUAY")
    reports(theirs, "HAM", "5", site="QUAY")
    assert hub.get("hub/stock/").json()["items"] == []


# Events


def test_an_order_is_followed_from_its_coming_to_its_tracking(kestrel, hub, reno):
    hub.send("PUT", "hub/orders/1001/", order())
    pipeline.run(kestrel.harbor)
    Record.objects.filter(object_type="order").update(state="sent_to_warehouse")
    ships(kestrel, reno)
    events, cursor = take(hub)
    told = [(one["type"], one["data"].get("state")) for one in events]
    assert told[0] == ("order.created", "released")
    assert ("shipment.created", "shipped") in told
    assert told[-1] == ("order.moved", "shipped")
    [shipment] = [one for one in events if one["type"] == "shipment.created"]
    assert shipment["shipment"]["tracking"] == ["1Z999"]
    assert shipment["data"]["order_number"] == "1001"
    assert take(hub, cursor)[0] == []


def test_the_same_cursor_gives_the_same_events_again(kestrel, hub, reno):
    for number in ("1", "2", "3"):
        hub.send("PUT", f"hub/orders/{number}/", order(number))
    pipeline.run(kestrel.harbor)
    everything, _ = take(hub)
    again, _ = take(hub)
    assert [one["id"] for one in again] == [one["id"] for one in everything]
    one_by_one, cursor = [], ""
    while True:
        answer = hub.get(f"hub/events/?limit=1{f'&cursor={cursor}' if cursor else ''}").json()
        if not answer["events"]:
            break
        one_by_one += answer["events"]
        cursor = answer["cursor"]
    assert [one["id"] for one in one_by_one] == [one["id"] for one in everything]


def test_an_event_that_is_committed_late_is_not_missed(kestrel, hub):
    """Its id is older than what was read already: its place is not."""
    early = uuid7()
    hub.send("PUT", "hub/orders/1001/", order())
    pipeline.run(kestrel.harbor)
    first, cursor = take(hub)
    assert first
    record = Record.objects.get(object_type="order")
    data = {
        "customer": "harbor",
        "id": str(record.pk),
        "version": 1,
        "number": "1001",
        "state": "released",
    }
    WebhookEvent.objects.create(
        pk=early, type="order.changed", customer_id=kestrel.harbor,
        body=outbox.body_of("order.changed", data),
    )  # fmt: skip
    late, _ = take(hub, cursor)
    assert [one["id"] for one in late] == [f"evt_{early.hex}"]


def test_places_grow_even_where_all_that_was_kept_is_gone(kestrel, hub):
    hub.send("PUT", "hub/orders/1/", order("1"))
    pipeline.run(kestrel.harbor)
    _, cursor = take(hub)
    WebhookEvent.objects.all().delete()
    hub.send("PUT", "hub/orders/2/", order("2"))
    pipeline.run(kestrel.harbor)
    assert {one["data"].get("number") for one in take(hub, cursor)[0]} >= {"2"}


def test_events_of_other_systems_and_customers_are_not_told(kestrel, hub):
    place = scenery.with_warehouse(scenery.business(kestrel.harbor))
    [theirs] = scenery.take_orders(place, "5001")
    scenery.ship(place, theirs)
    other = pipeline.endpoint(kestrel.maris, "marisapp", "application", secrets={})
    wanted.forget()
    app = key(kestrel, other)
    app.send("PUT", "hub/orders/7001/", order("7001"))
    pipeline.run(kestrel.maris)
    assert WebhookEvent.objects.filter(customer_id=kestrel.maris).exists()
    assert WebhookEvent.objects.filter(customer_id=kestrel.harbor).exists()
    assert take(hub)[0] == []
    assert {one["data"]["number"] for one in take(app)[0]} == {"7001"}


def test_a_cursor_of_another_application_is_refused(kestrel, hub):
    other = pipeline.endpoint(kestrel.harbor, "otherapp", "application", secrets={})
    _, cursor = take(key(kestrel, other))
    for wrong in (cursor, "x", "bm8", cursor[:-2]):
        answer = hub.get(f"hub/events/?cursor={wrong}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["parameter"] == "cursor"


def test_a_held_order_is_told_of(kestrel, hub):
    from integrations.models import LookupTable

    LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    hub.send("PUT", "hub/orders/1001/", order(sku="TENT-OLD"))
    pipeline.run(kestrel.harbor)
    [held] = [one for one in take(hub)[0] if one["type"] == "message.held"]
    assert held["data"]["key"] == "counterapp/1001"


def test_stock_changes_are_told(kestrel, hub, reno):
    reports(reno, "TENT-2P", "12")
    [changed] = [one for one in take(hub)[0] if one["type"] == "stock.changed"]
    assert (changed["data"]["sku"], changed["data"]["site"]) == ("TENT-2P", "RNO1")


def test_nothing_is_kept_for_customers_without_an_application(kestrel):
    place = scenery.business(kestrel.harbor)
    scenery.take_orders(place, "5001")
    assert not WebhookEvent.objects.exists()


def test_waiting_ends_with_the_first_event_and_holds_no_transaction(
    kestrel, application, monkeypatch
):
    mine = feed.Application(application.pk, kestrel.harbor, "counterapp")
    looks: list[bool] = []

    def arrive(seconds: float) -> None:
        looks.append(connection.in_atomic_block)
        data = {"id": "1", "sku": "A", "site": "RNO1", "version": 1}
        outbox.tell([outbox.News("stock.changed", kestrel.harbor, data)])

    outer = connection.in_atomic_block  # of the test itself
    monkeypatch.setattr(feed.time, "sleep", arrive)
    began = time.monotonic()
    found = feed.read(mine, after=0, most=10, wait=20)
    assert [one.type for one in found.events] == ["stock.changed"]
    assert looks == [outer]
    assert time.monotonic() - began < 5


def test_who_waits_in_vain_is_answered_after_the_time_and_loses_nothing(
    kestrel, application, monkeypatch
):
    mine = feed.Application(application.pk, kestrel.harbor, "counterapp")
    monkeypatch.setattr(feed, "_LOOK_EVERY", 0.01)
    monkeypatch.setattr(feed, "LONGEST_WAIT", 0.05)
    assert feed.read(mine, after=7, most=10, wait=20) == feed.Read([], 7)


def test_where_too_many_wait_the_answer_comes_at_once(kestrel, application, monkeypatch):
    mine = feed.Application(application.pk, kestrel.harbor, "counterapp")
    monkeypatch.setattr(feed, "_waiting", threading.BoundedSemaphore(1))
    feed._waiting.acquire()
    monkeypatch.setattr(feed.time, "sleep", lambda seconds: pytest.fail("it waited"))
    assert feed.read(mine, after=0, most=10, wait=20).events == []


@pytest.mark.parametrize(
    "query", ["wait=21", "wait=-1", "limit=0", "limit=201", "since=1", "cursor="]
)
def test_what_cannot_be_asked_is_refused(hub, query):
    assert hub.get(f"hub/events/?{query}").status_code == 422


def test_reading_costs_the_same_for_one_event_and_for_many(
    kestrel, hub, reno, django_assert_max_num_queries
):
    for number in range(6):
        hub.send("PUT", f"hub/orders/{number}/", order(str(number)))
    pipeline.run(kestrel.harbor)
    with django_assert_max_num_queries(40):
        assert len(take(hub)[0]) >= 6


def test_an_event_says_what_its_webhook_says(kestrel, hub):
    hub.send("PUT", "hub/orders/1001/", order())
    pipeline.run(kestrel.harbor)
    kept = {row.message_id: json.loads(row.body) for row in WebhookEvent.objects.all()}
    for one in take(hub)[0]:
        assert kept[one["id"]]["data"] == one["data"]
        assert kept[one["id"]]["type"] == one["type"]
