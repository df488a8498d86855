"""Prometheus reads the state of the installation: with the token, on the platform's host, by partner."""

from datetime import timedelta

import pytest
from django.test import Client
from django_tenants.utils import schema_context
from prometheus_client.parser import text_string_to_metric_families

from integrations.domain import rollup
from integrations.models import DoorRefusal, Endpoint, Message, MessageEvent, TrafficDelta
from monitoring.domain import legs
from portal.core import clock
from portal.jobs.models import Wake
from tests import pipeline
from tests.pages import scenery

pytestmark = pytest.mark.db

TOKEN = "t0ken-of-the-installation"


@pytest.fixture
def scraper(db, settings):
    settings.METRICS_TOKEN = TOKEN
    return Client(HTTP_HOST="platform.localhost", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")


def figures(answer) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_what_is_open_is_counted_by_state_and_queue(kestrel, scraper) -> None:
    place = scenery.business(kestrel.harbor)
    scenery.take_orders(place, "1001", "1002")
    scenery.hold_order(place, "1009")
    Message.objects.filter(direction="out").update(created_at=clock.now() - timedelta(minutes=3))
    found = figures(scraper.get("/metrics"))
    assert found["crossdock_messages_open", (("partner", "kestrel"), ("state", "waiting"))] == 2
    assert found["crossdock_messages_open", (("partner", "kestrel"), ("state", "held"))] == 1
    queue = (("endpoint", "erp"), ("partner", "kestrel"))
    assert found["crossdock_queue", queue] == 2
    assert found["crossdock_queue_oldest_seconds", queue] == pytest.approx(180, abs=20)


def test_doors_breakers_and_lanes_are_counted(kestrel, scraper) -> None:
    shop = pipeline.endpoint(kestrel.harbor, "shop", settings={})
    Endpoint.objects.filter(pk=shop.pk).update(breaker={"state": {"state": "open"}})
    for hours, count in ((1, 3), (30, 100)):
        DoorRefusal.objects.create(
            endpoint=shop,
            hour=clock.now() - timedelta(hours=hours),
            reason="signature",
            count=count,
        )
    Wake.objects.filter(schema="kestrel").delete()
    Wake.objects.create(
        schema="kestrel", kind="deliver", key="7", due_at=clock.now() - timedelta(minutes=2)
    )
    found = figures(scraper.get("/metrics"))
    # Three in the last 24 hours; the hundred of 30 hours ago are not of today.
    assert (
        found["crossdock_door_refused_24h", (("partner", "kestrel"), ("reason", "signature"))] == 3
    )
    assert found["crossdock_endpoints_down", (("partner", "kestrel"),)] == 1
    lane = (("kind", "deliver"), ("partner", "kestrel"))
    assert found["crossdock_lanes_due", lane] == 1
    assert found["crossdock_lane_oldest_seconds", lane] == pytest.approx(120, abs=20)


def test_what_moved_in_the_hour_and_what_lags_is_counted(kestrel, scraper) -> None:
    place = scenery.business(kestrel.harbor)
    scenery.take_orders(place, "1001", "1002")
    TrafficDelta.objects.create(
        slot=clock.now() - timedelta(hours=3), customer_id=1, endpoint_id=1, object_type="order",
        direction="in", received=50,
    )  # fmt: skip
    newest = MessageEvent.objects.latest("pk").pk
    found = figures(scraper.get("/metrics"))
    # Two orders came; the fifty of three hours ago are not of this hour.
    assert found["crossdock_documents_1h", (("partner", "kestrel"), ("what", "received"))] == 2
    assert found["crossdock_traffic_unfolded", (("partner", "kestrel"),)] > 0
    assert found["crossdock_legs_behind", (("partner", "kestrel"),)] == newest
    with schema_context("kestrel"):
        while legs.advance():
            pass
        rollup.fold()
    found = figures(scraper.get("/metrics"))
    assert found["crossdock_legs_behind", (("partner", "kestrel"),)] == 0
    assert found["crossdock_traffic_unfolded", (("partner", "kestrel"),)] == 0
    assert found["crossdock_documents_1h", (("partner", "kestrel"), ("what", "received"))] == 2


def test_each_partner_is_counted_under_its_own_name(kestrel, aurora, scraper) -> None:
    with schema_context("aurora"):
        scenery.take_orders(scenery.business(aurora.harbor), "2001")
    found = figures(scraper.get("/metrics"))
    waiting = {
        dict(labels)["partner"]: n
        for (name, labels), n in found.items()
        if name == "crossdock_queue"
    }
    assert waiting == {"aurora": 1}


def test_no_document_or_customer_is_named(kestrel, scraper) -> None:
    scenery.take_orders(scenery.business(kestrel.harbor), "PO-4711")
    text = scraper.get("/metrics").content.decode()
    assert "PO-4711" not in text
    assert "Harbor" not in text


@pytest.mark.parametrize("given", ["", "Bearer wrong", TOKEN[:-1], "Bearer ünicode"])
def test_without_the_token_nothing_is_told(scraper, given) -> None:
    answer = Client(HTTP_HOST="platform.localhost", HTTP_AUTHORIZATION=given).get("/metrics")
    assert answer.status_code == 401
    assert b"crossdock_" not in answer.content


def test_without_a_token_of_its_own_the_installation_has_no_such_page(db) -> None:
    assert Client(HTTP_HOST="platform.localhost").get("/metrics").status_code == 404


def test_a_partner_s_site_has_no_such_page(kestrel, scraper) -> None:
    answer = Client(HTTP_HOST=kestrel.host, HTTP_AUTHORIZATION=f"Bearer {TOKEN}").get("/metrics")
    assert answer.status_code == 404


def test_many_partners_cost_no_more_queries_than_one(
    kestrel, scraper, django_assert_max_num_queries
) -> None:
    scraper.get("/metrics")
    with django_assert_max_num_queries(12):
        scraper.get("/metrics")
