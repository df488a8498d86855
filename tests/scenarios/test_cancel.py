"""Cancels: when an order that somebody has is really cancelled, and what if it ships nevertheless."""

from decimal import Decimal

import pytest

from integrations.domain import replay
from integrations.models import Message, Record, Reservation
from integrations.queries import ledger
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.scenarios.test_order_life import milestones, state, told

pytestmark = pytest.mark.db

OPEN = ("new", "open", "regressed", "waiting", "snoozed")
CANCELLED = {"status": "cancelled"}


@pytest.fixture
def reno(kestrel, shop, sink):
    """A warehouse that says 2xx to what it takes, and that is the only place orders go to."""
    made = pipeline.endpoint(
        kestrel.harbor, "reno", settings={"url": sink.url}, site="RNO1", label="Reno",
        rate_per_second=1000, concurrency=1,
    )  # fmt: skip
    pipeline.flow(shop, made, routed=True)
    return made


@pytest.fixture
def books(kestrel, depot):
    """An ERP beside the warehouse."""
    return pipeline.endpoint(
        kestrel.harbor, "books", settings={"url": depot.url}, label="Books", rate_per_second=1000
    )


def reports(kestrel, reno, number: str = "S-1", **fields: object) -> None:
    line = {"sku": "TENT-2P", "shipped": "2", **fields.pop("line", {})}
    body = {
        "number": number, "site": "RNO1", "order_number": "1001", "shipped_at": "2026-03-03",
        "status": "complete", "lines": [line], **fields,
    }  # fmt: skip
    pipeline.store(reno, body, object_type="shipment")
    pipeline.run(kestrel.harbor)


def claims() -> dict[str, Decimal]:
    return dict(Reservation.objects.order_by("state").values_list("state", "quantity"))


def cases() -> list[str]:
    return list(
        ExceptionCase.objects.filter(state__in=OPEN).order_by("code").values_list("code", flat=True)
    )


def test_a_cancel_that_the_warehouse_took_ends_the_order_and_lets_its_stock_go(
    kestrel, shop, reno, sink
):
    told(kestrel, shop, pipeline.order())
    assert claims() == {"sent": 2}
    told(kestrel, shop, pipeline.order(**CANCELLED))
    assert [o["status"] for o in sink.taken] == ["open", "cancelled"]
    assert (state(), claims(), cases()) == ("cancelled", {"released": 2}, [])
    assert milestones()[-2:] == ["Reno accepted the order", "cancelled"]
    assert "cancel_requested" in milestones()


def test_a_cancel_waits_for_the_last_of_those_who_have_the_order(
    kestrel, shop, reno, books, sink, depot
):
    pipeline.flow(shop, books)
    told(kestrel, shop, pipeline.order())
    depot.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order(**CANCELLED))
    assert (state(), claims()) == ("cancel_requested", {"sent": 2})
    depot.refusing = {}
    held = Message.objects.get(state="held")
    replay.replay([held.pk], actor="Ana Ruiz", cause="Books is mended")
    pipeline.run(kestrel.harbor)
    assert (state(), claims()) == ("cancelled", {"released": 2})


def test_an_order_that_only_a_plain_system_has_is_cancelled_when_that_confirms(
    kestrel, shop, books, depot
):
    pipeline.flow(shop, books)
    told(kestrel, shop, pipeline.order())
    depot.status = 503
    told(kestrel, shop, pipeline.order(**CANCELLED))
    assert state() == "cancel_requested"
    depot.status = 200
    Message.objects.filter(direction="out").update(due_at=None)
    pipeline.run(kestrel.harbor)
    assert state() == "cancelled"


def test_a_cancelled_order_does_not_go_to_those_who_did_not_have_it_yet(
    kestrel, shop, reno, books, sink, depot
):
    pipeline.flow(shop, books)
    books.state = "paused"
    books.save()
    told(kestrel, shop, pipeline.order())
    told(kestrel, shop, pipeline.order(**CANCELLED))
    books.state = "active"
    books.save()
    pipeline.run(kestrel.harbor)
    assert ([o["status"] for o in sink.taken], depot.taken) == (["open", "cancelled"], [])
    assert state() == "cancelled"
    assert ledger.balance().counts["lost"] == 0


def test_an_order_that_everybody_refused_is_cancelled_at_once(kestrel, shop, reno, sink):
    sink.status = 422
    told(kestrel, shop, pipeline.order())
    assert (pipeline.states(direction="out"), len(cases())) == (["held"], 1)
    told(kestrel, shop, pipeline.order(**CANCELLED))
    assert (state(), claims(), cases()) == ("cancelled", {"released": 2}, [])
    assert pipeline.states(direction="out") == ["superseded"]


def test_goods_that_leave_in_spite_of_a_cancel_ship_the_order_and_open_a_case(
    kestrel, shop, reno, sink
):
    told(kestrel, shop, pipeline.order())
    told(kestrel, shop, pipeline.order(**CANCELLED))
    reports(kestrel, reno)
    assert (state(), claims()) == ("shipped", {"consumed": 2})
    case = ExceptionCase.objects.get(closed_at=None)
    assert (case.code, case.severity, case.documents) == ("shipped_after_cancel", 1, 1)
    assert case.title == "Shipped although it was cancelled"
    assert pipeline.states(object_type="shipment", direction="in") == ["applied"]


def test_goods_that_leave_before_the_cancel_is_answered_ship_the_order_and_open_a_case(
    kestrel, shop, reno, sink
):
    told(kestrel, shop, pipeline.order())
    sink.status = 422
    told(kestrel, shop, pipeline.order(**CANCELLED))
    reports(kestrel, reno)
    assert (state(), claims()) == ("shipped", {"consumed": 2})
    assert cases() == ["rejected", "shipped_after_cancel"]


def test_a_report_of_nothing_shipped_is_the_warehouse_s_yes_to_the_cancel(
    kestrel, shop, reno, sink
):
    told(kestrel, shop, pipeline.order())
    sink.status = 422
    told(kestrel, shop, pipeline.order(**CANCELLED))
    assert (state(), cases()) == ("cancel_requested", ["rejected"])
    line = {"shipped": "0", "ordered": "2", "status": "cancelled"}
    reports(kestrel, reno, status="cancelled", line=line)
    assert (state(), claims(), cases()) == ("cancelled", {"released": 2}, [])
    assert pipeline.states(direction="out", object_type="order") == ["confirmed", "confirmed"]


def test_a_report_that_the_goods_come_later_is_no_yes_to_the_cancel(kestrel, shop, reno, sink):
    told(kestrel, shop, pipeline.order())
    sink.status = 422
    told(kestrel, shop, pipeline.order(**CANCELLED))
    line = {"shipped": "0", "ordered": "2", "status": "backordered"}
    reports(kestrel, reno, status="cancelled", line=line)
    assert (state(), claims()) == ("cancel_requested", {"sent": 2})


def test_the_rest_of_an_order_that_was_shipped_in_part_can_be_cancelled(kestrel, shop, reno, sink):
    told(kestrel, shop, pipeline.order(quantity="5"))
    reports(kestrel, reno, status="partial", line={"status": "backordered"})
    told(kestrel, shop, pipeline.order(quantity="5", **CANCELLED))
    assert (state(), claims(), cases()) == ("shipped", {"consumed": 2, "released": 3}, [])


def test_a_correction_of_what_left_before_the_cancel_is_no_shipment_against_it(
    kestrel, shop, reno, sink
):
    told(kestrel, shop, pipeline.order(quantity="5"))
    reports(kestrel, reno, status="partial", line={"status": "backordered"})
    sink.status = 422
    told(kestrel, shop, pipeline.order(quantity="5", **CANCELLED))
    reports(kestrel, reno, status="partial", line={"status": "backordered"}, tracking=["1Z999"])
    assert (state(), cases()) == ("cancel_requested", ["rejected"])


def test_an_order_the_warehouse_cancels_by_itself_is_cancelled_and_opens_a_case(
    kestrel, shop, reno, sink
):
    told(kestrel, shop, pipeline.order())
    line = {"shipped": "0", "ordered": "2", "status": "cancelled"}
    reports(kestrel, reno, status="cancelled", line=line)
    assert (state(), claims(), cases()) == ("cancelled", {"released": 2}, ["cancelled_by_site"])


def test_channels_are_told_of_the_stock_that_a_confirmed_cancel_lets_go(kestrel, shop, reno, sink):
    made = pipeline.endpoint(kestrel.harbor, "listing", settings={}, channel={"share": 1})
    pipeline.flow(reno, made, "inventory")
    body = {"site": "RNO1", "sku": "TENT-2P", "on_hand": "10", "as_of": "2026-03-02T02:00:00Z"}
    pipeline.store(reno, body, object_type="inventory")
    pipeline.run(kestrel.harbor)
    told(kestrel, shop, pipeline.order())
    assert Record.objects.get(object_type="availability").body["quantity"] == "8"
    told(kestrel, shop, pipeline.order(**CANCELLED))
    assert Record.objects.get(object_type="availability").body["quantity"] == "10"
