from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import deliver
from integrations.models import DoorRefusal, Endpoint, Flow, LookupRow, LookupTable
from portal.core import breaker, clock
from portal.customers.models import Customer
from portal.jobs.models import Wake
from tests import pipeline
from tests.pages import scenery
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


def put_down(endpoint):
    state = breaker.Breaker("open", (1.0,), until=4102444800.0, times_opened=1)
    Endpoint.objects.filter(pk=endpoint.pk).update(
        breaker={"state": breaker.to_json(state)},
        last_error="The system answered 503",
        last_error_at=clock.now(),
    )


def test_the_worst_endpoint_stands_first(harbor, engineer):
    put_down(harbor.erp)
    soup = page(engineer.get("/endpoints/"))
    assert texts(soup, "tbody tr th a") == ["Erp", "Northwind", "Shop"]
    assert texts(soup, "tbody .status")[0] == "does not answer"
    assert texts(soup, ".rail-entry[aria-current] .rail-count") == ["1"]


def test_the_queue_counts_what_waits_and_its_age(harbor, engineer):
    scenery.take_orders(harbor, "1001", "1002")
    soup = page(engineer.get("/endpoints/?q=erp"))
    assert texts(soup, "td[data-label=Waiting]")[0].startswith("2 oldest")


def test_the_list_asks_as_often_for_more_endpoints(harbor, kestrel, engineer):
    engineer.get("/endpoints/")
    with CaptureQueriesContext(connection) as few:
        engineer.get("/endpoints/")
    other = scenery.business(kestrel.maris, prefix="m")
    scenery.take_orders(other, "2001")
    with CaptureQueriesContext(connection) as more:
        engineer.get("/endpoints/")
    assert len(more) == len(few) <= 14


def test_an_endpoint_tells_its_webhook_address_and_hides_its_secrets(harbor, engineer):
    answer = engineer.get("/endpoints/shop/")
    soup = page(answer)
    copied = soup.select_one("[data-copy]")
    assert copied["data-copy"] == "http://kestrel.localhost/in/kestrel/shop"
    assert pipeline.SECRET.encode() not in answer.content
    assert "set, not shown" in texts(soup, "dd")


def test_refusals_at_the_door_are_counted_by_reason(harbor, engineer):
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    for back, count in ((0, 3), (1, 4)):
        DoorRefusal.objects.create(
            endpoint=harbor.shop, hour=hour - timedelta(hours=back), reason="signature", count=count
        )
    soup = page(engineer.get("/endpoints/shop/"))
    assert texts(soup, "th.main.id") == ["signature"]
    assert texts(soup, "td[data-label=Times]")[0] == "7"


def test_errors_stand_by_code_and_failed_tries_with_their_words(harbor, engineer):
    scenery.take_orders(harbor, "1001")
    deliver.deliver(harbor.erp.pk)
    scenery.hold_order(harbor)
    assert "unknown_sku" in texts(page(engineer.get("/endpoints/shop/")), "th.id.tight")
    assert texts(page(engineer.get("/endpoints/erp/")), "th.id.tight") == ["will retry"]


def test_pausing_stops_deliveries_and_resuming_wakes_them(harbor, engineer, kestrel):
    scenery.take_orders(harbor, "1001")
    before = Customer.objects.get(pk=kestrel.harbor).config_version
    answer = engineer.post("/endpoints/erp/pause/")
    assert (answer.status_code, answer.url) == (302, "/endpoints/erp/")
    assert Customer.objects.get(pk=kestrel.harbor).config_version == before + 1
    assert deliver.deliver(harbor.erp.pk).done == 0
    soup = page(engineer.get("/endpoints/erp/"))
    assert texts(soup, ".page-head .status") == ["paused"]
    assert texts(soup, ".toast") == ["Erp is paused. Documents for it wait"]
    engineer.post("/endpoints/erp/resume/")
    harbor.erp.refresh_from_db()
    assert harbor.erp.state == "active"


def test_resuming_closes_a_breaker_and_its_case(
    harbor, engineer, django_capture_on_commit_callbacks
):
    put_down(harbor.erp)
    with django_capture_on_commit_callbacks(execute=True):
        engineer.post("/endpoints/erp/resume/")
    harbor.erp.refresh_from_db()
    assert breaker.from_json(harbor.erp.breaker["state"]).state == "closed"
    assert set(Wake.objects.filter(key=str(harbor.erp.pk)).values_list("kind", flat=True)) == {
        "deliver",
        "poll",
    }


def test_testing_now_says_what_fails(harbor, engineer):
    soup = page(engineer.post("/endpoints/erp/test/"))
    shapes = soup.select("section[aria-live] .shape")
    assert shapes
    assert "shape-bad" in shapes[-1]["class"]


def test_an_operator_sees_endpoints_and_may_not_pause_them(harbor, operator):
    soup = page(operator.get("/endpoints/erp/"))
    assert not soup.select(".page-actions form")
    assert operator.post("/endpoints/erp/pause/").status_code == 403
    harbor.erp.refresh_from_db()
    assert harbor.erp.state == "active"


def test_strangers_and_viewers_get_no_endpoint(harbor, stranger, viewer):
    assert stranger.get("/endpoints/shop/").status_code == 404
    assert viewer.get("/endpoints/").status_code == 403


def test_flows_say_when_they_go_and_what_waits(harbor, operator):
    scenery.take_orders(harbor, "1001")
    Flow.objects.filter(object_type="shipment").update(latency="near_real_time", every_minutes=10)
    soup = page(operator.get("/flows/"))
    assert texts(soup, "tbody th a") == ["Shipments, Northwind → Shop", "Orders, Shop → Erp"]
    assert texts(soup, "tbody td.wide") == ["every 10 min", "at once"]
    assert texts(soup, "td[data-label=Waiting]")[1].startswith("1 oldest")


def test_the_flow_list_asks_as_often_for_more_flows(harbor, kestrel, operator):
    operator.get("/flows/")
    with CaptureQueriesContext(connection) as few:
        operator.get("/flows/")
    scenery.with_warehouse(scenery.business(kestrel.maris, prefix="m"), prefix="m")
    with CaptureQueriesContext(connection) as more:
        operator.get("/flows/")
    assert len(more) == len(few) <= 14


def test_a_lookup_row_is_added_changed_and_removed(kestrel, operator):
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    address = f"/lookups/{table.pk}/"
    operator.post(address, {"code": "A-1", "value": "B-1"})
    operator.post(address, {"code": "A-1", "value": "B-2"})
    row = LookupRow.objects.get()
    assert (row.code, row.value, row.added_by) == ("A-1", "B-2", "Operator")
    assert texts(page(operator.get(address)), "tbody .id") == ["A-1", "B-2"]
    operator.post(f"{address}rows/{row.pk}/remove/")
    assert not LookupRow.objects.exists()


def test_a_row_without_a_value_is_refused_with_the_field_named(kestrel, operator):
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    answer = operator.post(f"/lookups/{table.pk}/", {"code": "A-1"})
    assert answer.status_code == 422
    assert not LookupRow.objects.exists()


def test_lookup_tables_are_listed_with_equal_effort(kestrel, operator):
    LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    operator.get("/lookups/")
    with CaptureQueriesContext(connection) as one:
        operator.get("/lookups/")
    LookupTable.objects.create(customer_id=kestrel.maris, name="sku")
    LookupTable.objects.create(customer=None, name="carrier")
    with CaptureQueriesContext(connection) as three:
        soup = page(operator.get("/lookups/"))
    assert len(three) == len(one)
    assert texts(soup, "tbody th a") == ["carrier", "sku", "sku"]
