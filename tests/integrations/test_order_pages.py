"""What an order's pages say of its numbers and of how long things took."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from integrations.models import Endpoint, Flow, Message, MessageEvent, Record, RecordEvent
from integrations.queries.journey import Journey
from integrations.views import journey_facts, own_order_words, spoken
from portal.customers.models import Customer
from tests.pages import scenery
from tests.pages.scenery import page, texts
from tests.people import sign_in

RECEIVED = datetime(2026, 3, 2, 13, 58, 4, tzinfo=UTC)
NUMBERS = {"po_number": "PO-7781", "external_refs": [{"kind": "shop", "value": "1001"}]}


@pytest.fixture
def order(kestrel):
    (taken,) = scenery.take_orders(scenery.business(kestrel.harbor), "1001", **NUMBERS)
    return taken


@pytest.mark.db
def test_the_list_says_a_number_once_when_the_shop_calls_the_order_the_same(kestrel, order):
    soup = page(sign_in(kestrel, "operator").get("/orders/"))
    assert texts(soup, "tbody th .id") == ["1001", "PO-7781"]


@pytest.mark.db
def test_the_journey_says_beside_the_title_only_the_other_numbers_and_copies_all(kestrel, order):
    soup = page(sign_in(kestrel, "operator").get(f"/orders/{order.pk}/"))
    assert texts(soup, ".page-head h1, .page-head .id") == ["Order 1001", "PO-7781"]
    assert soup.select_one("[data-copy]")["data-copy"] == "1001 PO-7781"


@pytest.mark.pure
@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [(0, "under 1 s"), (999, "under 1 s"), (1000, "1 s"), (61_000, "1 min")],
)
def test_the_way_to_the_warehouse_took_no_time_never(milliseconds, said):
    sent = RECEIVED + timedelta(milliseconds=milliseconds)
    journey = Journey(
        order=Record(created_at=RECEIVED, body={}),
        messages=[],
        milestones=[
            RecordEvent(at=RECEIVED, to_state="received"),
            RecordEvent(at=sent, to_state="sent_to_warehouse"),
        ],
    )
    facts = {fact["label"]: fact["value"] for fact in journey_facts.facts(journey)}
    assert facts["Store to warehouse"] == said


def milestone(seconds, state="", cause=""):
    return RecordEvent(at=RECEIVED + timedelta(seconds=seconds), to_state=state, cause=cause)


@pytest.mark.pure
def test_milestones_stand_in_the_order_of_time_and_what_is_reached_is_full():
    journey = Journey(
        order=Record(state="released", body={}),
        messages=[],
        milestones=[
            milestone(2, cause="ERP has the order"),
            milestone(0, "received"),
            milestone(1, "released"),
        ],
    )
    assert journey_facts.milestones(journey) == [
        {"word": "received", "shape": "good"},
        {"word": "released", "shape": "good"},
        {"word": "ERP has the order", "shape": "good"},
    ]


@pytest.mark.pure
def test_the_first_invoice_is_a_milestone_and_until_then_it_is_due():
    bills = Flow(object_type="invoice", source=Endpoint(settings={}))
    order = Record(state="shipped", body={})
    due = Journey(order=order, messages=[], milestones=[milestone(0, "shipped")], flows=[bills])
    assert journey_facts.milestones(due)[-1] == {"word": "invoiced", "shape": "due"}
    due.parts = [
        Record(object_type="invoice", created_at=RECEIVED + timedelta(seconds=n)) for n in (5, 9)
    ]
    assert journey_facts.milestones(due) == [
        {"word": "shipped", "shape": "good"},
        {"word": "invoiced", "shape": "good"},
    ]


@pytest.mark.pure
def test_no_invoice_is_due_where_only_a_supplier_writes_some():
    supplier = Endpoint(settings={"partner_is": "supplier"})
    flows = [Flow(object_type="invoice", source=supplier)]
    order = Record(state="shipped", body={})
    journey = Journey(order=order, messages=[], milestones=[milestone(0, "shipped")], flows=flows)
    assert journey_facts.milestones(journey) == [{"word": "shipped", "shape": "good"}]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("name", "said"), [("UPSN", "UPS"), ("UPS", "UPS"), ("FDEG", "FedEx Ground"), ("ZZZZ", "ZZZZ")]
)
def test_a_customer_reads_a_carriers_name_and_not_its_code(name, said):
    part = Record(body={"carrier": {"name": name, "scac": "UPSN"}, "tracking": ["1Z7"]})
    assert own_order_words.latest_parcel([part]) == f"{said} 1Z7"


@pytest.mark.db
def test_a_day_without_a_time_is_told_as_a_day(kestrel, order):
    Customer.objects.filter(pk=kestrel.harbor).update(time_zone="America/Los_Angeles")
    place = scenery.with_warehouse(SimpleNamespace(customer_id=kestrel.harbor, shop=order.source))
    scenery.ship(place, order)
    part = Record.objects.get(object_type="shipment")
    part.body["shipped_at"] = "2026-03-03"
    part.save(update_fields=["body"])
    viewer = sign_in(kestrel, "viewer", customer_id=kestrel.harbor)
    soup = page(viewer.get(f"/orders/{order.pk}/"))
    assert texts(soup, "td[data-label=Sent]") == [spoken.day(date(2026, 3, 3))]
    assert not soup.select("td[data-label=Due]")


@pytest.mark.db
def test_a_customers_pages_are_in_the_customers_zone_and_say_so(kestrel, order):
    Customer.objects.filter(pk=kestrel.harbor).update(time_zone="Asia/Tokyo")
    viewer = sign_in(kestrel, "viewer", customer_id=kestrel.harbor)
    soup = page(viewer.get("/orders/"))
    assert "times in JST" in soup.select_one(".portal-person").get_text()
    assert {b["value"] for b in soup.select(".portal-person [name=theme]")} == {
        "system",
        "light",
        "dark",
    }
    Record.objects.update(happened_at=datetime(2026, 3, 2, 20, 30, tzinfo=UTC))
    assert texts(page(viewer.get("/orders/")), "td[data-label=Placed]")[0].startswith("3 Mar")


@pytest.mark.db
def test_a_system_is_not_named_twice_and_the_route_is_folded(kestrel, order):
    Endpoint.objects.filter(slug="erp").update(label="ERP database", connector="sql")
    operator = sign_in(kestrel, "operator")
    soup = page(operator.get(f"/orders/{order.pk}/"))
    assert texts(soup, ".lane-names small")[2] == "ERP database (SQL)"
    assert texts(soup, ".pane-switch a") == ["Received", "In the hub", "Sent"]
    assert [a["href"][1:] for a in soup.select(".pane-switch a")] == [
        pane["id"] for pane in soup.select(".pane")
    ]
    assert len(soup.select(".pane[data-first]")) == 1


@pytest.mark.db
def test_the_answer_to_a_try_stands_above_what_was_sent(kestrel, order):
    message = Message.objects.get(direction="out")
    Message.objects.update(state="delivered")
    MessageEvent.objects.create(
        message=message,
        from_state="sending",
        to_state="delivered",
        answer={"status": 201, "ms": 11, "body": '{"id": 7}'},
    )
    soup = page(sign_in(kestrel, "operator").get(f"/orders/{order.pk}/?step={message.pk}"))
    (told,) = texts(soup, ".pane-told li")
    assert told.endswith('answered 201 after 11 ms: {"id": 7}')


@pytest.mark.db
def test_the_list_names_a_channel_as_its_endpoint_is_named(kestrel, order):
    Endpoint.objects.filter(slug="shop").update(label="Web store")
    soup = page(sign_in(kestrel, "operator").get("/orders/"))
    assert texts(soup, "tbody td .second")[0] == "Web store"
