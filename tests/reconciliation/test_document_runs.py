"""Shipments followed step by step."""

from datetime import timedelta

import pytest

from monitoring.models import Break
from portal.core import clock
from tests.reconciliation.conftest import only_break, run, twice

pytestmark = pytest.mark.db
SIDES = (
    {"role": "channel", "source": "hub", "endpoint": "shop"},
    {"role": "erp", "source": "hub", "endpoint": "books"},
    {"role": "warehouse", "source": "hub", "endpoint": "reno"},
)


def later(**time):
    return clock.freeze(clock.now() + timedelta(**time))


def test_an_order_on_its_way_is_in_time(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    done = run(house.define("shipments", *SIDES))
    assert (done.state, done.counts) == ("done", {"match": 1, "copies": 0, "versions": 0})


def test_the_first_step_that_did_not_come_is_told(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.order("1002", ("TENT-2P", 1))
    house.ship("1002", "TENT-2P", 1)
    one = house.define("shipments", *SIDES)
    with later(hours=30):
        twice(one)
    found = only_break(one)
    assert (found.subject, found.state, found.right) == ("1001", "step_missing", "shipped")
    assert "reported as shipped (945)" in found.sentence


def test_a_shipment_told_twice_is_counted_and_no_break(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.ship("1001", "TENT-2P", 2)
    body = house.reno.message_set.filter(object_type="shipment").get().payload
    assert body is not None
    house.arrive(house.reno, bytes(body.body), "shipment")
    done = run(house.define("shipments", *SIDES))
    assert (done.counts["copies"], Break.objects.count()) == (1, 0)


def test_a_tracking_number_of_two_orders_is_told(house):
    house.count()
    for number in ("1001", "1002"):
        house.order(number, ("TENT-2P", 2))
        body = {"number": f"SH-{number}", "site": "RNO1", "order_number": number, "status": "complete",
                "shipped_at": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"), "tracking": ["1ZSAME"],
                "lines": [{"sku": "TENT-2P", "shipped": "2", "uom": "EA"}]}  # fmt: skip
        house.arrive(house.reno, body, "shipment")
    one = house.define("shipments", *SIDES)
    run(one)
    assert (only_break(one).state, only_break(one).code) == ("tracking_reused", "shipment_differs")
