from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import deliver
from integrations.models import (
    DelayDelta,
    DoorRefusal,
    Endpoint,
    Flow,
    LookupRow,
    LookupTable,
    OnboardingRun,
    Problem,
    TrafficDelta,
)
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


def test_an_endpoint_that_is_being_onboarded_leads_back_there(harbor, engineer):
    assert "being onboarded" not in page(engineer.get("/endpoints/erp/")).text
    run = OnboardingRun.objects.create(
        customer_id=harbor.erp.customer_id, connector="http", label="ERP", endpoint=harbor.erp
    )
    notice = page(engineer.get("/endpoints/erp/")).select_one(".notice")
    assert "being onboarded" in notice.text
    assert notice.select_one("a")["href"] == f"/onboarding/{run.pk}/"


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
    assert len(more) == len(few) <= 20


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
    assert texts(soup, "th.main .id") == ["signature"]
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


def test_what_a_pause_does_is_said_before_it_and_who_paused_after_it(harbor, engineer, operator):
    def said(client):
        return texts(page(client.get("/endpoints/erp/")), "#pause-note")

    assert said(engineer) == [
        "A pause stops fetching from it, and what is meant for it waits here."
    ]
    assert said(operator) == []
    harbor.erp.site = "RNO1"
    harbor.erp.save()
    assert said(engineer)[0].endswith(
        "New orders go to other warehouses where the rules allow it; those that only this one can"
        " ship wait for it."
    )
    engineer.post("/endpoints/erp/pause/")
    assert said(operator) == [
        "Paused by Engineer. What is meant for it waits, and goes out in order when it is resumed."
    ]


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
    assert [shape["class"][-1] for shape in shapes] == ["shape-bad", *["shape-due"] * 4]


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
    assert len(more) == len(few) <= 16


def test_a_lookup_row_is_added_and_changed_in_a_draft(kestrel, operator):
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    address = f"/lookups/{table.pk}/"
    operator.post(address, {"code": "A-1", "value": "B-1"})
    operator.post(address, {"code": "A-1", "value": "B-2"})
    assert texts(page(operator.get(address)), "#draft tbody .id") == ["A-1", "", "B-2"]
    assert not LookupRow.objects.exists()  # nothing is live before its effect was seen


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


def test_an_endpoint_with_an_open_case_stands_above_one_that_was_never_called(harbor, engineer):
    scenery.hold_order(harbor)
    soup = page(engineer.get("/endpoints/"))
    assert texts(soup, "tbody tr th a")[0] == "Shop"
    assert texts(soup, ".page-facts span") == ["3 endpoints", "1 need a look"]


def test_a_source_that_only_pushes_says_when_it_last_did(harbor, engineer):
    scenery.take_orders(harbor, "1001")
    soup = page(engineer.get("/endpoints/?q=shop"))
    (word,) = texts(soup, "tbody .status")
    assert word.startswith("last received ")
    assert texts(page(engineer.get("/endpoints/?q=erp")), "tbody .status") == ["not called yet"]


def test_a_document_that_came_twice_is_one_held_document(harbor, engineer):
    scenery.hold_order(harbor, "1500")
    pipeline.store(harbor.shop, pipeline.order("1500", sku="TENT-OLD"))
    pipeline.receive.receive(harbor.customer_id)
    assert Problem.objects.count() == 2
    assert texts(page(engineer.get("/endpoints/?q=shop")), "td[data-label=Held]") == ["1"]
    assert texts(page(engineer.get("/endpoints/shop/")), "td[data-label=Times]")[0] == "1"


def test_an_endpoint_that_was_called_without_a_clock_is_not_said_to_be_uncalled(harbor, engineer):
    Endpoint.objects.filter(slug="northwind").update(last_good_at=clock.now())
    assert "not measured" in texts(page(engineer.get("/endpoints/northwind/")), ".fact-line dd")
    assert "no call yet" in texts(page(engineer.get("/endpoints/erp/")), ".fact-line dd")


def test_errors_stand_above_settings_and_hours_have_an_axis(harbor, engineer):
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    assert not page(engineer.get("/endpoints/shop/")).select(".strip")
    for back in range(3):
        TrafficDelta.objects.create(
            slot=hour - timedelta(hours=back), customer_id=harbor.customer_id,
            endpoint_id=harbor.shop.pk, object_type="order", direction="in", received=1,
        )  # fmt: skip
    answer = engineer.get("/endpoints/shop/")
    soup = page(answer)
    assert texts(soup, ".strip-axis span")[-1] == "now"
    assert "3 documents in 24 h, at most 1 in an hour" in soup.get_text()
    assert answer.content.index(b"Errors in 24 h") < answer.content.index(b"<h2>Settings")
    assert "calls go through" in texts(soup, "dd")
    assert not soup.select("#answers")


def test_how_long_it_takes_to_answer_is_drawn_by_the_hour(harbor, engineer):
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    for bin_, count in ((48, 19), (97, 1)):  # 1.1^48 ms are 97 ms, 1.1^97 are 10.4 s
        DelayDelta.objects.create(
            at=hour, customer_id=harbor.customer_id, endpoint_id=harbor.erp.pk, flow_id=1,
            object_type="order", direction="out", kind="answer", bin=bin_, count=count,
        )  # fmt: skip
    soup = page(engineer.get("/endpoints/erp/"))
    assert "half took less than 92 ms, 19 of 20 less than 92 ms" in soup.select_one("#answers").text
    last = [cell.text for cell in soup.select("#answers tbody tr")[-1].select("td")]
    assert last == ["92.4 ms", "92.4 ms"]  # the middle of its bin: 2 × 97 ÷ 2.1


def test_a_flow_without_a_mapping_of_its_own_says_nothing_of_it(harbor, operator):
    assert "default mapping" not in page(operator.get("/flows/")).get_text()
