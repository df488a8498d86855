"""The flow map: rates by flow, errors by what made them, the slow ones, and a trace of one order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Endpoint, Problem
from portal.core import clock
from tests import pipeline
from tests.integrations.test_pipeline import sink
from tests.monitoring.conftest import hold, place
from tests.pages import scenery
from tests.pages.scenery import page, texts
from tests.people import sign_in

__all__ = ["sink"]
pytestmark = pytest.mark.db

SLUGS = ["flows", "mappings", "connectors", "slowest"]


@pytest.fixture
def shop(kestrel, sink):
    """A shop whose orders go to an ERP: two went, one is held for an item nobody knows."""
    made = place(kestrel.harbor, sink)
    pipeline.store(made.shop, pipeline.order("1001"), pipeline.order("1002"))
    pipeline.run(kestrel.harbor)
    hold(made, "1003")
    return made


def test_each_flow_says_what_it_sent_and_leads_to_both_its_ends(shop, engineer) -> None:
    soup = page(engineer.get("/flow-map/"))
    assert texts(soup, ".flow-ends:first-child a") == ["Web shop"]
    assert texts(soup, ".flow-receivers .flow-head a") == ["Erp"]
    assert texts(soup, ".flow-rate") == ["2 in 15 min, 2 in 1 h"]
    assert len(soup.select(".flow-curves path")) == 1
    assert {a["href"] for a in soup.select("#panel-flows a")} == {
        "/endpoints/shop/", "/endpoints/erp/", "/flows/?customer=harbor",
    }  # fmt: skip
    table = texts(soup, "#panel-flows tbody tr > *")
    assert table[:5] == ["Web shop", "Erp", "order", "2", "2"]


def test_an_end_that_does_not_answer_is_red_and_says_so(shop, engineer) -> None:
    Endpoint.objects.filter(pk=shop.erp.pk).update(
        breaker={"state": {"state": "open", "failures": [], "until": None, "times_opened": 1}}
    )
    soup = page(engineer.get("/flow-map/"))
    assert soup.select_one(".flow-curves path")["data-state"] == "bad"
    assert "refuses our credentials" in texts(soup, ".flow-word")[0]


def test_errors_stand_by_mapping_version_and_by_kind_of_system(shop, engineer) -> None:
    soup = page(engineer.get("/flow-map/"))
    (mapped,) = [texts(row, "th, td") for row in soup.select("#panel-mappings tbody tr")]
    assert mapped[:3] == ["shop order in v1", "unknown_sku", "1"]
    (kind,) = [texts(row, "th, td") for row in soup.select("#panel-connectors tbody tr")]
    assert kind[:3] == ["JSON over HTTP", "unknown_sku", "1"]
    assert soup.select_one("#panel-connectors tbody a")["href"].startswith("/desk/?cause=")


def test_problems_of_yesterday_are_not_of_today(shop, engineer) -> None:
    Problem.objects.update(opened_at=clock.now() - timedelta(hours=25))
    soup = page(engineer.get("/flow-map/"))
    assert texts(soup, "#panel-mappings p") == ["No problem in 24 h."]


def test_the_slowest_endpoint_says_how_long_documents_took(shop, engineer) -> None:
    (row,) = [
        texts(found, "th, td")
        for found in page(engineer.get("/flow-map/")).select("#panel-slowest tbody tr")
    ]
    assert row[0] == "Erp Harbor Outfitters"
    assert row[1] == "2"
    assert row[2].endswith((" ms", " s"))


def test_a_chosen_customer_is_the_one_that_shows(shop, kestrel, engineer, sink) -> None:
    place(kestrel.maris, sink, prefix="maris-")
    soup = page(engineer.get("/flow-map/?customer=maris"))
    assert texts(soup, ".flow-ends:first-child a") == ["maris-Web shop"]
    assert texts(soup, "#panel-mappings p") == ["No problem in 24 h."]
    assert "customer=maris" in soup.select_one("#panel-flows")["hx-get"]


def test_without_flows_there_is_a_sentence_and_a_way_on(kestrel, engineer) -> None:
    soup = page(engineer.get("/flow-map/"))
    assert texts(soup, "#panel-flows p") == ["No flow yet: nothing goes anywhere. Flows"]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_panel_answers_with_nothing_until_it_changes(shop, engineer, slug) -> None:
    with clock.freeze(clock.now()):
        address = page(engineer.get("/flow-map/")).select_one(f"#panel-{slug}")["hx-get"]
        assert engineer.get(address).status_code == 204


def test_three_flows_cost_no_more_questions_than_one(shop, engineer, kestrel) -> None:
    engineer.get("/flow-map/")
    with CaptureQueriesContext(connection) as one:
        engineer.get("/flow-map/")
    for n in (2, 3):
        other = pipeline.endpoint(kestrel.harbor, f"erp{n}", settings={"url": "http://127.0.0.1:9"})
        pipeline.flow(shop.shop, other)
    with CaptureQueriesContext(connection) as three:
        engineer.get("/flow-map/")
    assert len(three) == len(one)


@pytest.mark.parametrize("path", ["/flow-map/", *(f"/flow-map/{slug}/" for slug in SLUGS)])
def test_whoever_may_not_see_endpoints_is_refused(kestrel, viewer, stranger, path) -> None:
    assert viewer.get(path).status_code == 403
    assert stranger.get(path, headers={"host": kestrel.host}).status_code == 302
    assert sign_in(kestrel, "finance").get(path).status_code == 403


def test_another_partner_s_flows_do_not_show(shop, aurora, stranger) -> None:
    soup = page(stranger.get("/flow-map/"))
    assert "Web shop" not in soup.text


@pytest.fixture
def order(kestrel):
    harbor = scenery.with_warehouse(scenery.business(kestrel.harbor))
    (found,) = scenery.take_orders(harbor, "1001")
    return found


def test_a_trace_stands_one_click_from_its_order_and_leads_back(order, engineer) -> None:
    link = page(engineer.get(f"/orders/{order.pk}/")).find("a", string="Trace")
    soup = page(engineer.get(link["href"]))
    assert texts(soup, "h1") == ["Trace"]
    whats = texts(soup, ".waterfall-what")
    assert whats[0] == "order taken into the hub"
    assert any(what == "order waited" for what in whats)
    assert {"in the hub", "waiting to be sent"} <= set(texts(soup, ".waterfall-legend span"))
    assert len(texts(soup, ".waterfall-axis text")) >= 2
    assert "Esc back to the order" in texts(soup, ".key-hint")
    assert soup.select_one(".waterfall-what a")["href"].startswith(f"/orders/{order.pk}/?step=")
    assert (
        soup.select_one("#trace .crumb a, .crumb [data-escape]")["href"] == f"/orders/{order.pk}/"
    )


def test_what_is_open_lasts_until_now(order, engineer) -> None:
    with clock.freeze(clock.now() + timedelta(hours=2)):
        soup = page(engineer.get(f"/orders/{order.pk}/trace/"))
    waited = next(li for li in soup.select(".waterfall li") if "waited" in li.text)
    assert waited.select_one(".num").text == "2 h"
    assert texts(soup, ".proportion-words span")[-1].startswith("Waiting to be sent")


def test_a_trace_of_no_order_is_not_found_and_strangers_are_refused(
    order, engineer, viewer, stranger, kestrel
):
    assert engineer.get("/orders/00000000-0000-4000-8000-000000000000/trace/").status_code == 404
    path = f"/orders/{order.pk}/trace/"
    assert viewer.get(path).status_code == 403
    assert stranger.get(path).status_code == 404
    assert stranger.get(path, headers={"host": kestrel.host}).status_code == 302
