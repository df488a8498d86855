"""Where is my order: by any number, exact first, then its beginning; and nobody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Role
from tests.pages import own_scenery, scenery
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def sent(kestrel):
    order = own_scenery.order(
        kestrel.harbor, po_number="PO 77-1", external_refs=[{"kind": "shop", "value": "5512"}]
    )
    return order, own_scenery.shipment(kestrel.harbor, order)


def found(client, text):
    return client.get("/find/", {"q": text})


@pytest.mark.parametrize(
    "text", ["WEB-1001", "web1001", "Web 1001", "#web\N{EN DASH}1001", "PO77-1", "po 771", "5512"]
)
def test_an_order_opens_by_its_number_its_po_and_its_shops_number(viewer, sent, text):
    assert found(viewer, text).url == f"/orders/{sent[0].pk}/"


@pytest.mark.parametrize("text", ["1Z 999-04", "1z99904", " 1Z-999 04 ", "SH-1", "sh1"])
def test_a_shipment_opens_by_its_tracking_and_its_own_number(viewer, sent, text):
    assert found(viewer, text).url == f"/shipments/{sent[1].pk}/"


def test_a_return_an_invoice_and_an_item_open_by_theirs(viewer, kestrel, sent):
    returned = own_scenery.returned(kestrel.harbor, sent[0])
    invoice = own_scenery.invoice(kestrel.harbor, sent[0])
    for site in ("RNO1", "DFW2"):
        own_scenery.level(kestrel.harbor, site=site)
    own_scenery.product(kestrel.harbor)
    assert found(viewer, "rma 5").url == f"/returns/{returned.pk}/"
    assert found(viewer, "inv9").url == f"/trade-invoices/{invoice.pk}/"
    assert found(viewer, "tent2p").url == "/stock/?q=TENT-2P"


def test_several_are_listed_by_kind(viewer, kestrel, sent):
    own_scenery.invoice(kestrel.harbor, sent[0], "WEB-1001")
    soup = page(found(viewer, "web 1001"))
    assert texts(soup, "h1") == ["What goes with web 1001"]
    assert texts(soup, ".own-find-group h2") == ["Orders", "Invoices to your customers"]
    assert texts(soup, ".own-find-group th a") == ["WEB-1001", "WEB-1001"]


def test_what_a_supplier_bills_is_no_invoice_to_the_customers_customers(viewer, kestrel, sent):
    own_scenery.invoice(kestrel.harbor, None, "WEB-1001", supplier="tentmakers")
    soup = page(found(viewer, "web 1001"))
    assert texts(soup, ".own-find-group h2") == ["Orders", "Invoices from suppliers"]


def test_without_an_exact_one_the_beginning_counts(viewer, kestrel, sent):
    other = own_scenery.order(kestrel.harbor, "WEB-1002")
    assert texts(page(found(viewer, "web10")), ".own-find-group th a") == ["WEB-1001", "WEB-1002"]
    assert found(viewer, "WEB-1002").url == f"/orders/{other.pk}/"


def test_exact_wins_over_what_only_begins_so(viewer, kestrel, sent):
    own_scenery.order(kestrel.harbor, "WEB-10011")
    assert found(viewer, "web1001").url == f"/orders/{sent[0].pk}/"


def test_none_says_what_was_searched_and_what_helps(viewer, sent):
    soup = page(found(viewer, "Nowhere 9"))
    assert texts(soup, "h1") == ["Nothing has the number Nowhere 9"]
    assert texts(soup, "h2") == ["What helps"]
    assert soup.select_one(".own-find-help a")["href"] == "/questions/ask/?about=Nowhere%209"
    assert soup.select_one("main input[name=q]")["value"] == "Nowhere 9"


@pytest.mark.parametrize(
    "text", ["", "   ", "-", "# -", "%", "'; --", "\\", "x" * 5000, "<b>x</b>", "🚚", "{1}"]
)
def test_what_is_no_number_is_answered_with_the_page(viewer, sent, text):
    answer = found(viewer, text)
    assert b"<b>x</b>" not in answer.content
    assert len(page(answer).select("main input[name=q]")) == 1


def test_an_order_that_is_being_checked_is_found_as_well(viewer, kestrel):
    scenery.hold_order(scenery.business(kestrel.harbor), "H-1009")
    assert found(viewer, "h1009").url == "/questions/"


@pytest.mark.parametrize(
    "text", ["WEB-1001", "PO 77-1", "1Z99904", "RMA-5", "INV-9", "TENT-2P", "web", "sh", "inv"]
)
def test_nothing_of_another_customer_is_found_by_any_number(viewer, kestrel, text):
    order = own_scenery.order(kestrel.maris, po_number="PO 77-1")
    own_scenery.shipment(kestrel.maris, order)
    own_scenery.returned(kestrel.maris, order)
    own_scenery.invoice(kestrel.maris, order)
    own_scenery.level(kestrel.maris)
    assert texts(page(found(viewer, text)), "h1") == [f"Nothing has the number {text}"]


def test_three_hits_ask_no_more_queries_than_one(viewer, kestrel):
    own_scenery.order(kestrel.harbor, "A-1")
    own_scenery.invoice(kestrel.harbor, None, "A-1")
    own_scenery.returned(kestrel.harbor, None, "B-1")
    found(viewer, "A-1")
    with CaptureQueriesContext(connection) as two:
        found(viewer, "A-1")
    for number in ("A-11", "A-12"):
        own_scenery.returned(kestrel.harbor, None, number, order_number="x")
    own_scenery.returned(kestrel.harbor, None, "A-1", order_number="A-1")
    with CaptureQueriesContext(connection) as more:
        found(viewer, "A-1")
    assert len(more) == len(two)


def test_whoever_may_not_see_stock_or_invoices_finds_none(kestrel):
    Role.objects.filter(slug="viewer").update(permissions=["own.orders"])
    own_scenery.invoice(kestrel.harbor, None)
    own_scenery.level(kestrel.harbor)
    visitor = sign_in(kestrel, "viewer", customer_id=kestrel.harbor)
    for text in ("INV-9", "TENT-2P"):
        assert texts(page(found(visitor, text)), "h1") == [f"Nothing has the number {text}"]


def test_every_page_of_a_customer_has_the_search(viewer):
    for address in (
        "/home/",
        "/orders/",
        "/stock/",
        "/shipments/",
        "/questions/",
        "/bills/",
        "/service/",
    ):
        soup = page(viewer.get(address))
        assert [form["action"] for form in soup.select("form.own-find")] == ["/find/"], address


def test_it_is_for_people_of_customers(operator, stranger, kestrel):
    assert found(operator, "WEB-1001").status_code == 403
    assert stranger.get("/find/", headers={"host": kestrel.host}).status_code == 302
