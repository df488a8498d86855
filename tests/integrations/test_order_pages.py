"""What an order's pages say of its numbers and of how long things took."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.models import Record, RecordEvent
from integrations.queries.journey import Journey
from integrations.views import journey_facts
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
