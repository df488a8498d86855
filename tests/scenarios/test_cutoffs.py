"""A problem of an order says by when it has to be mended. Denver is seven hours behind UTC."""

from datetime import UTC, datetime

import pytest

from integrations.domain import overdue
from integrations.models import LookupTable, Message, Problem, RoutingRules
from portal.core import clock
from portal.customers.models import Customer
from tests import pipeline
from tests.pages.scenery import HELD_ROWS
from tests.scenarios.test_x12 import answer, arrives, group_control, received, server
from tests.scenarios.test_x12 import depot as northwind

__all__ = ["northwind", "server"]

pytestmark = pytest.mark.db

FRIDAY_NOON = datetime(2026, 3, 6, 19, 0, tzinfo=UTC)
FRIDAYS_TRUCK = "2026-03-06T21:00"  # 14:00 + 7
DATES = {"requested_ship": "2026-03-05"}
THURSDAYS_TRUCK = "2026-03-05T21:00"


@pytest.fixture(autouse=True)
def friday():
    with clock.freeze(FRIDAY_NOON) as time:
        yield time


@pytest.fixture
def reno(kestrel, shop, sink):
    """A warehouse whose truck leaves at two, in the customer's own time."""
    Customer.objects.filter(pk=kestrel.harbor).update(time_zone="America/Denver")
    made = pipeline.endpoint(
        kestrel.harbor, "reno", settings={"url": sink.url}, site="RNO1", pickup={"time": "14:00"}
    )
    pipeline.flow(shop, made, routed=True)
    return made


def cutoffs(**filters) -> list[tuple[str, str, str]]:
    found = Problem.objects.filter(**filters).order_by("pk")
    return [
        (p.cutoff_at and f"{p.cutoff_at:%Y-%m-%dT%H:%M}", p.cutoff_kind, p.cutoff_site)
        for p in found
    ]


def comes(kestrel, shop, body, object_type="order") -> None:
    pipeline.store(shop, body, object_type=object_type)
    pipeline.run(kestrel.harbor)


NOTHING = (None, "", "")


def test_an_order_with_an_unknown_item_is_to_make_the_next_truck(kestrel, shop, reno):
    LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    shop.mappings.create(object_type="order", direction="in", version=1, rows=HELD_ROWS)
    comes(kestrel, shop, pipeline.order(sku="TENT-OLD"))
    assert cutoffs() == [(FRIDAYS_TRUCK, "pickup", "RNO1")]


def test_an_order_that_is_not_whole_says_what_it_says(kestrel, shop, reno):
    body = pipeline.order(**DATES, currency="florins")
    del body["lines"]
    comes(kestrel, shop, body)
    assert Problem.objects.count() == 2
    assert cutoffs() == [(THURSDAYS_TRUCK, "ship_by", "RNO1")] * 2


def test_a_date_that_is_none_is_a_problem_and_no_cut_off(kestrel, shop, reno):
    comes(kestrel, shop, pipeline.order(requested_ship="asap"))
    assert cutoffs() == [(FRIDAYS_TRUCK, "pickup", "RNO1")]


def test_of_two_warehouses_the_earlier_truck_counts(kestrel, shop, reno, sink):
    early = pipeline.endpoint(
        kestrel.harbor, "tahoe", settings={"url": sink.url}, site="TAH1",
        pickup={"time": "12:30", "zone": "America/Denver"},
    )  # fmt: skip
    pipeline.flow(shop, early, routed=True)
    comes(kestrel, shop, pipeline.order(currency="florins"))
    assert cutoffs() == [("2026-03-06T19:30", "pickup", "TAH1")]


def test_a_warehouse_that_is_being_onboarded_sends_no_truck_yet(kestrel, shop, reno):
    reno.state = "testing"
    reno.save()
    comes(kestrel, shop, pipeline.order(currency="florins"))
    assert cutoffs() == [NOTHING]


def test_an_order_no_site_can_take_has_its_cut_off(kestrel, shop, reno):
    RoutingRules.objects.create(
        customer_id=kestrel.harbor, version=1,
        rules=[{"n": 10, "if": {}, "then": {"exclude": ["RNO1"]}}],
    )  # fmt: skip
    comes(kestrel, shop, pipeline.order(**DATES))
    assert cutoffs(code="no_site_allowed") == [(THURSDAYS_TRUCK, "ship_by", "RNO1")]


def test_an_order_its_warehouse_refuses_has_the_cut_off_of_that_warehouse(
    kestrel, shop, reno, sink
):
    sink.refusing["1001"] = 422
    other = pipeline.endpoint(
        kestrel.harbor, "tahoe", settings={"url": sink.url}, site="TAH1",
        pickup={"time": "12:30"},
    )  # fmt: skip
    pipeline.flow(shop, other, routed=True)
    RoutingRules.objects.create(
        customer_id=kestrel.harbor, version=1,
        rules=[{"n": 10, "if": {}, "then": {"force": "RNO1"}}],
    )  # fmt: skip
    comes(kestrel, shop, pipeline.order())
    assert pipeline.states(direction="out") == ["held"]
    assert cutoffs() == [(FRIDAYS_TRUCK, "pickup", "RNO1")]


def test_an_order_that_the_erp_refuses_has_the_cut_off_of_the_warehouse_it_was_routed_to(
    kestrel, shop, reno, erp, depot
):
    pipeline.flow(
        shop,
        pipeline.endpoint(
            kestrel.harbor, "tahoe", settings={"url": depot.url}, site="TAH1",
            pickup={"time": "12:30"},
        ),
        routed=True,
    )  # fmt: skip
    RoutingRules.objects.create(
        customer_id=kestrel.harbor, version=1,
        rules=[{"n": 10, "if": {}, "then": {"force": "RNO1"}}],
    )  # fmt: skip
    erp.mappings.create(
        object_type="order", direction="out", version=1, rows=[["number", "$lookup('no', number)"]]
    )
    LookupTable.objects.create(customer_id=kestrel.harbor, name="no")
    comes(kestrel, shop, pipeline.order())
    held = Message.objects.get(state="held", endpoint=erp)
    assert cutoffs(message=held) == [(FRIDAYS_TRUCK, "pickup", "RNO1")]


def test_what_is_no_order_has_no_cut_off(kestrel, shop, reno):
    comes(kestrel, reno, {"number": "SH-1", "order_number": "nobody's"}, "shipment")
    comes(kestrel, reno, {"sku": "TENT-2P", "quantity": "many"}, "inventory")
    assert set(cutoffs()) == {NOTHING}


def test_an_order_that_is_only_remarked_on_goes_its_way_and_has_none(kestrel, shop, reno):
    shop.contracts.create(
        object_type="order", schema={"type": "object", "properties": {"number": {"type": "number"}}}
    )
    comes(kestrel, shop, pipeline.order(**DATES))
    assert pipeline.states(direction="in") == ["applied"]
    assert set(cutoffs(code="contract_drift")) == {NOTHING}


def test_an_edi_order_that_is_not_acknowledged_or_refused_has_its_cut_off(
    kestrel, shop, northwind, friday
):
    northwind.pickup = {"time": "14:00", "zone": "America/Denver"}
    northwind.save()
    comes(kestrel, shop, pipeline.order(**DATES))
    Message.objects.filter(direction="out").update(updated_at=FRIDAY_NOON)
    friday.move(5 * 3600)
    overdue.find()
    arrives(kestrel, northwind, received("FA", answer(group_control(), "R")))
    assert cutoffs(code="ack_missing") == [(THURSDAYS_TRUCK, "ship_by", "RNO1")]
    assert cutoffs(code="ack_rejected") == [(THURSDAYS_TRUCK, "ship_by", "RNO1")]
