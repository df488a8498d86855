"""Flows that do not run at once: every few minutes, and at a time of day, also where clocks change."""

from datetime import UTC, datetime, time

import pytest

from integrations.models import Message
from portal.core import clock
from portal.customers.models import Customer
from tests import pipeline

pytestmark = pytest.mark.db


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def batch(kestrel, shop, sink):
    """A flow of the shop's orders with the given latency class, in New York."""
    Customer.objects.filter(pk=kestrel.harbor).update(time_zone="America/New_York")
    erp = pipeline.endpoint(
        kestrel.harbor, "erp", settings={"url": sink.url}, rate_per_second=1000, concurrency=1
    )

    def flow(**fields: object) -> None:
        pipeline.flow(shop, erp, **fields)

    return flow


def test_an_order_of_a_near_real_time_flow_waits_for_the_next_full_interval(
    kestrel, shop, sink, batch
):
    batch(latency="near_real_time", every_minutes=15)
    with clock.freeze(utc("2026-03-02 12:07:30")) as frozen:
        pipeline.store(shop, pipeline.order("1"), pipeline.order("2"))
        pipeline.run(kestrel.harbor)
        assert {m.due_at for m in Message.objects.filter(direction="out")} == {
            utc("2026-03-02 12:15:00")
        }
        frozen.move(7 * 60 + 29)
        pipeline.run(kestrel.harbor)
        assert sink.names == []
        frozen.move(1)
        pipeline.run(kestrel.harbor)
        assert sink.names == ["1", "2"]


def test_an_order_on_the_interval_itself_waits_for_the_next_one(kestrel, shop, sink, batch):
    batch(latency="near_real_time", every_minutes=5)
    with clock.freeze(utc("2026-03-02 12:05:00")):
        pipeline.store(shop, pipeline.order())
        pipeline.run(kestrel.harbor)
        assert Message.objects.get(direction="out").due_at == utc("2026-03-02 12:10:00")


@pytest.mark.parametrize(
    ("at", "made", "due"),
    [
        # New York is 5 hours behind UTC in winter, 4 in summer.
        (time(14, 30), "2026-03-02 12:00", "2026-03-02 19:30"),  # 07:00, later that day
        (time(14, 30), "2026-03-02 19:30", "2026-03-03 19:30"),  # 14:30 sharp: tomorrow
        (time(14, 30), "2026-03-02 23:00", "2026-03-03 19:30"),  # 18:00: tomorrow
        (time(23, 45), "2026-03-03 04:50", "2026-03-04 04:45"),  # 23:50 of the 2nd: the 3rd
        (time(14, 30), "2026-03-07 20:00", "2026-03-08 18:30"),  # summer begins overnight
        (time(2, 30), "2026-03-08 05:00", "2026-03-08 07:30"),  # 02:30 is skipped: 03:30 EDT
        (time(2, 30), "2026-03-08 07:30", "2026-03-09 06:30"),  # it was there: tomorrow
        (time(14, 30), "2026-10-31 20:00", "2026-11-01 19:30"),  # summer ends overnight
        (time(1, 30), "2026-11-01 05:00", "2026-11-01 05:30"),  # 01:30 comes twice: the first
        (time(1, 30), "2026-11-01 05:45", "2026-11-02 06:30"),  # 01:45 EDT: it was there
        (time(1, 30), "2026-11-01 06:15", "2026-11-02 06:30"),  # 01:15 EST: it was there
        (time(1, 30), "2026-11-01 06:45", "2026-11-02 06:30"),
    ],
)
def test_an_order_of_a_batch_flow_waits_for_its_time_of_day(
    kestrel, shop, sink, batch, at, made, due
):
    batch(latency="batch", at_time=at)
    with clock.freeze(utc(made)) as frozen:
        pipeline.store(shop, pipeline.order())
        pipeline.run(kestrel.harbor)
        assert Message.objects.get(direction="out").due_at == utc(due)
        frozen.move((utc(due) - utc(made)).total_seconds() - 1)
        pipeline.run(kestrel.harbor)
        assert sink.names == []
        frozen.move(1)
        pipeline.run(kestrel.harbor)
        assert sink.names == ["1001"]


def test_a_batch_goes_out_in_the_order_in_which_its_orders_came(kestrel, shop, sink, batch):
    batch(latency="batch", at_time=time(14, 30))
    with clock.freeze(utc("2026-03-02 12:00")) as frozen:
        for n in range(12):
            pipeline.store(shop, pipeline.order(str(n)))
            pipeline.run(kestrel.harbor)
            frozen.move(60)
        frozen.move(8 * 3600)
        pipeline.run(kestrel.harbor)
    assert sink.names == [str(n) for n in range(12)]


def test_a_version_that_waits_for_its_batch_does_not_overtake_the_one_before(
    kestrel, shop, sink, batch
):
    batch(latency="near_real_time", every_minutes=5)
    with clock.freeze(utc("2026-03-02 12:00:01")) as frozen:
        pipeline.store(shop, pipeline.order(quantity="1"))
        pipeline.run(kestrel.harbor)
        frozen.move(6 * 60)
        pipeline.store(shop, pipeline.order(quantity="2"))
        pipeline.run(kestrel.harbor)
        assert [o["lines"][0]["quantity"] for o in sink.taken] == ["1"]
        frozen.move(5 * 60)
        pipeline.run(kestrel.harbor)
        assert [o["lines"][0]["quantity"] for o in sink.taken] == ["1", "2"]
