import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Message
from monitoring.models import ExceptionCase
from tests import pipeline
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
    assert len(one) <= 18


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
    assert texts(soup, ".portal-top .tabs a")[:2] == ["Today", "Orders"]
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


def held_ones(harbor, *numbers):
    scenery.hold_order(harbor, numbers[0])
    others = [pipeline.order(number, sku="TENT-OLD") for number in numbers[1:]]
    pipeline.store(harbor.shop, *others)
    pipeline.receive.receive(harbor.customer_id)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["1500", "1001"]),
        ("?view=held", ["1500"]),
        ("?view=open", ["1500", "1001"]),
        ("?view=shipped", []),
        ("?q=1500", ["1500"]),
        ("?q=15", ["1500"]),
        ("?q=tent-old", ["1500"]),
        ("?customer=maris", []),
    ],
)
def test_an_order_held_before_the_hub_stands_among_the_orders(harbor, operator, query, found):
    scenery.take_orders(harbor, "1001")
    held_ones(harbor, "1500")
    assert rows(operator, query) == found


def test_a_held_order_leads_to_its_case(harbor, operator):
    held_ones(harbor, "1500")
    soup = page(operator.get("/orders/?view=held"))
    case = ExceptionCase.objects.get()
    assert texts(soup, "tbody tr")[0].startswith("1500 TENT-OLD Harbor Outfitters Shop")
    assert texts(soup, "tbody .status") == ["held before the hub"]
    assert [a["href"] for a in soup.select("tbody a")] == [f"/cases/{case.number}/"] * 2
    assert texts(soup, "td.beside") == ["128.00"]


def test_who_has_no_desk_sees_a_held_order_without_a_way_there(harbor, kestrel):
    held_ones(harbor, "1500")
    soup = page(sign_in(kestrel, "finance").get("/orders/"))
    assert texts(soup, "tbody th .id")[0] == "1500"
    assert not soup.select("tbody a")


def test_a_later_document_that_is_held_marks_its_order_and_makes_no_second_row(harbor, operator):
    scenery.take_orders(harbor, "1001")
    held_ones(harbor, "1001")
    soup = page(operator.get("/orders/?view=held"))
    assert texts(soup, "tbody tr th a") == ["1001"]
    assert texts(soup, "tbody .status") == ["change held, from Shop"]
    assert texts(soup, "tbody td:last-child a")[0].startswith("C-")


def test_three_held_orders_ask_as_often_as_one(harbor, operator, viewer):
    held_ones(harbor, "1500")
    for client in (operator, viewer):
        client.get("/orders/")
    counts = []
    for more in ((), ("1501", "1502")):
        if more:
            pipeline.store(harbor.shop, *[pipeline.order(n, sku="TENT-OLD") for n in more])
            pipeline.receive.receive(harbor.customer_id)
        for client in (operator, viewer):
            with CaptureQueriesContext(connection) as asked:
                client.get("/orders/")
            counts.append(len(asked))
    assert Message.objects.filter(state="held").count() == 3
    assert counts[:2] == counts[2:]
    assert max(counts) <= 16


def test_pages_go_on_through_held_orders_and_others(harbor, operator):
    scenery.take_orders(harbor, *[f"{n:04}" for n in range(60)])
    held_ones(harbor, *[f"9{n:03}" for n in range(60)])
    first = page(operator.get("/orders/"))
    second = page(operator.get(first.select_one(".pager a[rel=next]")["href"]))
    shown = texts(first, "tbody tr th a") + texts(second, "tbody tr th a")
    assert (len(first.select("tbody tr")), len(shown), len(set(shown))) == (100, 120, 120)


def test_a_page_stands_by_when_its_orders_were_placed(harbor, operator):
    scenery.take_orders(harbor, "1001", placed_at="2026-03-03T10:00:00Z")
    scenery.take_orders(harbor, "1002", placed_at="2026-03-02T10:00:00Z")
    assert rows(operator) == ["1001", "1002"]


def test_a_viewer_is_told_which_of_their_orders_we_are_checking(harbor, kestrel, viewer):
    (order,) = scenery.take_orders(harbor, "1001")
    scenery.ship(harbor, order)
    held_ones(harbor, "1500", "1501")
    held_by_others = scenery.business(kestrel.maris, prefix="m")
    pipeline.store(held_by_others.shop, b"no order at all")
    pipeline.receive.receive(kestrel.maris)
    soup = page(viewer.get("/orders/"))
    assert soup.h1.get_text() == "We are checking 2 orders"
    assert texts(soup, ".portal-lead") == [
        "Of the 3 orders below: 2 being checked by us, 1 on their way or complete."
    ]
    assert texts(soup, "tbody tr th a") == ["1501", "1500", "1001"]
    assert texts(soup, "tbody .status")[:2] == ["we are checking it"] * 2
    assert soup.select_one("tbody td a")["href"] == "/questions/"


@pytest.mark.parametrize(
    ("query", "found"),
    [("?view=open", ["1500"]), ("?q=1500", ["1500"]), ("?q=15", ["1500"]), ("?view=shipped", [])],
)
def test_a_viewer_finds_an_order_that_is_held(harbor, viewer, query, found):
    held_ones(harbor, "1500")
    assert texts(page(viewer.get(f"/orders/{query}")), "tbody tr th a") == found
