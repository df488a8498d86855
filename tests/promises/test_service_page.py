"""What a customer's own people read of their promises."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import exclusions
from monitoring.models import Exclusion, ObjectiveDay
from portal.accounts.models import Person
from portal.core import clock
from tests.pages.scenery import page, texts
from tests.people import sign_in
from tests.promises.scenery import at, leg, measured, orders, outage, promised

pytestmark = [pytest.mark.db, pytest.mark.long]
NOW = at("03-12 09:00")


@pytest.fixture(autouse=True)
def _in_march():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def busy(harbor):
    orders(harbor, "ingest", 28)
    orders(harbor, "transmit", 20)
    leg(harbor, "ingest", "03-11 08:00", "03-11 08:40")
    leg(harbor, "ingest", "03-10 08:30", "03-10 08:50", endpoint=harbor.shop)
    outage(harbor, harbor.shop, "03-10 08:31", "03-10 08:49")
    measured(harbor, now=NOW)
    return harbor


def test_it_begins_with_one_sentence_of_result(viewer, busy):
    shown = page(viewer.get("/service/"))
    assert texts(shown, "h1") == ["So far in March we kept 2 of 3 promises"]
    assert texts(shown, ".portal-lead") == [
        "Missed: new orders known to us within 15 minutes, on 1 day. It was ours."
    ]


def test_missed_promises_come_first_and_say_what_was_promised(viewer, busy):
    rows = [
        texts(row, "th, td")[:4]
        for row in page(viewer.get("/service/")).select("#promises tbody tr")
    ]
    assert rows == [
        ["New orders known to us within 15 minutes missed, 19 of 20 orders", "15 min", "20 min",
         "200 % used, 2 of 1 orders (30 in all)"],
        ["Order flow open for business kept so far, 5-minute slots", "99.5 %", "99.88 %",
         "9 % used, 4 of 44 slots"],
        ["Orders at the warehouse within 15 minutes kept so far, 19 of 20 orders", "15 min", "1 min",
         "slowest 1 min"],
    ]  # fmt: skip


def test_what_was_missed_most_is_drawn_day_by_day_with_its_table(viewer, busy):
    shown = page(viewer.get("/service/"))
    assert "The one we missed: new orders known to us within 15 minutes" in texts(shown, "h2")
    table = [texts(row, "th, td") for row in shown.select(".chart-rows tbody tr")]
    assert [cells[1] for cells in table] == ["96.55 %", "0 %"]  # 28 of 29, and the one of the 11th
    assert "below the promise on 1 day" in shown.select_one(".chart figcaption").text


def test_it_says_why_and_what_was_done(viewer, busy):
    ObjectiveDay.objects.filter(
        objective=promised(busy, "ingestion_latency"), day="2026-03-11"
    ).update(remark="Renewals are tested a day ahead")
    shown = page(viewer.get("/service/"))
    assert texts(shown, ".proportion-words > span") == ["Us 50 %", "You 50 %"]
    assert shown.select_one(".proportion-bar")["aria-label"] == "Whose it was: Us 50 %, You 50 %"
    assert [texts(row, "th, td") for row in shown.select("#why tbody tr")] == [
        ["11 Mar", "Us", "It took us longer than promised New orders known to us within 15 minutes",
         "Renewals are tested a day ahead"],
        ["10 Mar", "You", "Web shop could not be reached Order flow open for business", ""],
    ]  # fmt: skip


def test_days_of_one_cause_stand_together(viewer, harbor):
    for day in ("03-05", "03-06"):
        outage(harbor, harbor.house, f"{day} 08:00", f"{day} 09:00")
    measured(harbor, now=NOW)
    (why,) = page(viewer.get("/service/")).select("#why tbody tr")
    assert texts(why, "th, td")[:3] == [
        "2 days, 5 Mar to 6 Mar", "Others", "Northwind could not be reached Order flow open for business"
    ]  # fmt: skip


def test_planned_work_is_told_and_what_is_not_agreed_is_not(viewer, busy, operator, admin):
    ana, boss = (Person.objects.get(email=f"{who}@kestrel.test") for who in ("operator", "admin"))
    for text, day in (("ERP update", "03-15"), ("Not agreed", "03-16")):
        row = Exclusion(
            customer=busy.customer, text=text,
            begins_at=at(f"{day} 02:00"), ends_at=at(f"{day} 03:00"),
        )  # fmt: skip
        exclusions.ask(row, person=ana)
        if text == "ERP update":
            exclusions.approve(row.pk, person=boss)
    shown = texts(page(viewer.get("/service/")), ".promise-notes p")
    assert shown[0] == "15 Mar, 02:00 to 03:00: ERP update"
    assert not any("Not agreed" in text for text in shown)


@pytest.mark.parametrize(
    ("weekday", "said"),
    [
        (6, "15 Mar, 02:00 to 03:00: ERP update, 4 times more until 12 Apr"),
        (4, "13 Mar, 02:00 to 03:00: ERP update, 4 times more until 10 Apr"),
    ],
)
def test_planned_work_that_returns_is_told_once(viewer, busy, weekday, said):
    weekly = {"zone": "UTC", "weekday": weekday, "at": 120, "minutes": 60, "since": "2026-03-12"}
    Exclusion.objects.create(
        customer=busy.customer, text="ERP update", state="approved", asked_name="x", recurs=weekly
    )
    assert texts(page(viewer.get("/service/")), ".promise-notes p")[0] == said


def test_a_month_before_can_be_chosen(viewer, busy):
    orders(busy, "ingest", 3, day="02-20")
    measured(busy, now=NOW + timedelta(hours=2))
    ObjectiveDay.objects.all().delete()
    shown = page(viewer.get("/service/"))
    assert [o["value"] for o in shown.select("#month option")] == ["2026-03-01", "2026-02-01"]
    before = page(viewer.get("/service/?month=2026-02-01"))
    assert texts(before, "h1")[0].startswith("In February we kept")
    assert page(viewer.get("/service/?month=soon")).select("h1")


def test_with_nothing_measured_it_says_when_there_will_be(viewer, kestrel):
    shown = page(viewer.get("/service/"))
    assert texts(shown, "h1") == ["Nothing to measure yet"]
    assert texts(shown, ".empty p") == [
        "Nothing to measure yet. Figures stand here from your first orders on."
    ]


def test_another_customer_of_the_partner_sees_nothing_of_it(kestrel, busy):
    other = sign_in(kestrel, "viewer", email="m@kestrel.test", customer_id=kestrel.maris)
    text = other.get("/service/").content.decode()
    assert "Web shop" not in text
    assert texts(page(other.get("/service/")), "h1") == ["So far in March we kept our promise"]


def test_the_partners_people_have_another_page(operator, kestrel):
    assert operator.get("/service/").status_code in (403, 404)


def queries(client):
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/service/").status_code == 200
    return len(seen)


def test_it_asks_as_often_for_one_promise_as_for_three(viewer, busy):
    before = queries(viewer)
    orders(busy, "answer", 20)
    for minute in (10, 20):
        leg(busy, "confirm", f"03-11 09:{minute}", f"03-11 10:{minute}", endpoint=busy.shop)
    measured(busy, now=NOW + timedelta(hours=2))
    assert queries(viewer) == before
