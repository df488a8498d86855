from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import receive
from integrations.models import Message, Problem
from portal.core import clock
from portal.customers.models import Customer
from tests import pipeline
from tests.pages import scenery
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture
def harbor(kestrel):
    return scenery.business(kestrel.harbor)


def test_a_quiet_day_is_said_in_three_sentences_without_red(kestrel, admin):
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".sentences p") == [
        "Nothing is late.",
        "Nothing is held.",
        "No order has come since midnight.",
    ]
    assert not soup.select(".shape-bad, .shape-risk, .bad")


def test_orders_of_today_are_counted_per_customer(harbor, admin):
    scenery.take_orders(harbor, "1001", "1002")
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".sentences p")[2] == (
        "2 orders have come since midnight, 0 deliveries took effect."
    )
    assert texts(soup, "tbody [data-row] td[data-label=Orders]") == ["2", "0"]


def test_what_waits_for_more_than_a_quarter_of_an_hour_is_late(harbor, admin):
    scenery.take_orders(harbor, "1001")
    Message.objects.update(created_at=clock.now() - timedelta(minutes=16))
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".sentences p")[0] == "1 document is late."
    assert texts(soup, "td.bad") == ["1", "1"]


def test_the_worst_customer_stands_first_with_what_is_at_risk(harbor, kestrel, admin):
    Customer.objects.filter(pk=kestrel.maris).update(name="Aardvark Foods")
    scenery.hold_order(harbor)
    soup = page(admin.get("/overview/"))
    assert texts(soup, "tbody [data-row] th a") == ["Harbor Outfitters", "Aardvark Foods"]
    assert texts(soup, "td[data-label='At risk']") == ["$128.00", "none"]
    assert soup.select_one("td[data-label=Cases] a")["href"] == "/desk/?customer=harbor"


def test_three_customers_cost_no_more_questions_than_one(harbor, kestrel, admin):
    scenery.take_orders(harbor, "1001")
    Customer.objects.filter(pk=kestrel.maris).delete()
    admin.get("/overview/")
    with CaptureQueriesContext(connection) as one:
        admin.get("/overview/")
    for slug in ("maris", "oakfield"):
        customer = Customer.objects.create(slug=slug, name=slug.title())
        scenery.take_orders(scenery.business(customer.pk, prefix=slug), f"{slug}1")
    with CaptureQueriesContext(connection) as three:
        admin.get("/overview/")
    assert len(three) == len(one) <= 17


def test_a_stranger_sees_nothing_of_it(harbor, stranger, kestrel):
    scenery.take_orders(harbor, "1001")
    assert stranger.get("/overview/", headers={"host": kestrel.host}).status_code == 302


def test_held_orders_count_among_the_orders_of_their_customer(harbor, admin):
    scenery.take_orders(harbor, "1001")
    scenery.hold_order(harbor, "1500")
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".sentences p")[2].startswith("2 orders have come since midnight")
    assert texts(soup, "tbody [data-row] td[data-label=Orders]") == ["2", "0"]
    assert not soup.select(".sentences p:nth-of-type(3) .shape")


def test_customers_stand_above_documents(harbor, admin):
    scenery.take_orders(harbor, "1001")
    soup = page(admin.get("/overview/"))
    assert [caption.split(",")[0].split(".")[0] for caption in texts(soup, "caption")] == [
        "Customers",
        "Moved today",
    ]


def test_a_day_without_documents_offers_the_next_step(kestrel, admin):
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".empty p")[0] == "No document has moved today."
    assert soup.select_one(".empty a")["href"] == "/endpoints/"


def test_a_held_document_of_no_known_currency_does_not_take_the_page_down(harbor, admin):
    scenery.hold_order(harbor)
    Problem.objects.update(currency="ZZZ")
    soup = page(admin.get("/overview/"))
    assert "128.00 ZZZ" in texts(soup, "td[data-label='At risk']")


@pytest.mark.parametrize(
    ("named", "kept"), [("USD", "USD"), ("ZZZ", ""), ("USDX", ""), ("usd", "")]
)
def test_what_a_held_document_is_worth_has_a_currency_we_know_or_none(harbor, admin, named, kept):
    scenery.hold_order(harbor)
    pipeline.store(harbor.shop, pipeline.order("7", sku="TENT-OLD", currency=named))
    receive.receive(harbor.customer_id)
    problem = Problem.objects.latest("pk")
    assert (problem.message.state, problem.currency) == ("held", kept)
    assert admin.get("/overview/").status_code == 200
    assert admin.get("/desk/").status_code == 200
