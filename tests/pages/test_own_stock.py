"""A customer's stock: what is available where, how old the figure is, and what runs low."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Reservation
from integrations.queries import own_stock
from portal.core import clock
from portal.customers.models import Customer
from tests.pages import own_scenery
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def _march():
    with clock.freeze(datetime(2026, 3, 3, 10, 20, tzinfo=UTC)):
        yield


def rows(soup, part=".own-items"):
    return [texts(row, "th, td") for row in soup.select(f"{part} tbody tr")]


def policy(customer_id, low):
    Customer.objects.filter(pk=customer_id).update(policies={"low_stock": low})


def test_an_item_stands_with_what_is_available_reserved_and_coming(viewer, kestrel):
    own_scenery.product(kestrel.harbor)
    own_scenery.level(kestrel.harbor, committed="4", damaged="1", safety_stock="5", incoming="60")
    order = own_scenery.order(kestrel.harbor)
    Reservation.objects.create(
        order=order, customer_id=kestrel.harbor, line_no="1", site="RNO1", sku="TENT-2P", quantity=2
    )
    # 40 on hand − 1 damaged − 4 committed − 2 reserved − 5 never promised = 28; 4 + 2 are taken.
    assert rows(page(viewer.get("/stock/"))) == [
        ["Tent for two TENT-2P", "RNO1", "28", "6", "60", "20 min old 10:00"]
    ]


def test_lots_of_an_item_are_added_up_and_sites_are_not(viewer, kestrel):
    for lot, site in (("A", "RNO1"), ("B", "RNO1"), ("C", "DFW2")):
        own_scenery.level(kestrel.harbor, lot=lot, site=site)
    shown = [row[:3] for row in rows(page(viewer.get("/stock/")))]
    assert shown == [["TENT-2P", "DFW2", "40"], ["TENT-2P", "RNO1", "80"]]


def test_what_is_sold_out_or_low_stands_first_by_the_customers_own_measure(viewer, kestrel):
    policy(kestrel.harbor, 10)
    for sku, on_hand in (("A-1", "40"), ("B-1", "10"), ("C-1", "0"), ("D-1", "11")):
        own_scenery.level(kestrel.harbor, sku, on_hand)
    soup = page(viewer.get("/stock/"))
    assert [(row[0], row[2]) for row in rows(soup, ".own-low")] == [
        ("C-1", "0 sold out"), ("B-1", "10 low"),
    ]  # fmt: skip
    assert [row[0] for row in rows(soup)] == ["A-1", "B-1", "C-1", "D-1"]
    assert texts(soup, "h1") == ["One item is sold out"]


@pytest.mark.parametrize("said", ["many", None, -5, [], {}, "NaN"])
def test_a_measure_that_is_none_leaves_only_what_is_sold_out(viewer, kestrel, said):
    policy(kestrel.harbor, said)
    own_scenery.level(kestrel.harbor, "A-1", "1")
    assert rows(page(viewer.get("/stock/")), ".own-low") == []


def test_an_old_figure_says_so(viewer, kestrel):
    own_scenery.level(kestrel.harbor, as_of="2026-03-01T10:00:00Z")
    cell = page(viewer.get("/stock/")).select(".own-items tbody td")[-1]
    assert texts(cell, ".status") == ["2 d old"]
    assert cell.select(".shape-risk")


def test_it_is_searched_by_number_and_name_and_narrowed_to_a_warehouse(viewer, kestrel):
    own_scenery.product(kestrel.harbor)
    own_scenery.level(kestrel.harbor)
    own_scenery.level(kestrel.harbor, "MUG-12", site="DFW2")
    for query, sku in (("q=tent", "Tent for two TENT-2P"), ("q=for+two", "Tent for two TENT-2P"),
                       ("q=mug", "MUG-12"), ("site=DFW2", "MUG-12")):  # fmt: skip
        assert [row[0] for row in rows(page(viewer.get(f"/stock/?{query}")))] == [sku], query
    empty = page(viewer.get("/stock/?q=nothing"))
    assert texts(empty, ".empty p") == ["No item matches.", "Show all items"]
    for odd in ("q=%25", "q=_", "q=%5C", "site=%27", "after=%F0%9F%9A%9A", f"q={'9' * 3000}"):
        assert viewer.get(f"/stock/?{odd}").status_code == 200, odd


def test_a_large_catalogue_comes_page_by_page(viewer, kestrel, monkeypatch):
    monkeypatch.setattr(own_stock, "SIZE", 2)
    for sku in ("A", "B", "C"):
        own_scenery.level(kestrel.harbor, sku)
    first = page(viewer.get("/stock/"))
    assert [row[0] for row in rows(first)] == ["A", "B"]
    second = page(viewer.get(first.select_one(".pager a")["href"]))
    assert [row[0] for row in rows(second)] == ["C"]
    assert second.select(".pager a") == []


def test_the_file_has_everything_and_no_cell_that_runs(viewer, kestrel, monkeypatch):
    monkeypatch.setattr(own_stock, "SIZE", 1)
    own_scenery.level(kestrel.harbor, "=HYPERLINK(1)", incoming="7")
    own_scenery.level(kestrel.harbor, "TENT-2P")
    answer = viewer.get(page(viewer.get("/stock/")).select_one("a[download]")["href"])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert not answer.streaming
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1:] == [
        ["'=HYPERLINK(1)", "", "RNO1", "40", "0", "7", "2026-03-03 10:00:00"],
        ["TENT-2P", "", "RNO1", "40", "0", "", "2026-03-03 10:00:00"],
    ]


def test_nothing_of_another_customers_shows(viewer, kestrel):
    own_scenery.level(kestrel.maris, "MARIS-ITEM", "0")
    own_scenery.product(kestrel.maris, "MARIS-ITEM", "MARIS-NAME")
    for address in ("/stock/", "/stock/?q=MARIS", "/stock/stock.csv", "/stock/?site=RNO1"):
        found = viewer.get(address).content.decode()
        assert "MARIS-ITEM" not in found, address
        assert "MARIS-NAME" not in found, address


def test_another_customers_claims_take_nothing(kestrel):
    own_scenery.level(kestrel.harbor)
    order = own_scenery.order(kestrel.maris)
    Reservation.objects.create(
        order=order, customer_id=kestrel.maris, line_no="1", site="RNO1", sku="TENT-2P", quantity=9
    )
    (one,) = own_stock.of(kestrel.harbor, ["TENT-2P"])
    assert one.available == Decimal(40)


def test_what_left_after_the_report_is_low_at_once(kestrel):
    at = datetime.now(UTC)  # the database's own clock does not stand still
    own_scenery.level(kestrel.harbor, on_hand="10", as_of=f"{at:%Y-%m-%dT%H:%M:%SZ}")
    order = own_scenery.order(kestrel.harbor)
    Reservation.objects.create(
        order=order, customer_id=kestrel.harbor, line_no="1", site="RNO1", sku="TENT-2P", quantity=10,
        state="consumed", changed_at=at + timedelta(minutes=1),
    )  # fmt: skip
    (one,) = own_stock.low(kestrel.harbor, at_most=Decimal(0))
    assert (one.sku, one.available, one.reserved) == ("TENT-2P", Decimal(0), Decimal(10))


def test_three_items_ask_no_more_queries_than_one(viewer, kestrel):
    own_scenery.level(kestrel.harbor, "A", "0")
    viewer.get("/stock/")
    with CaptureQueriesContext(connection) as one:
        viewer.get("/stock/")
    for sku in ("B", "C"):
        own_scenery.level(kestrel.harbor, sku, "0", site=f"S{sku}")
    with CaptureQueriesContext(connection) as three:
        viewer.get("/stock/")
    assert len(three) == len(one)


@pytest.mark.parametrize("address", ["/stock/", "/stock/stock.csv"])
def test_it_is_for_people_of_customers(operator, stranger, kestrel, address):
    assert operator.get(address).status_code == 403
    assert stranger.get(address, headers={"host": kestrel.host}).status_code == 302
