"""A customer's shipments, returns and invoices: in their words, and nobody else's."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.views import carriers
from portal.accounts.models import Role
from portal.core import clock
from tests.pages import own_scenery
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db

LISTS = ["/shipments/", "/returns/", "/trade-invoices/"]
PUT = {
    "/shipments/": own_scenery.shipment,
    "/returns/": own_scenery.returned,
    "/trade-invoices/": own_scenery.invoice,
}
JARGON = ("endpoint", "mapping", "flow", "message", "sync", "api", "edi", "connector", "record")


@pytest.fixture(autouse=True)
def _march():
    with clock.freeze(datetime(2026, 3, 10, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def order(kestrel):
    return own_scenery.order(kestrel.harbor, po_number="PO-7")


def rows(soup):
    return [texts(row, "th, td") for row in soup.select("tbody tr")]


def test_a_shipment_stands_with_its_tracking_order_contents_and_days(viewer, kestrel, order):
    own_scenery.shipment(kestrel.harbor, order)
    soup = page(viewer.get("/shipments/"))
    assert rows(soup) == [
        ["1Z 999-04 UPS", "WEB-1001", "2 TENT-2P", "3 Mar", "6 Mar", "on its way"]
    ]
    assert soup.select("tbody td a")[0]["href"] == f"/orders/{order.pk}/"


def test_a_shipment_opens_with_parcels_that_lead_to_the_carrier(viewer, kestrel, order):
    own_scenery.product(kestrel.harbor)
    part = own_scenery.shipment(
        kestrel.harbor, order, tracking=["1Z/1 é", "1Z2"],
        lines=[{"sku": "TENT-2P", "shipped": "2", "short": "1", "lot": "L7"}, {"sku": "MUG-12", "shipped": "4"}],
    )  # fmt: skip
    soup = page(viewer.get(f"/shipments/{part.pk}/"))
    assert texts(soup, "h1") == ["Shipment SH-1 is on its way"]
    assert texts(soup, ".portal-lead") == ["6 items in 2 parcels."]
    first, _ = soup.select(".own-others a[rel=noreferrer]")
    assert first["href"] == "https://www.ups.com/track?tracknum=1Z%2F1%20%C3%A9"
    assert rows(soup) == [
        ["Tent for two TENT-2P", "2", "1 less than ordered, lot L7"],
        ["MUG-12", "4", ""],
    ]
    assert soup.select_one(".fact-line a")["href"] == f"/orders/{order.pk}/"


def test_a_carrier_nobody_knows_has_no_link(viewer, kestrel, order):
    part = own_scenery.shipment(kestrel.harbor, order, carrier={"name": "Bob's <Van>"})
    soup = page(viewer.get(f"/shipments/{part.pk}/"))
    assert soup.select("a[rel=noreferrer]") == []
    assert "Bob's <Van>" in soup.select_one(".own-others").text


def test_a_shipment_of_an_unknown_order_names_it_without_a_link(viewer, kestrel):
    own_scenery.shipment(kestrel.harbor, None)
    assert rows(page(viewer.get("/shipments/")))[0][1] == "UNKNOWN"


def test_what_else_belongs_to_the_order_is_one_step_away(viewer, kestrel, order):
    part = own_scenery.shipment(kestrel.harbor, order)
    back = own_scenery.returned(kestrel.harbor, order)
    bill = own_scenery.invoice(kestrel.harbor, order)
    soup = page(viewer.get(f"/shipments/{part.pk}/"))
    shown = {a["href"]: a.text for a in soup.select("h2 + .own-others a:not([rel])")}
    assert shown == {
        f"/returns/{back.pk}/": "Return RMA-5",
        f"/trade-invoices/{bill.pk}/": "Invoice INV-9",
    }


def test_every_carriers_page_is_https_and_has_a_place_for_the_number():
    for code, one in carriers.CARRIERS.items():
        assert one.page.startswith("https://"), code
        assert one.page.count("{number}") == 1, code
        assert "{" not in carriers.tracking_url({"scac": code}, "1Z 9"), code


@pytest.mark.parametrize(
    ("said", "name"),
    [({"scac": "UPSN", "name": "UPS Ground"}, "UPS Ground"), ({"name": "ups"}, "UPS"), ({"name": "FDEG"}, "FedEx Ground"),
     ({"name": "Bob"}, "Bob"), ({"scac": "XXXX"}, "XXXX"), ({}, "")],
)  # fmt: skip
def test_a_carrier_is_called_as_people_call_it(said, name):
    assert carriers.name(said) == name


def test_a_return_says_what_came_back_why_and_what_was_given(viewer, kestrel, order):
    back = own_scenery.returned(kestrel.harbor, order)
    (row,) = rows(page(viewer.get("/returns/")))
    assert row[:3] == ["RMA-5", "WEB-1001", "1 TENT-2P"]
    assert row[4:] == ["$61.50", "refunded"]
    soup = page(viewer.get(f"/returns/{back.pk}/"))
    assert texts(soup, "h1") == ["Return RMA-5"]
    assert rows(soup) == [["TENT-2P", "1", "Too small", ""]]


def test_a_return_without_an_order_or_lines_says_so(viewer, kestrel):
    back = own_scenery.returned(kestrel.harbor, None, lines=[], refunded="0")
    assert "No item is named." in page(viewer.get(f"/returns/{back.pk}/")).text
    assert rows(page(viewer.get("/returns/")))[0][1:3] == ["", "nothing"]


def test_an_invoice_stands_with_its_order_amount_due_day_and_state(viewer, kestrel, order):
    own_scenery.invoice(kestrel.harbor, order)
    soup = page(viewer.get("/trade-invoices/"))
    assert rows(soup) == [["INV-9", "WEB-1001", "3 Mar", "2 Apr", "$128.00", "to be paid"]]
    assert "What we bill you stands under Bills." in texts(soup, ".portal-lead")[0]


def test_what_a_supplier_bills_is_no_invoice_of_theirs(viewer, kestrel, order):
    own_scenery.invoice(kestrel.harbor, order)
    bill = own_scenery.invoice(kestrel.harbor, None, "77", supplier="tentmakers")
    assert [row[0] for row in rows(page(viewer.get("/trade-invoices/")))] == ["INV-9"]
    facts = page(viewer.get(f"/trade-invoices/{bill.pk}/"))
    assert dict(zip(texts(facts, "dt"), texts(facts, "dd"), strict=True))["From"] == "tentmakers"


def test_an_invoice_that_is_due_and_not_paid_is_late(viewer, kestrel, order):
    own_scenery.invoice(kestrel.harbor, order, due_on="2026-03-09")
    own_scenery.invoice(kestrel.harbor, order, "INV-10", due_on="2026-03-09", status="paid")
    soup = page(viewer.get("/trade-invoices/"))
    assert sorted(row[5] for row in rows(soup)) == ["late since 9 Mar", "paid"]
    assert texts(soup, ".portal-lead") == ["One invoice below is late."]
    assert [row[0] for row in rows(page(viewer.get("/trade-invoices/?view=unpaid")))] == ["INV-9"]


def test_on_the_day_it_is_due_an_invoice_is_not_late(viewer, kestrel, order):
    own_scenery.invoice(kestrel.harbor, order, due_on="2026-03-10")
    assert rows(page(viewer.get("/trade-invoices/")))[0][5] == "to be paid"


def test_a_credit_note_gives_back(viewer, kestrel, order):
    own_scenery.invoice(kestrel.harbor, order, type="credit", status="credited")
    row = rows(page(viewer.get("/trade-invoices/")))[0]
    assert (row[0], row[4]) == ("INV-9 Credit note", "−$128.00")


def test_an_invoice_opens_line_by_line(viewer, kestrel, order):
    bill = own_scenery.invoice(
        kestrel.harbor, order, totals={"total": "128.00", "freight": "5.00", "paid": "28.00"}
    )
    soup = page(viewer.get(f"/trade-invoices/{bill.pk}/"))
    assert rows(soup) == [["TENT-2P", "2", "61.50", "123.00"]]
    facts = dict(zip(texts(soup, "dt"), texts(soup, "dd"), strict=True))
    assert (facts["Freight"], facts["Paid so far"]) == ("$5.00", "$28.00")
    assert "say they paid" not in soup.main.text


def test_what_partners_told_to_have_paid_stands_beside_what_the_books_say(viewer, kestrel, order):
    bill = own_scenery.invoice(kestrel.harbor, order, totals={"total": "128.00", "paid": "28.00"})
    own_scenery.told_payment(bill, "60", "T-1", discount="3")
    own_scenery.told_payment(bill, "-10", "", takes_back=True)
    own_scenery.told_payment(bill, "1000", "T-3", currency="CAD")  # from before it was in USD
    soup = page(viewer.get(f"/trade-invoices/{bill.pk}/"))
    facts = dict(zip(texts(soup, "dt"), texts(soup, "dd"), strict=True))
    assert facts["Paid so far"] == "$28.00"
    assert "What your customers say they paid" in texts(soup, "h2")
    assert "“Paid so far” above is what your books say." in soup.main.text
    paid, back = rows(soup)[1:]
    assert (paid[0], paid[2:]) == ("Harbor Retail", ["T-1", "60.00", "3.00"])
    assert (back[0], back[2:]) == ("Harbor Retail taken back", ["", "−10.00", ""])
    assert texts(soup, "tfoot tr > *")[1] == "53.00"


def test_where_no_books_say_what_was_paid_the_page_says_only_what_was_told(viewer, kestrel, order):
    bill = own_scenery.invoice(kestrel.harbor, order)
    own_scenery.told_payment(bill, "128")
    soup = page(viewer.get(f"/trade-invoices/{bill.pk}/"))
    assert "Paid so far" not in texts(soup, "dt")
    assert "what your books say" not in soup.main.text
    assert texts(soup, "tfoot tr > *")[1] == "128.00"


def test_what_was_told_of_one_invoice_stands_on_no_other(viewer, kestrel, order):
    bill = own_scenery.invoice(kestrel.harbor, order)
    own_scenery.told_payment(own_scenery.invoice(kestrel.harbor, order, "INV-10"), "128")
    assert "Harbor Retail" not in page(viewer.get(f"/trade-invoices/{bill.pk}/")).main.text


@pytest.mark.parametrize("address", LISTS)
def test_another_customers_are_not_listed_and_not_there(viewer, kestrel, address):
    theirs = PUT[address](kestrel.maris, None, "MARIS-9")
    assert b"MARIS-9" not in viewer.get(address).content
    assert viewer.get(f"{address}{theirs.pk}/").status_code == 404
    assert viewer.get(f"{address}{uuid4()}/").status_code == 404


@pytest.mark.parametrize("address", LISTS)
def test_a_page_of_one_kind_opens_none_of_another(viewer, kestrel, order, address):
    assert viewer.get(f"{address}{order.pk}/").status_code == 404


@pytest.mark.parametrize("address", LISTS)
def test_three_rows_ask_no_more_queries_than_one(viewer, kestrel, order, address):
    PUT[address](kestrel.harbor, order, "N-1")
    viewer.get(address)
    with CaptureQueriesContext(connection) as one:
        viewer.get(address)
    for number in ("N-2", "N-3"):
        PUT[address](kestrel.harbor, own_scenery.order(kestrel.harbor, number), number)
    with CaptureQueriesContext(connection) as three:
        assert len(rows(page(viewer.get(address)))) == 3
    assert len(three) == len(one)


@pytest.mark.parametrize("address", LISTS)
def test_nothing_yet_is_said_in_a_sentence(viewer, address):
    assert len(texts(page(viewer.get(address)), ".empty p")) == 1


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "query", ["before=x", "before=%00", "after=0", "view=%3Cb%3E", "before=" + "9" * 999]
)
def test_a_strange_address_is_the_first_page_or_refused(viewer, kestrel, order, address, query):
    PUT[address](kestrel.harbor, order, "N-1")
    assert viewer.get(f"{address}?{query}").status_code in (200, 400)


@pytest.mark.parametrize("address", LISTS)
def test_they_are_for_people_of_customers(operator, stranger, kestrel, address):
    assert operator.get(address).status_code == 403
    assert stranger.get(address, headers={"host": kestrel.host}).status_code == 302


def test_invoices_have_a_right_of_their_own(kestrel):
    Role.objects.filter(slug="viewer").update(permissions=["own.orders"])
    visitor = sign_in(kestrel, "viewer", customer_id=kestrel.harbor)
    assert visitor.get("/trade-invoices/").status_code == 403
    assert visitor.get("/stock/").status_code == 403
    assert "Sales invoices" not in texts(page(visitor.get("/shipments/")), ".tabs a")


def test_no_word_of_our_trade_stands_on_their_pages(viewer, kestrel, order):
    made = [PUT[address](kestrel.harbor, order) for address in LISTS]
    own_scenery.told_payment(made[-1], "10")
    own_scenery.level(kestrel.harbor)
    opened = [f"{address}{one.pk}/" for address, one in zip(LISTS, made, strict=True)]
    for address in (*LISTS, *opened, "/stock/", "/find/?q=nothing", "/home/"):
        said = page(viewer.get(address)).main.get_text(" ").lower().split()
        assert not [word for word in JARGON if word in said], address


@pytest.mark.parametrize("kind", ["shipment", "return", "invoice"])
def test_hostile_words_are_text(viewer, kestrel, kind):
    hostile = "<img src=x>"
    put = {
        "shipment": own_scenery.shipment,
        "return": own_scenery.returned,
        "invoice": own_scenery.invoice,
    }
    line = {"sku": hostile, "shipped": "1", "quantity": "1", "reason": hostile, "lot": hostile}
    part = put[kind](
        kestrel.harbor, None, hostile, order_number=hostile, lines=[line], carrier={"name": hostile},
        tracking=[hostile],
    )  # fmt: skip
    address = dict(zip(("shipment", "return", "invoice"), LISTS, strict=True))[kind]
    for path in (address, f"{address}{part.pk}/"):
        assert b"<img" not in viewer.get(path).content
