"""Limits of the business that rules watch: raised once, over when they are kept again."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from integrations.domain import receive
from integrations.models import Flow, Message, Problem
from monitoring.models import Alert, AlertRule
from monitoring.tasks import alert_watch_lane
from portal.core import clock
from portal.core.ids import first_id_at
from tests import pipeline
from tests.monitoring.alerts.scenery import bodies, rule, settle, webhook
from tests.monitoring.desk import NOON

pytestmark = pytest.mark.db
_made = 0


def put(endpoint, *, at: datetime, **fields) -> Message:
    """A document as it is stored, with the id of its time."""
    global _made
    _made += 1
    first = first_id_at(at)
    return Message.objects.create(
        id=type(first)(int=first.int + _made), endpoint=endpoint, customer_id=endpoint.customer_id,
        created_at=at, updated_at=at, **{"direction": "out", "state": "waiting",
        "object_type": "order", **fields},
    )  # fmt: skip


def ago(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


@pytest.fixture
def desk(server, kestrel):
    return webhook(server)


@pytest.fixture
def erp(shop):
    return pipeline.endpoint(shop.customer_id, "erp", label="ERP")


def facts(sent):
    return {one["label"]: one["value"] for one in sent["facts"]}


def test_a_queue_is_told_once_it_is_old_and_over_when_it_is_not(erp, desk, server):
    rule(desk, subject="old_queue", minutes=15, severity=2)
    with clock.freeze(NOON) as time:
        first = put(erp, at=ago(14))
        put(erp, at=ago(3))
        settle()
        assert server.requests == []
        time.move(60)
        settle()
        settle()
        [sent] = bodies(server)
        assert sent["title"] == "Documents wait for ERP for over 15 min"
        assert (sent["where"], sent["severity"]) == ("Harbor Outfitters · ERP", 2)
        assert facts(sent) == {"Documents": "1", "Oldest": "11:46 UTC, 15 min ago"}
        assert sent["key"] == f"kestrel/W-{AlertRule.objects.get().pk}/{erp.customer_id}/{erp.pk}"
        Message.objects.filter(pk=first.pk).update(state="delivered")
        settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "over"]
    assert facts(bodies(server)[1])["Because"] == "The queue is short again."


def test_it_is_not_over_and_begun_by_turns(erp, desk, server):
    """A queue that hangs about its limit: over only where a fifth of it is free again."""
    rule(desk, subject="old_queue", minutes=15)
    with clock.freeze(NOON):
        old = put(erp, at=ago(16))
        settle()
        Message.objects.filter(pk=old.pk).update(created_at=ago(13))  # 12 is four fifths of 15
        settle()
        assert [one["event"] for one in bodies(server)] == ["raised"]
        Message.objects.filter(pk=old.pk).update(created_at=ago(11.9))
        settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "over"]


@pytest.mark.parametrize(
    "fields",
    [
        {"due_at": NOON + timedelta(hours=4)},  # a flow that goes at a time of day
        {"state": "delivered"},
        {"state": "held"},
        {"direction": "in", "state": "received"},
    ],
)
def test_what_does_not_wait_for_the_endpoint_is_no_queue(erp, desk, fields):
    rule(desk, subject="old_queue", minutes=15)
    with clock.freeze(NOON):
        put(erp, at=ago(60), **fields)
        settle()
    assert not Alert.objects.exists()


def test_an_endpoint_that_a_person_paused_is_left_alone(erp, desk):
    erp.state = "paused"
    erp.save()
    rule(desk, subject="old_queue", minutes=15)
    with clock.freeze(NOON):
        put(erp, at=ago(60))
        settle()
    assert not Alert.objects.exists()


@pytest.fixture
def warehouse(shop):
    made = pipeline.endpoint(shop.customer_id, "northwind", label="Northwind")
    pipeline.flow(made, shop, "inventory")
    type(made).objects.filter(pk=made.pk).update(created_at=ago(10_000))
    return made


def test_stock_that_is_old_is_told_and_over_with_the_next_report(warehouse, desk, server):
    rule(desk, subject="old_stock", minutes=60, severity=3)
    with clock.freeze(NOON) as time:
        put(warehouse, at=ago(59), direction="in", state="applied", object_type="inventory")
        put(warehouse, at=ago(1), direction="in", state="applied", object_type="shipment")
        settle()
        assert server.requests == []
        time.move(120)
        settle()
        put(warehouse, at=time.at, direction="in", state="applied", object_type="inventory")
        settle()
    began, over = bodies(server)
    assert began["title"] == "Northwind has sent no stock report for 1 h"
    assert facts(began) == {"Last report": "11:01 UTC, 1 h 01 ago"}
    assert (over["event"], facts(over)["Because"]) == ("over", "A stock report has come.")


def test_stock_that_never_came_is_told_without_a_time(warehouse, desk, server):
    rule(desk, subject="old_stock", minutes=60)
    with clock.freeze(NOON):
        settle()
    assert facts(bodies(server)[0]) == {"Last report": "over 2 h ago"}


def test_who_sends_no_stock_owes_none(shop, warehouse, desk):
    Flow.objects.filter(source=warehouse).update(enabled=False)
    rule(desk, subject="old_stock", minutes=60)
    with clock.freeze(NOON):
        settle()
    assert not Alert.objects.exists()


def hold_until(endpoint, cutoff, *, amount=None):
    message = put(endpoint, at=ago(5), direction="in", state="held")
    return Problem.objects.create(
        message=message, customer_id=endpoint.customer_id, endpoint=endpoint, code="unknown_sku",
        path="lines[0].sku", value="X", text="X", fingerprint=message.pk, amount=amount,
        currency="USD" if amount else "", cutoff_at=cutoff, cutoff_kind="pickup",
    )  # fmt: skip


def test_orders_near_their_cutoff_are_one_alert_for_each_customer(shop, desk, server):
    rule(desk, subject="late_orders", minutes=30, severity=1)
    with clock.freeze(NOON) as time:
        held = [hold_until(shop, NOON + timedelta(minutes=40), amount="128.00") for _ in range(3)]
        settle()
        assert server.requests == []
        time.move(600)
        settle()
        [sent] = bodies(server)
        assert sent["title"] == "Orders are not with their warehouse 30 min before their cut-off"
        assert facts(sent) == {
            "Orders": "3", "First cut-off": "12:40 UTC, in 30 min", "At risk": "$384.00",
        }  # fmt: skip
        Problem.objects.filter(pk__in=[one.pk for one in held]).update(closed_at=time.at)
        settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "over"]


def test_orders_that_wait_for_the_truck_of_their_warehouse_count_too(shop, desk, server, sink):
    """The warehouse is away; its truck leaves at 14:00 and nobody held anything."""
    house = pipeline.endpoint(
        shop.customer_id, "rno1", label="House", site="RNO1", settings={"url": "http://127.0.0.1:9"},
        pickup={"time": "14:00", "zone": "UTC", "days": "mon-fri"},
    )  # fmt: skip
    pipeline.flow(shop, house)
    with clock.freeze(NOON) as time:
        pipeline.store(shop, pipeline.order("1001"), pipeline.order("1002"))
        receive.receive(shop.customer_id)
        Message.objects.filter(endpoint=house).update(created_at=ago(5))
        hold_until(shop, NOON + timedelta(minutes=125), amount="10.00")
        rule(desk, subject="late_orders", minutes=30)
        settle()
        assert server.requests == []
        time.move(90 * 60)
        settle()
        [sent] = bodies(server)
        assert facts(sent) == {
            "Orders": "3", "First cut-off": "14:00 UTC, in 30 min", "At risk": "$266.00",
        }  # fmt: skip
        Message.objects.filter(endpoint=house).update(state="delivered")
        Problem.objects.update(closed_at=time.at)
        settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "over"]


def test_a_limit_of_one_customer_is_not_that_of_another(harbor, maris, desk):
    rule(desk, subject="old_queue", minutes=15, customer_id=maris.customer_id)
    with clock.freeze(NOON):
        put(harbor.erp, at=ago(60))
        settle()
        assert not Alert.objects.exists()
        put(maris.erp, at=ago(60))
        settle()
    assert [one.customer_id for one in Alert.objects.all()] == [maris.customer_id]


def test_a_rule_that_is_switched_off_ends_what_it_found(erp, desk, server):
    made = rule(desk, subject="old_queue", minutes=15)
    with clock.freeze(NOON):
        put(erp, at=ago(60))
        settle()
        AlertRule.objects.filter(pk=made.pk).update(is_on=False)
        settle()
    assert facts(bodies(server)[1])["Because"] == "The rule is not watched any more."


def test_what_comes_back_after_its_end_is_told_again(erp, desk, server):
    rule(desk, subject="old_queue", minutes=15)
    with clock.freeze(NOON):
        old = put(erp, at=ago(60))
        settle()
        Message.objects.filter(pk=old.pk).update(state="delivered")
        settle()
        put(erp, at=ago(60))
        settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "over", "raised"]


@pytest.mark.parametrize("endpoints", [1, 3])
def test_watching_takes_as_many_queries_for_three_as_for_one(
    shop, desk, endpoints, django_assert_num_queries
):
    rule(desk, subject="old_queue", minutes=15)
    with clock.freeze(NOON):
        for n in range(endpoints):
            put(pipeline.endpoint(shop.customer_id, f"erp{n}"), at=ago(60))
        settle()
        with django_assert_num_queries(16, connection=connection):
            alert_watch_lane("")


def test_a_limit_that_breaks_our_own_code_leaves_the_others(erp, desk, monkeypatch, caplog):
    from monitoring.domain.alerts import watching

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    finders = {**watching.FINDERS, "old_stock": broken}
    monkeypatch.setattr(watching, "FINDERS", finders)
    rule(desk, name="A", subject="old_stock", minutes=15)
    rule(desk, name="B", subject="old_queue", minutes=15)
    with clock.freeze(NOON):
        put(erp, at=ago(60))
        settle()
    assert Alert.objects.get().endpoint_id == erp.pk
