"""Claims on stock: what a shipment takes of them, and that they always add up to the order."""

from decimal import Decimal

import pytest

from integrations.models import Record, Reservation
from tests import pipeline
from tests.scenarios.test_order_life import told

pytestmark = pytest.mark.db


@pytest.fixture
def reno(kestrel, shop, sink):
    made = pipeline.endpoint(
        kestrel.harbor, "reno", settings={"url": sink.url}, site="RNO1", rate_per_second=1000,
        concurrency=1,
    )  # fmt: skip
    pipeline.flow(shop, made, routed=True)
    return made


def order(tents: str = "10", ropes: str = "4", **fields: object) -> dict:
    lines = [
        {"line_no": "1", "sku": "TENT-2P", "quantity": tents, "uom": "EA", "unit_price": "1.00"},
        {"line_no": "2", "sku": "ROPE-30", "quantity": ropes, "uom": "EA", "unit_price": "1.00"},
    ]
    return pipeline.order(**{"lines": lines, **fields})


def reports(kestrel, reno, *lines: dict, number: str = "S-1", status: str = "partial") -> None:
    body = {
        "number": number, "site": "RNO1", "order_number": "1001", "shipped_at": "2026-03-03",
        "status": status, "lines": list(lines),
    }  # fmt: skip
    pipeline.store(reno, body, object_type="shipment")
    pipeline.run(kestrel.harbor)


def tents(shipped: str, **fields: str) -> dict:
    return {"sku": "TENT-2P", "shipped": shipped, **fields}


def ropes(shipped: str, **fields: str) -> dict:
    return {"sku": "ROPE-30", "shipped": shipped, **fields}


def claims(sku: str = "TENT-2P") -> dict[str, Decimal]:
    found = Reservation.objects.filter(sku=sku).order_by("state")
    return dict(found.values_list("state", "quantity"))


def state() -> str:
    return Record.objects.get(object_type="order").state


def test_a_partial_shipment_consumes_what_left_and_the_rest_stays_claimed(kestrel, shop, reno):
    told(kestrel, shop, order())
    reports(kestrel, reno, tents("3", status="backordered"))
    assert claims() == {"consumed": 3, "sent": 7}
    assert claims("ROPE-30") == {"sent": 4}
    assert state() == "partially_shipped"


def test_two_shipments_consume_the_claims_one_after_the_other(kestrel, shop, reno):
    told(kestrel, shop, order())
    reports(kestrel, reno, tents("3", status="backordered"), ropes("4"))
    reports(kestrel, reno, tents("7"), number="S-2", status="complete")
    assert (claims(), claims("ROPE-30")) == ({"consumed": 10}, {"consumed": 4})
    assert state() == "shipped"


def test_two_shipments_in_one_batch_consume_as_much(kestrel, shop, reno):
    told(kestrel, shop, order())
    bodies = [
        {"number": f"S-{n}", "site": "RNO1", "order_number": "1001", "shipped_at": "2026-03-03",
         "status": "partial", "lines": [tents("5"), ropes("2")]}
        for n in (1, 2)
    ]  # fmt: skip
    pipeline.store(reno, *bodies, object_type="shipment")
    pipeline.run(kestrel.harbor)
    assert (claims(), claims("ROPE-30"), state()) == ({"consumed": 10}, {"consumed": 4}, "shipped")


def test_a_shipment_that_comes_again_corrected_counts_once(kestrel, shop, reno):
    told(kestrel, shop, order())
    reports(kestrel, reno, tents("3", status="backordered"))
    reports(kestrel, reno, tents("4", status="backordered"))
    assert claims() == {"consumed": 4, "sent": 6}
    reports(kestrel, reno, tents("2", status="backordered"))
    assert claims() == {"consumed": 2, "sent": 8}


def test_a_short_line_lets_go_what_does_not_come(kestrel, shop, reno):
    told(kestrel, shop, order())
    reports(kestrel, reno, tents("3", ordered="10", status="short"))
    assert (claims(), claims("ROPE-30")) == ({"consumed": 3, "released": 7}, {"sent": 4})


def test_a_line_the_warehouse_cancelled_lets_all_go(kestrel, shop, reno):
    told(kestrel, shop, order())
    reports(kestrel, reno, tents("0", ordered="10", status="cancelled"), ropes("4"))
    assert (claims(), claims("ROPE-30")) == ({"released": 10}, {"consumed": 4})
    assert state() == "shipped"


def test_what_comes_after_all_is_consumed_although_it_was_let_go(kestrel, shop, reno):
    told(kestrel, shop, order())
    reports(kestrel, reno, tents("3", ordered="10", status="short"))
    reports(kestrel, reno, tents("5"), number="S-2")
    assert claims() == {"consumed": 8, "released": 2}


def test_a_substitute_takes_the_claim_of_the_line_it_stands_for(kestrel, shop, reno):
    told(kestrel, shop, order())
    line = {"sku": "TENT-3P", "shipped": "6", "substitute_for": "TENT-2P", "status": "substituted"}
    reports(kestrel, reno, line)
    assert claims() == {"consumed": 6, "sent": 4}
    assert claims("TENT-3P") == {}


def test_more_than_was_ordered_takes_no_more_than_was_claimed(kestrel, shop, reno):
    told(kestrel, shop, order())
    reports(kestrel, reno, tents("12", status="extra"), ropes("4"), status="complete")
    assert (claims(), state()) == ({"consumed": 10}, "shipped")


def test_nothing_shipped_and_all_to_come_leaves_order_and_claims_alone(kestrel, shop, reno):
    told(kestrel, shop, order())
    before = state()
    reports(kestrel, reno, tents("0", ordered="10", status="backordered"), status="cancelled")
    assert (claims(), state()) == ({"sent": 10}, before)


def test_an_order_that_the_warehouse_knows_claims_more_when_it_grows(kestrel, shop, reno):
    told(kestrel, shop, order())
    assert claims() == {"sent": 10}
    told(kestrel, shop, order(tents="30"))
    assert claims() == {"sent": 30}
    told(kestrel, shop, order(tents="5"))
    assert claims() == {"sent": 5}


def test_a_line_that_is_taken_off_an_order_lets_its_claim_go(kestrel, shop, reno):
    told(kestrel, shop, order())
    told(kestrel, shop, order(lines=order()["lines"][:1]))
    assert (claims(), claims("ROPE-30")) == ({"sent": 10}, {"released": 4})


def test_a_line_that_asks_for_another_item_claims_that_one_instead(kestrel, shop, reno):
    told(kestrel, shop, order())
    lines = order()["lines"]
    told(kestrel, shop, order(lines=[{**lines[0], "sku": "TENT-3P"}, lines[1]]))
    assert (claims(), claims("TENT-3P")) == ({"released": 10}, {"sent": 10})
