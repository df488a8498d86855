"""The legs of orders: since when something is awaited, from whom, and when it came."""

from datetime import datetime
from typing import Any

import pytest

from integrations.domain import replay
from integrations.models import Message, Record
from monitoring.domain import legs
from monitoring.models import Leg, LegMark
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.scenarios.test_order_life import shipment

pytestmark = pytest.mark.db


@pytest.fixture
def house(houses: Any) -> Any:
    """An order that went to RNO1; the shop and the ERP hear of shipments."""
    pipeline.flow(houses.RNO1, houses.shop, "shipment")
    pipeline.flow(houses.RNO1, houses.erp, "shipment")
    pipeline.store(houses.shop, pipeline.order("1001"))
    return houses


def run(house: Any) -> None:
    pipeline.run(house.customer_id)
    legs.advance()


def leg(kind: str, **fields: Any) -> Leg:
    return Leg.objects.get(kind=kind, **fields)


def outcomes() -> dict[str, str]:
    return dict(Leg.objects.order_by("kind").values_list("kind", "outcome"))


def test_an_order_is_awaited_from_when_it_was_placed_until_it_is_in_the_hub(house: Any) -> None:
    run(house)
    order = Record.objects.get(object_type="order")
    found = leg("ingest")
    assert found.began_at == datetime.fromisoformat("2026-03-02T13:58:04+00:00")
    assert (found.ended_at, found.outcome) == (order.created_at, "done")
    assert (found.number, found.endpoint_id) == ("1001", house.shop.pk)
    assert found.message_id == Message.objects.get(direction="in").pk


def test_an_order_the_warehouse_took_is_transmitted_and_awaits_its_shipment(house: Any) -> None:
    run(house)
    assert outcomes() == {"ingest": "done", "transmit": "done", "ship": ""}
    taken = Message.objects.get(endpoint=house.RNO1, direction="out")
    assert leg("transmit").ended_at == taken.events.get(to_state="confirmed").at
    assert leg("ship").began_at == leg("transmit").ended_at
    assert leg("ship").endpoint_id == house.RNO1.pk


def test_a_shipment_ends_one_leg_and_begins_one_for_each_that_has_to_know(house: Any) -> None:
    run(house)
    pipeline.store(house.RNO1, shipment(), object_type="shipment")
    run(house)
    came = Message.objects.get(endpoint=house.RNO1, direction="in")
    assert (leg("ship").ended_at, leg("ship").message_id) == (came.created_at, came.pk)
    told = Leg.objects.filter(kind="confirm").order_by("endpoint_id")
    assert [one.endpoint_id for one in told] == sorted([house.shop.pk, house.erp.pk])
    assert {one.began_at for one in told} == {came.created_at}


def test_a_held_order_is_awaited_until_it_is_in_the_hub(harbor: Any) -> None:
    hold(harbor, "1001")
    legs.advance()
    held = leg("ingest")
    assert (held.outcome, held.ended_at, held.order_id) == ("", None, None)
    harbor.table.rows.create(code="TENT-OLD", value="TENT-2P")
    message = Message.objects.get()
    replay.replay([message.pk], actor="O. Perator", cause="Known now")
    pipeline.run(harbor.customer_id)
    legs.advance()
    assert leg("ingest").outcome == "done"
    assert leg("ingest").subject == Record.objects.get().pk


def test_nothing_is_awaited_of_a_cancelled_order(house: Any) -> None:
    run(house)
    pipeline.store(house.shop, pipeline.order("1001", status="cancelled"))
    run(house)
    assert leg("ship").outcome == "moot"


def test_making_them_again_changes_nothing(house: Any) -> None:
    run(house)
    before = list(Leg.objects.order_by("pk").values())
    legs.rebuild()
    assert list(Leg.objects.order_by("pk").values()) == before


def test_what_is_expected_stays_when_the_order_moves_on(house: Any) -> None:
    run(house)
    due = datetime.fromisoformat("2026-03-03T12:00:00+00:00")
    Leg.objects.filter(kind="ship").update(due_at=due)
    pipeline.store(house.RNO1, shipment(), object_type="shipment")
    run(house)
    assert leg("ship").due_at == due


def test_events_are_looked_at_again_until_no_older_transaction_runs(house: Any) -> None:
    run(house)
    mark = LegMark.objects.get()
    assert mark.marked > 0  # the test's own transaction runs, and may still write
    assert mark.passed == 0


def test_another_customers_orders_are_their_own(house: Any, maris: Any) -> None:
    pipeline.store(maris.shop, pipeline.order("7001"))
    pipeline.run(maris.customer_id)
    run(house)
    found = Leg.objects.filter(customer_id=maris.customer_id)
    assert {one.number for one in found} == {"7001"}
