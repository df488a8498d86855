"""The books of a partner: what came in, what is owed to whom, and what is lost on the way."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from integrations.configfile.apply import apply
from integrations.models import Flow, Message, Record
from integrations.queries.ledger import balance
from tests import pipeline
from tests.integrations.books import erp, findings, first, orders, shop, standing_flow

__all__ = ["erp", "orders", "shop"]

pytestmark = pytest.mark.db


def test_the_books_of_a_quiet_day_balance(kestrel, shop, orders):
    pipeline.store(shop, pipeline.order("1"), dedup="a")
    pipeline.store(shop, pipeline.order("1"), dedup="a")
    pipeline.store(shop, b"{broken")
    pipeline.run(kestrel.harbor)
    pipeline.store(shop, pipeline.order("3"))
    ledger = balance()
    assert ledger.findings == []
    # In: 1 and 2, 1 again (and once more as its duplicate), the broken one, 3 not yet translated.
    assert ledger.counts == {
        "received": 5, "duplicates": 1, "held": 1, "waiting": 1, "delivered": 0, "confirmed": 2,
        "superseded": 0, "skipped": 0, "lost": 0, "effects_doubled": 0,
    }  # fmt: skip
    # 1 and 2 are in the hub, and 1 again was nothing new: 1 + 2 + 1 + 1 = 5 came in.
    assert ledger.inbound == {
        "waiting": 1, "applied": 2, "unchanged": 1, "split": 0, "held": 1, "superseded": 0,
        "skipped": 0, "sum": 5,
    }  # fmt: skip
    assert ledger.outbound == {
        "waiting": 0, "delivered": 0, "confirmed": 2, "held": 0, "superseded": 0, "skipped": 0,
        "sum": 2,
    }  # fmt: skip
    assert ledger.payloads["named_by_nothing"] == 0


def test_bytes_that_nothing_names_are_counted_and_are_no_loss(kestrel, shop):
    pipeline.store(shop, pipeline.order("1"), dedup="a")
    pipeline.store(shop, pipeline.order("2"), dedup="a")
    ledger = balance()
    assert (ledger.payloads, ledger.findings) == ({"stored": 2, "named_by_nothing": 1}, [])


def test_the_figures_of_both_directions_add_up_whatever_stands_in_the_books(kestrel, shop, orders):
    pipeline.store(shop, b"{broken")
    pipeline.run(kestrel.harbor)
    Message.objects.filter(pk=first(direction="out").pk).update(state="mislaid")
    ledger = balance()
    for books in (ledger.inbound, ledger.outbound):
        assert sum(books.values()) == 2 * books["sum"]
    assert (ledger.counts["received"], ledger.outbound["mislaid"]) == (3, 1)
    assert ledger.inbound["sum"] + ledger.outbound["sum"] == Message.objects.count()


def test_an_order_that_was_never_sent_is_lost(kestrel, orders):
    gone = first(direction="out")
    Message.objects.filter(pk=gone.pk).delete()
    order = Message.objects.get(direction="in", record=gone.record_id)
    assert findings() == [(str(order.pk), "the order was not sent to every target")]


def test_an_order_is_not_owed_to_a_flow_that_is_switched_off(kestrel, orders):
    Message.objects.filter(direction="out").delete()
    orders.enabled = False
    orders.save()
    assert findings() == []


def test_an_order_is_not_owed_to_a_flow_that_was_made_later(kestrel, shop, erp):
    (early,) = pipeline.store(shop, pipeline.order("1"))
    pipeline.run(kestrel.harbor)
    flow = pipeline.flow(shop, erp)
    assert findings() == []
    passed_at = Message.objects.get(pk=early).updated_at
    Flow.objects.update(changed_at=passed_at + timedelta(microseconds=1))
    assert findings() == []
    Flow.objects.update(changed_at=passed_at)
    assert findings() == [(str(early), "the order was not sent to every target")]
    flow.save()
    assert findings() == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda flow: flow.save(), id="saved whole"),
        pytest.param(lambda flow: flow.save(update_fields=["enabled"]), id="one column saved"),
        pytest.param(lambda flow: Flow.objects.update(latency="batch"), id="many at once"),
        pytest.param(lambda flow: Flow.objects.bulk_update([flow], ["latency"]), id="in bulk"),
        pytest.param(lambda flow: switch_on_by_file(), id="by the configuration file"),
    ],
)
def test_a_flow_knows_when_it_was_changed_whoever_changes_it(kestrel, shop, erp, change):
    flow = standing_flow(shop, erp, enabled=False)
    flow.enabled = True
    before = timezone.now()
    change(flow)
    changed_at = Flow.objects.get(pk=flow.pk).changed_at
    assert before - timedelta(seconds=1) < changed_at < timezone.now() + timedelta(seconds=1)
    assert flow.changed_at.tzinfo is not None


def switch_on_by_file() -> list[str]:
    flow = b"{slug: shop-erp-order, customer: harbor, from: shop, to: erp, object: order, enabled: true}"
    return apply(b"flows: [" + flow + b"]", environment={})


def test_a_file_that_changes_nothing_leaves_a_flow_unchanged(kestrel, shop, erp):
    flow = standing_flow(shop, erp, enabled=False)
    assert switch_on_by_file() == ["changed flow shop-erp-order: enabled false → true"]
    changed_at = Flow.objects.get(pk=flow.pk).changed_at
    assert switch_on_by_file() == []
    assert Flow.objects.get(pk=flow.pk).changed_at == changed_at


def test_a_restored_database_has_the_same_books(kestrel, shop, erp, orders):
    """A dump and restore writes every row anew, configuration before or after documents."""
    pipeline.store(shop, pipeline.order("3"))
    pipeline.run(kestrel.harbor)
    first_out, *_ = Message.objects.filter(direction="out").order_by("id")
    Message.objects.filter(pk=first_out.pk).delete()
    late = pipeline.endpoint(kestrel.harbor, "late", settings=erp.settings)
    pipeline.flow(shop, late)
    before = balance()
    assert [finding.why for finding in before.findings] == [
        "the order was not sent to every target"
    ]
    for order in (TABLES, TABLES[::-1]):
        rewrite(order)
        assert balance() == before


TABLES = (
    "integrations_endpoint", "integrations_flow", "integrations_record", "integrations_message",
    "integrations_messageevent", "integrations_recordevent", "integrations_payload",
)  # fmt: skip


def rewrite(tables: tuple[str, ...]) -> None:
    """Every row of one table after the other gets a new transaction number, as in a restore."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
                " AND table_schema = current_schema() ORDER BY ordinal_position LIMIT 1",
                [table],
            )
            (column,) = cursor.fetchone()
            with transaction.atomic():  # each savepoint has a transaction number of its own
                cursor.execute(f"UPDATE {table} SET {column} = {column}")
                assert cursor.rowcount > 0


def test_an_order_on_hold_is_not_owed_to_anyone(kestrel, shop, orders):
    pipeline.store(shop, pipeline.order("4", status="on_hold"))
    pipeline.run(kestrel.harbor)
    assert balance().counts["lost"] == 0
    pipeline.store(shop, pipeline.order("4", status="open"))
    pipeline.run(kestrel.harbor)
    order = first(direction="in", business_key="shop/4", record_version=2)
    Message.objects.filter(direction="out", record=order.record_id).delete()
    assert findings() == [(str(order.pk), "the order was not sent to every target")]


def test_a_routed_order_without_a_site_is_lost(kestrel, shop, sink):
    site = pipeline.endpoint(kestrel.harbor, "rno", settings={"url": sink.url}, site="RNO1")
    standing_flow(shop, site, routed=True)
    (order,) = pipeline.store(shop, pipeline.order("1"))
    pipeline.run(kestrel.harbor)
    assert findings() == []
    Message.objects.filter(direction="out").delete()
    assert findings() == [(str(order), "the order was sent to no site")]


def test_a_shipment_that_was_never_sent_on_is_lost(kestrel, shop, erp, orders):
    store = pipeline.endpoint(kestrel.harbor, "store", settings=erp.settings)
    standing_flow(erp, store, "shipment")
    body = {
        "number": "S-1", "site": "RNO1", "order_number": "1", "shipped_at": "2026-03-03",
        "status": "complete", "tracking": ["1Z1"],
        "lines": [{"line_no": "1", "sku": "TENT-2P", "ordered": "2", "shipped": "2", "uom": "EA"}],
    }  # fmt: skip
    (shipment,) = pipeline.store(erp, body, object_type="shipment")
    pipeline.run(kestrel.harbor)
    assert pipeline.states(pk=shipment) == ["applied"], pipeline.story()
    assert findings() == []
    Message.objects.filter(direction="out", object_type="shipment").delete()
    assert findings() == [(str(shipment), "it was not sent to every target")]


def test_the_newest_product_that_was_never_sent_on_is_lost(kestrel, shop, erp):
    standing_flow(erp, shop, "product")
    shop.state = "paused"
    shop.save()
    body = {"sku": "TENT-2P", "title": "Tent", "status": "active", "base_uom": "EA",
            "units": [{"uom": "EA", "factor": "1"}]}  # fmt: skip
    for title in ("Tent", "Two person tent"):
        pipeline.store(erp, {**body, "title": title}, object_type="product")
        pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="out") == ["superseded", "waiting"], pipeline.story()
    assert findings() == []
    superseded = first(state="superseded")
    Message.objects.filter(direction="out", state="waiting").delete()
    product = Record.objects.get(object_type="product")
    assert dict(findings()) == {
        str(product.pk): "the newest version of this record was not sent to every target",
        str(superseded.pk): "it is superseded and nothing took its place",
    }


def test_a_channel_that_was_never_told_of_its_stock_is_lost(kestrel, erp):
    shop = pipeline.endpoint(
        kestrel.harbor, "shop", settings={}, channel={"share": 1}, state="paused"
    )
    standing_flow(erp, shop, "inventory")
    body = {"sku": "TENT-2P", "site": "RNO1", "on_hand": "5", "as_of": "2026-03-02T08:00:00Z"}
    pipeline.store(erp, body, object_type="inventory")
    pipeline.run(kestrel.harbor)
    stock = Record.objects.get(object_type="availability")
    assert findings() == [], pipeline.story()
    Message.objects.filter(direction="out").delete()
    assert findings() == [(str(stock.pk), "the channel was not told of this availability")]


def test_the_command_prints_one_json_object_and_ends_with_1_when_something_is_wrong(
    kestrel, orders
):
    out = StringIO()
    call_command("audit_ledger", "--partner", "kestrel", stdout=out)
    printed = json.loads(out.getvalue())
    assert (printed["confirmed"], printed["lost"], printed["effects_doubled"]) == (2, 0, 0)
    assert printed["findings"] == []
    assert (printed["inbound"]["sum"], printed["outbound"]["sum"]) == (2, 2)

    gone = first(direction="out")
    Message.objects.filter(pk=gone.pk).delete()
    out = StringIO()
    with pytest.raises(CommandError, match="the books do not balance") as failed:
        call_command("audit_ledger", "--partner", "kestrel", stdout=out)
    assert failed.value.returncode == 1
    printed = json.loads(out.getvalue())
    order = Message.objects.get(direction="in", record=gone.record_id)
    assert (printed["lost"], printed["confirmed"]) == (1, 1)
    assert [finding["id"] for finding in printed["findings"]] == [str(order.pk)]


def test_the_books_of_one_partner_know_nothing_of_the_other(kestrel, aurora, orders):
    out = StringIO()
    call_command("audit_ledger", "--partner", "aurora", stdout=out)
    assert json.loads(out.getvalue())["received"] == 0
