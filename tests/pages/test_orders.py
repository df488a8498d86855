import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pages import scenery
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


def rows(client, query=""):
    return texts(page(client.get(f"/orders/{query}")), "tbody tr th a")


def test_orders_stand_newest_first(harbor, operator):
    scenery.take_orders(harbor, "1001", "1002")
    assert rows(operator) == ["1002", "1001"]


def test_an_order_waits_on_the_endpoint_that_does_not_have_it_yet(harbor, operator):
    scenery.take_orders(harbor, "1001")
    soup = page(operator.get("/orders/"))
    assert texts(soup, "tbody .status") == ["waiting on Erp"]


@pytest.mark.parametrize("query", ["1001", "tent-2p", "1z0000000000000001", "sh-1", "100"])
def test_the_search_finds_an_order_by_each_of_its_numbers(harbor, operator, query):
    (order,) = scenery.take_orders(harbor, "1001")
    scenery.ship(harbor, order)
    assert rows(operator, f"?q={query}") == ["1001"]


def test_an_exact_number_goes_before_numbers_that_begin_so(harbor, operator):
    scenery.take_orders(harbor, "100", "1001")
    assert rows(operator, "?q=100") == ["100"]


def test_a_search_without_a_hit_offers_the_desk(harbor, operator):
    soup = page(operator.get("/orders/?q=<b>77"))
    assert texts(soup, ".empty p")[0] == "No order has the number <b>77."
    assert soup.select_one(".empty a")["href"] == "/desk/?q=%3Cb%3E77"


def test_a_shipped_order_shows_its_tracking(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    scenery.ship(harbor, order)
    soup = page(operator.get("/orders/?view=shipped"))
    assert texts(soup, "tbody td.id")[0] == "1Z0000000000000001"


def test_the_customer_filter_leaves_the_others_out(harbor, kestrel, operator):
    other = scenery.business(kestrel.maris, prefix="m")
    scenery.take_orders(harbor, "1001")
    scenery.take_orders(other, "2001")
    assert rows(operator, "?customer=maris") == ["2001"]


def test_pages_of_a_hundred_go_on_where_the_last_one_ended(harbor, operator):
    numbers = [f"{n:04}" for n in range(150)]
    scenery.take_orders(harbor, *numbers)
    first = page(operator.get("/orders/"))
    older = first.select_one(".pager a[rel=next]")["href"]
    second = page(operator.get(older))
    assert len(first.select("tbody tr")) == 100
    assert texts(second, "tbody tr th a")[0] == "0049"
    assert len(second.select("tbody tr")) == 50
    newer = second.select_one(".pager a[rel=prev]")["href"]
    assert texts(page(operator.get(newer)), "tbody tr th a")[0] == "0149"


def test_the_list_asks_as_often_for_three_orders_as_for_one(harbor, operator):
    (first,) = scenery.take_orders(harbor, "1001")
    scenery.ship(harbor, first)
    operator.get("/orders/")
    with CaptureQueriesContext(connection) as one:
        operator.get("/orders/")
    second, _ = scenery.take_orders(harbor, "1002", "1003")
    scenery.ship(harbor, second, "SH-2")
    with CaptureQueriesContext(connection) as three:
        operator.get("/orders/")
    assert len(three) == len(one), [q["sql"][:120] for q in three.captured_queries]
    assert len(one) <= 12


def test_hostile_text_in_an_order_is_text_on_the_page(harbor, operator):
    scenery.take_orders(harbor, "<script>alert(1)</script>")
    assert b"<script>alert" not in operator.get("/orders/").content


def test_a_stranger_sees_none_of_it_on_their_site_and_has_no_session_on_ours(
    harbor, stranger, kestrel
):
    scenery.take_orders(harbor, "WEB-55102")
    assert b"WEB-55102" not in stranger.get("/orders/").content
    answer = stranger.get("/orders/", headers={"host": kestrel.host})
    assert (answer.status_code, answer.url) == (302, "/login/?next=/orders/")


def test_a_viewer_sees_their_own_orders_in_their_words(harbor, kestrel, viewer):
    other = scenery.business(kestrel.maris, prefix="m")
    (order,) = scenery.take_orders(harbor, "1001")
    scenery.take_orders(other, "2001")
    scenery.ship(harbor, order)
    soup = page(viewer.get("/orders/"))
    assert texts(soup, "tbody tr th a") == ["1001"]
    assert texts(soup, "tbody .status") == ["on its way"]
    assert texts(soup, ".portal-top .tabs a")[0] == "Orders"
    assert "Erp" not in soup.get_text()


def test_a_viewers_list_asks_as_often_for_three_orders_as_for_one(harbor, viewer):
    scenery.take_orders(harbor, "1001")
    viewer.get("/orders/")
    with CaptureQueriesContext(connection) as one:
        viewer.get("/orders/")
    scenery.take_orders(harbor, "1002", "1003")
    with CaptureQueriesContext(connection) as three:
        viewer.get("/orders/")
    assert len(three) == len(one)


def test_a_viewer_cannot_open_another_customers_order(harbor, kestrel, viewer):
    other = scenery.business(kestrel.maris, prefix="m")
    (order,) = scenery.take_orders(other, "2001")
    assert viewer.get(f"/orders/{order.pk}/").status_code == 404


def test_a_viewers_order_says_what_left_and_what_is_to_come(harbor, viewer):
    (order,) = scenery.take_orders(harbor, "1001")
    scenery.ship(harbor, order, shipped="1")
    soup = page(viewer.get(f"/orders/{order.pk}/"))
    assert soup.h1.get_text() == "Order 1001 is shipped in part"
    assert "1 not sent yet" in texts(soup, "tbody .status")
    assert texts(soup, ".milestones .status")[-1] == "the rest on its way"
    assert texts(soup, "td, th[scope=row]").count("1Z0000000000000001") == 1
    assert "Northwind" not in soup.get_text()


def test_the_partners_people_can_look_at_the_customers_view(harbor, operator):
    (order,) = scenery.take_orders(harbor, "1001")
    soup = page(operator.get(f"/orders/{order.pk}/as-customer/"))
    assert "This is what Harbor Outfitters sees" in soup.select_one(".notice").get_text()
    assert soup.h1.get_text() == "We have order 1001"


def test_a_finance_person_may_look_at_orders(harbor, kestrel):
    scenery.take_orders(harbor, "1001")
    assert rows(sign_in(kestrel, "finance")) == ["1001"]


def test_an_order_nobody_waits_for_has_no_shape(harbor, operator):
    harbor.erp.flows_in.all().delete()
    scenery.take_orders(harbor, "1001")
    assert texts(page(operator.get("/orders/")), "tbody .status") == ["released"]
