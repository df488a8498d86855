from datetime import timedelta
from decimal import Decimal

import pytest

from integrations.domain import receive, replay
from integrations.models import LookupRow, LookupTable, Message
from integrations.queries import lookup_coverage, lookup_seen
from portal.core import clock
from tests import pipeline
from tests.pages import scenery

pytestmark = pytest.mark.db


@pytest.fixture
def harbor(kestrel):
    return scenery.with_warehouse(scenery.business(kestrel.harbor))


def seen(table):
    return [s[:3] for s in lookup_seen.unmapped([table])[table.pk]]


def test_a_code_of_held_documents_is_listed_with_its_worth(harbor):
    scenery.hold_order(harbor, "1001")
    scenery_orders(harbor, "1002", "TENT-OLD")
    scenery_orders(harbor, "1003", "MUG-OLD")
    table = LookupTable.objects.get()
    (tent, mug) = lookup_seen.unmapped([table])[table.pk]
    assert tent[:3] == ("TENT-OLD", 2, 2)
    assert tent.amounts == {"USD": Decimal("256.00")}  # 2 × 128.00
    assert mug[:3] == ("MUG-OLD", 1, 1)
    assert mug.last == Message.objects.filter(direction="in").latest("id").created_at


def scenery_orders(place, number, sku):
    pipeline.store(place.shop, pipeline.order(number, sku=sku))
    receive.receive(place.customer_id)


def test_a_code_that_has_a_row_by_now_is_not_listed(harbor):
    scenery.hold_order(harbor)
    table = LookupTable.objects.get()
    assert seen(table) == [("TENT-OLD", 1, 1)]
    LookupRow.objects.create(table=table, code="TENT-OLD", value="TENT-2P")
    assert seen(table) == []


def test_a_row_of_the_partners_table_answers_for_the_customers_own(harbor):
    scenery.hold_order(harbor)
    shared = LookupTable.objects.create(customer=None, name="sku")
    LookupRow.objects.create(table=shared, code="TENT-OLD", value="TENT-2P")
    assert seen(LookupTable.objects.get(customer=harbor.customer_id)) == []


def test_a_document_that_came_again_counts_once_and_one_of_last_week_not(harbor):
    scenery.hold_order(harbor, "1001")
    scenery_orders(harbor, "1001", "TENT-OLD")
    table = LookupTable.objects.get()
    assert seen(table) == [("TENT-OLD", 1, 1)]
    Message.objects.update(created_at=clock.now() - timedelta(days=8))
    assert seen(table) == []


def test_a_skipped_document_was_seen_and_is_not_held(harbor):
    held = scenery.hold_order(harbor)
    replay.skip([held.pk], actor="Ana", reason="not ours")
    assert seen(LookupTable.objects.get()) == [("TENT-OLD", 1, 0)]


def test_another_customers_codes_are_not_those_of_this_table(harbor, kestrel):
    scenery.hold_order(harbor)
    other = LookupTable.objects.create(customer_id=kestrel.maris, name="sku")
    shared = LookupTable.objects.create(customer=None, name="sku")
    assert seen(other) == []
    assert seen(shared) == [("TENT-OLD", 1, 1)]
    assert seen(LookupTable.objects.create(customer=None, name="carrier")) == []


def test_coverage_counts_the_documents_whose_every_code_had_a_row(harbor):
    scenery.hold_order(harbor, "1001")
    scenery_orders(harbor, "1002", "TENT-2P")
    scenery_orders(harbor, "1003", "TENT-2P")
    table = LookupTable.objects.get()
    measured = lookup_coverage.measure(table)
    # 3 received, and 2 on their way to the ERP, whose mapping asks no table
    assert measured == (5, 3, 2, {"TENT-OLD": 1})
    assert round(measured.percent, 1) == 66.7


def test_what_a_default_lets_pass_is_not_covered_and_a_known_product_is(harbor):
    scenery.hold_order(harbor, "1001")
    table = LookupTable.objects.get()
    LookupTable.objects.update(default="pass")
    table.save(update_fields=["name"])  # tells the configuration
    table.refresh_from_db()
    assert lookup_coverage.measure(table)[1:3] == (1, 0)
    product = {
        "sku": "TENT-OLD",
        "title": "Tent",
        "status": "active",
        "base_uom": "EA",
        "units": [],
    }
    pipeline.store(harbor.shop, product, object_type="product")
    for _ in range(2):  # the product frees the order, which is read after it
        receive.receive(harbor.customer_id)
    table.default = "master"
    table.save()
    assert lookup_coverage.measure(table)[1:3] == (1, 1)


def test_a_table_nobody_asked_has_no_coverage(harbor):
    table = LookupTable.objects.create(customer_id=harbor.customer_id, name="carrier")
    assert lookup_coverage.measure(table).percent is None
    assert lookup_coverage.measure(LookupTable.objects.create(name="uom")).percent is None
