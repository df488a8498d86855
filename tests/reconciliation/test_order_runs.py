"""Orders followed from the shop to the ERP and the warehouse."""

from datetime import timedelta

import pytest

from integrations.domain import changes, deliver, receive
from integrations.models import Message, Record
from monitoring.models import Break, ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.reconciliation.conftest import only_break, run, twice

pytestmark = pytest.mark.db
SIDES = (
    {"role": "channel", "source": "hub", "endpoint": "shop"},
    {"role": "erp", "source": "live", "endpoint": "books"},
    {"role": "warehouse", "source": "hub", "endpoint": "reno"},
)


def define(house, **content):
    return house.define("orders", *SIDES, **content)


def test_orders_that_everybody_has_are_right(house):
    house.count()
    for number in ("1001", "1002"):
        house.order(number, ("TENT-2P", 2))
    house.ship("1002", "TENT-2P", 2)
    done = run(define(house))
    assert (done.state, done.counts) == ("done", {"match": 2})
    assert (done.figures["by_sku"], done.figures["hours"]) == ("1.000000", 0)


def test_an_order_the_erp_lost_is_told_and_can_be_sent_again(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.erp.rows("DELETE FROM sales_order_line")
    house.erp.rows("DELETE FROM sales_order")
    one = define(house)
    twice(one)
    found = only_break(one)
    assert (found.code, found.subject, found.status) == ("order_not_posted", "1001", "open")
    assert ExceptionCase.objects.get().title == "Order 1001 is not in ERP"


def test_an_order_that_waits_for_its_warehouse_is_not_transmitted(house, sink):
    house.count()
    sink.status = 503
    house.order("1001", ("TENT-2P", 2))
    one = define(house)
    twice(one)
    assert {b.code for b in Break.objects.all()} == {"order_not_transmitted"}


def test_a_dropped_component_is_found_while_everything_is_green(house):
    """A mapping drops a line; the 940 is taken, the 945 complete, and nobody is told of anything."""
    house.product("CAMP-SET", components=[
        {"sku": "TENT-2P", "quantity": "1"}, {"sku": "BAG-S20", "quantity": "2"}])  # fmt: skip
    house.count()
    house.reno.flows_in.update(routed=False)
    changes.touch(house.customer_id)
    house.reno.mappings.create(
        object_type="order",
        direction="out",
        version=1,
        rows=[
            ["number", "number"],
            ["lines[]", 'lines[unit_price != "0"]'],
            ["lines[].sku", "sku"],
            ["lines[].quantity", "quantity"],
        ],
    )
    _order_bundle(house)
    assert Message.objects.filter(direction="out", endpoint=house.reno).get().state == "confirmed"
    assert not ExceptionCase.objects.exists()
    one = house.define("orders", SIDES[0], SIDES[2])
    twice(one)
    found = only_break(one)
    assert (found.code, found.cause, found.subject) == ("dropped_line", "dropped_line", "2001")
    assert (found.sku, found.line_no) == ("BAG-S20", "1")
    case = ExceptionCase.objects.get()
    assert case.title == "A line of order 2001 was dropped on its way to Northwind Reno"
    assert "2 BAG-S20, a part of bundle CAMP-SET" in dict(case.evidence["lines"])["Probable cause"]


def _order_bundle(house):
    """A bundle and its components as the shop lists them: the bundle has the price."""
    lines = [
        {"line_no": "1", "sku": "CAMP-SET", "quantity": "1", "uom": "EA", "unit_price": "150.00"},
        {"line_no": "2", "sku": "TENT-2P", "quantity": "1", "uom": "EA", "unit_price": "61.50"},
        {"line_no": "3", "sku": "BAG-S20", "quantity": "2", "uom": "EA", "unit_price": "0"},
    ]
    placed = (clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = pipeline.order("2001", lines=lines, placed_at=placed)
    pipeline.store(house.shop, body)
    for _ in range(3):
        receive.receive(house.customer_id)
        deliver.deliver(house.reno.pk)


def test_what_the_warehouse_reports_counts_more_than_what_it_was_sent(house):
    house.count()
    house.order("1001", ("TENT-2P", 2), ("MUG-12", 3))
    house.ship("1001", "TENT-2P", 2)
    one = define(house)
    run(one)
    found = only_break(one)
    assert (found.state, found.sku, found.left, found.right) == ("dropped_line", "MUG-12", "3", "0")


def test_another_total_in_the_erp_is_told(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.erp.rows("UPDATE sales_order_line SET unit_price = 61.00")
    one = define(house)
    run(one)
    assert (only_break(one).state, only_break(one).code) == ("total_differs", "order_differs")


def test_a_cancelled_order_that_the_erp_has_open_is_told(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    Record.objects.filter(object_type="order").update(state="cancelled")
    one = house.define("orders", *SIDES[:2])
    run(one)
    assert only_break(one).state == "cancelled_but_open"


def test_an_order_run_can_be_made_again(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.erp.rows("UPDATE sales_order_line SET qty = 1")
    one = define(house)
    done = run(one)
    house.erp.rows("UPDATE sales_order_line SET qty = 9")
    house.order("1002", ("TENT-2P", 2))
    assert run(one, "repeat", of=done).digest == done.digest
