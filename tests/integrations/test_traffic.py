"""Sums of traffic: right in the transaction that moves a document, and equal to all events together."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import rollup
from integrations.models import (
    Delay,
    Message,
    MessageEvent,
    NewRecords,
    NewRecordsDelta,
    Record,
    Traffic,
    TrafficDelta,
)
from integrations.queries import traffic, volumes
from integrations.queries.volumes import Volume
from integrations.queries.windows import Window, outward
from portal.core import clock
from portal.core.ids import uuid7
from tests import pipeline
from tests.integrations.test_pipeline import sink

__all__ = ["sink"]
pytestmark = pytest.mark.db


def around_now() -> Window:
    return outward(clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))


@pytest.fixture
def moved(kestrel: Any, sink: Any) -> Any:
    """Three orders that went from a shop to an ERP."""
    shop = pipeline.endpoint(kestrel.harbor, "shop")
    erp = pipeline.endpoint(kestrel.harbor, "erp", settings={"url": sink.url}, rate_per_second=1000)
    pipeline.flow(shop, erp)
    pipeline.store(shop, *[pipeline.order(number) for number in ("1001", "1002", "1003")])
    pipeline.run(kestrel.harbor)
    return kestrel


def test_what_moved_is_counted_at_once(moved: Any) -> None:
    found = volumes.total(around_now(), customer_id=moved.harbor)
    assert (found.received, found.applied, found.queued, found.sent) == (3, 3, 3, 3)
    assert TrafficDelta.objects.exists() and not Traffic.objects.exists()


def test_folding_changes_no_figure(moved: Any) -> None:
    before = volumes.by(["endpoint_id", "object_type", "direction"], around_now())
    assert rollup.fold() > 0
    assert not TrafficDelta.objects.exists()
    assert volumes.by(["endpoint_id", "object_type", "direction"], around_now()) == before
    assert rollup.differences() == []


def test_what_comes_after_a_fold_is_added(moved: Any) -> None:
    rollup.fold()
    shop = Message.objects.filter(direction="in").first().endpoint  # type: ignore[union-attr]
    pipeline.store(shop, pipeline.order("1004"))
    pipeline.run(moved.harbor)
    assert volumes.total(around_now()).applied == 4
    rollup.fold()
    assert volumes.total(around_now()).applied == 4
    assert rollup.differences() == []


def test_each_level_holds_the_same(moved: Any) -> None:
    rollup.fold()
    sums = {
        level: sum(row.applied for row in Traffic.objects.filter(level=level))
        for level in (0, 1, 2)
    }
    assert sums == {0: 3, 1: 3, 2: 3}


def test_they_can_be_made_anew(moved: Any) -> None:
    rollup.fold()
    before = volumes.by(["endpoint_id", "flow_id", "object_type"], around_now())
    Traffic.objects.filter(level=0).update(applied=99)
    assert any("applied +" in text for text in rollup.differences())
    Traffic.objects.all().delete()
    _rebuild()
    assert volumes.by(["endpoint_id", "flow_id", "object_type"], around_now()) == before
    assert rollup.differences() == []


def _rebuild() -> None:
    """Inside the test's transaction the isolation level cannot be set any more."""
    with connection.cursor() as cursor:
        for table in rollup._TABLES:
            cursor.execute(f"DELETE FROM integrations_{table}")
    rollup.add_up()


def test_a_document_whose_kind_is_found_later_takes_its_counts_along(moved: Any) -> None:
    message = Message.objects.filter(direction="in").first()
    Message.objects.filter(pk=message.pk).update(object_type="return")  # type: ignore[union-attr]
    found = volumes.by(["object_type"], around_now(), direction="in")
    assert (found["order",].applied, found["return",].applied) == (2, 1)
    assert (found["order",].received, found["return",].received) == (2, 1)
    assert rollup.differences() == []


def test_the_sums_of_one_customer_hold_nothing_of_another(moved: Any) -> None:
    assert volumes.total(around_now(), customer_id=moved.maris) == Volume()
    assert set(volumes.by(["customer_id"], around_now())) == {(moved.harbor,)}


def test_how_long_the_ways_took_is_counted(moved: Any) -> None:
    hour = around_now().start.replace(minute=0)
    window = Window(hour, hour + timedelta(hours=3))
    took = volumes.delays(window, kind="out")[()]
    assert sum(took.values()) == 3
    assert all(1 <= volumes.milliseconds(bin_) < 60_000 for _, bin_ in took)
    rollup.fold()
    assert volumes.delays(window, kind="out")[()] == took


def test_a_bin_is_within_five_per_cent_of_what_is_in_it(kestrel: Any) -> None:
    shop = pipeline.endpoint(kestrel.harbor, "shop")
    now = clock.now()
    for ms in (1, 7, 100, 1234, 59_999, 3_600_000):
        message = Message.objects.create(
            id=uuid7(), direction="in", endpoint=shop, customer_id=kestrel.harbor, state="applied",
            object_type="order", created_at=now - timedelta(milliseconds=ms),
        )  # fmt: skip
        MessageEvent.objects.create(
            message=message, at=now, from_state="received", to_state="applied"
        )
        hour = now.replace(minute=0, second=0, microsecond=0)
        found = volumes.delays(Window(hour, hour + timedelta(hours=1)), kind="in")[()]
        [bin_] = [b for (_, b) in found if abs(volumes.milliseconds(b) / ms - 1) <= 0.048]
        assert found[hour, bin_] == 1


def test_an_unknown_key_is_refused(kestrel: Any) -> None:
    with pytest.raises(ValueError, match="amount is no key of traffic"):
        volumes.by(["amount"], around_now())


def test_making_them_anew_leaves_nothing_in_what_waits_to_be_folded(moved: Any) -> None:
    rollup.fold()
    Traffic.objects.all().delete()
    Delay.objects.all().delete()
    NewRecords.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        rollup.add_up()
    assert Traffic.objects.count() == 2 * 3  # what came and what went, by slot, hour and day
    assert not any("delta" in query["sql"] for query in asked.captured_queries)


def test_new_orders_are_counted_at_once_and_stay_so_folded_and_made_anew(moved: Any) -> None:
    midnight = around_now().start
    assert traffic.new_orders(midnight) == {moved.harbor: 3}
    assert NewRecords.objects.count() == 0
    rollup.fold()
    assert traffic.new_orders(midnight) == {moved.harbor: 3}
    assert NewRecordsDelta.objects.count() == 0
    _rebuild()
    assert traffic.new_orders(midnight) == {moved.harbor: 3}
    assert traffic.new_orders(around_now().end) == {}


def test_an_order_that_changes_is_no_new_one(moved: Any) -> None:
    shop = Message.objects.filter(direction="in").first().endpoint  # type: ignore[union-attr]
    pipeline.store(shop, pipeline.order("1001", quantity="7"))
    pipeline.run(moved.harbor)
    assert Record.objects.get(number="1001").version == 2
    assert traffic.new_orders(around_now().start) == {moved.harbor: 3}
    assert rollup.differences() == []


def test_a_wrong_sum_of_new_records_is_named(moved: Any) -> None:
    rollup.fold()
    NewRecords.objects.filter(object_type="order").update(count=5)
    [text] = rollup.differences()
    assert text.endswith(f"customer {moved.harbor}: new records of order +2")


def test_new_orders_are_never_counted_from_the_orders(moved: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        traffic.new_orders(around_now().start)
    sums, held = (query["sql"] for query in asked.captured_queries)
    assert "integrations_record" not in sums
    assert "'held'" in held
