"""What burns now: what the page says, that it renews itself, and what it asks the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Endpoint
from monitoring.domain import findings
from monitoring.models import ExceptionCase
from portal.core import clock
from tests.monitoring.conftest import hold, place
from tests.monitoring.desk import NOON, make
from tests.monitoring.test_findings import finding
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db

SLUGS = ["budgets", "cases", "queues", "pace", "latency"]


def cells(soup, panel: str) -> list[list[str]]:
    rows = soup.select(f"#panel-{panel} tbody tr")
    return [texts(row, "th, td") for row in rows]


def test_a_quiet_hour_is_said_without_red_or_amber(kestrel, operator) -> None:
    soup = page(operator.get("/now/"))
    assert texts(soup, "#panel-cases p") == ["Nothing is held."]
    assert texts(soup, "#panel-queues p") == [
        "Nothing waits, nothing was tried again in the last hour."
    ]
    assert texts(soup, "#panel-budgets p") == [
        "No allowed misses are being used up faster than they may."
    ]
    assert not soup.select(".shape-risk, .bad, .warn, [data-panel] .shape-bad")


def test_open_cases_stand_by_severity_with_their_clocks(operator, harbor) -> None:
    with clock.freeze(NOON):
        make(harbor.shop, "a", severity=1, resolve_due=NOON - timedelta(minutes=5), documents=7)
        make(harbor.shop, "b", severity=1, resolve_due=NOON + timedelta(minutes=44), documents=1)
        make(harbor.shop, "c", severity=3, resolve_due=None, documents=2)
        make(harbor.shop, "d", severity=3, state="resolved", closed_at=NOON)
        soup = page(operator.get("/now/"))
    first, second = cells(soup, "cases")
    # severity, open, documents held, late, due within an hour, next due in, paused
    assert first[:7] == ["S1", "2", "8", "1", "1", "44 min", "0"]
    assert second[:7] == ["S3", "1", "2", "0", "0", "none", "1"]
    assert soup.select_one("#panel-cases a")["href"] == "/desk/?severity=1"


def test_what_others_wait_for_is_not_called_held(operator, harbor) -> None:
    with clock.freeze(NOON):
        make(harbor.shop, "a", severity=3, documents=2)
        make(harbor.shop, "b", severity=3, documents=12, origin=ExceptionCase.Origin.SILENCE)
        (row,) = cells(page(operator.get("/now/")), "cases")
        desk = page(operator.get("/desk/")).text
    assert row[:3] == ["S3", "2", "2"]
    assert "2 documents held" in " ".join(desk.split())


def test_a_promise_that_is_used_up_stands_first_and_leads_to_its_case(operator, harbor) -> None:
    found = finding(
        harbor.shop, origin=ExceptionCase.Origin.BUDGET, code="budget_burn", title="Stock too old",
        evidence=[("Allowed misses used", "138 %")],
    )  # fmt: skip
    number = next(iter(findings.report([found]).values()))
    soup = page(operator.get("/now/"))
    (row,) = cells(soup, "budgets")
    assert f"C-{number} · Harbor Outfitters" in row[1]
    assert row[2] == "138 %"
    assert soup.select_one("#panel-budgets a")["href"] == f"/cases/{number}/"


def test_queues_stand_with_the_longest_wait_first(operator, harbor, kestrel) -> None:
    from integrations.domain import receive
    from tests import pipeline

    Endpoint.objects.filter(pk=harbor.erp.pk).update(state="paused")
    pipeline.store(
        harbor.shop, pipeline.order("1001", sku="TENT-2P"), pipeline.order("1002", sku="TENT-2P")
    )
    receive.receive(harbor.customer_id)
    with clock.freeze(clock.now() + timedelta(minutes=7)):
        soup = page(operator.get("/now/"))
    (row,) = cells(soup, "queues")
    assert row == ["Erp Harbor Outfitters", "paused", "2", "7 min", "0", "0", "0"]


def test_what_moved_is_counted_per_five_minutes(operator, harbor) -> None:
    hold(harbor, "1001", "1002")
    soup = page(operator.get("/now/"))
    rows = cells(soup, "pace")
    assert len(rows) == 72  # six hours of five minutes
    assert [sum(int(row[n]) for row in rows) for n in (1, 2, 3)] == [2, 0, 2]
    assert "2 documents came, 0 went out, 2 were held." in soup.select_one("#panel-pace p").text


def test_the_part_of_the_way_is_in_the_address(operator, harbor) -> None:
    from tests import pipeline

    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-2P"))
    pipeline.run(harbor.customer_id)
    soup = page(operator.get("/now/?way=in"))
    assert texts(soup, "#panel-latency [aria-current=page]") == ["Door to hub"]
    counts = [int(cell) for row in cells(soup, "latency") for cell in row[1:]]
    assert sum(counts) == 1
    assert "way=in" in soup.select_one("#panel-latency")["hx-get"]
    assert texts(page(operator.get("/now/?way=%3Cb%3E")), "#panel-latency [aria-current]") == [
        "Hub to target"
    ]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_panel_answers_with_nothing_until_it_changes(operator, harbor, slug) -> None:
    with clock.freeze(NOON):
        address = page(operator.get("/now/")).select_one(f"#panel-{slug}")["hx-get"]
        assert operator.get(address).status_code == 204
    if slug == "cases":
        make(harbor.shop, "a", severity=1)
        renewed = page(operator.get(address))
        assert renewed.select_one("[data-panel]")["id"] == f"panel-{slug}"
        assert renewed.select_one("[data-panel]")["hx-get"] != address


def test_there_is_no_panel_but_those_of_the_page(operator, kestrel) -> None:
    assert operator.get("/now/settings/").status_code == 404


def test_three_customers_cost_no_more_questions_than_one(operator, harbor, kestrel, sink) -> None:
    from portal.customers.models import Customer

    hold(harbor, "1001")
    operator.get("/now/")
    with CaptureQueriesContext(connection) as one:
        operator.get("/now/")
    for slug in ("oakfield", "nordvik"):
        customer = Customer.objects.create(slug=slug, name=slug.title())
        hold(place(customer.pk, sink, prefix=f"{slug}-"), f"{slug}1")
    with CaptureQueriesContext(connection) as three:
        operator.get("/now/")
    assert len(three) == len(one)
    for slug, most in {"budgets": 1, "cases": 1, "queues": 3, "pace": 1, "latency": 1}.items():
        with CaptureQueriesContext(connection) as asked:
            operator.get(f"/now/{slug}/")
        own = [q for q in asked.captured_queries if any(
            table in q["sql"] for table in ("monitoring_", "integrations_"))]  # fmt: skip
        assert len(own) <= most, (slug, own)


@pytest.mark.parametrize("path", ["/now/", *(f"/now/{slug}/" for slug in SLUGS)])
def test_whoever_may_not_see_the_desk_is_refused(kestrel, viewer, stranger, path) -> None:
    assert viewer.get(path).status_code == 403
    assert stranger.get(path, headers={"host": kestrel.host}).status_code == 302
    assert sign_in(kestrel, "finance").get(path).status_code == 403


def test_another_partner_s_cases_do_not_show(aurora, kestrel, harbor, stranger) -> None:
    hold(harbor, "1001")
    soup = page(stranger.get("/now/"))
    assert texts(soup, "#panel-cases p") == ["Nothing is held."]


def test_every_row_answers_j_k_enter_and_o_as_on_the_desk(operator, harbor) -> None:
    hold(harbor, "1001")
    soup = page(operator.get("/now/"))
    rows = soup.select("#now[data-rows] [data-row]")
    links = [row.select_one("[data-row-link][data-key=o][data-key-row]") for row in rows]
    assert [link["id"] for link in links] == ["now-S2", "now-shop"]
    assert {"J next", "K previous", "O open"} <= set(texts(soup, ".key-hint"))
