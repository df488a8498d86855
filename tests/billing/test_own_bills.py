"""Bills on the customer's own pages."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing.domain import credit_notes, intake, invoice_states, own_bills
from billing.models import Account, Invoice
from portal.core import clock
from portal.tenants.rows import limited_to_customer
from tests.billing import selling
from tests.billing.pages import page_of, queries, use, visible
from tests.billing.selling import drafted, final_of
from tests.billing.usage import account, at, event
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    return account(kestrel.harbor)


@pytest.fixture
def maris(kestrel: Site) -> Account:
    return account(kestrel.maris)


def send(invoice: Invoice) -> Invoice:
    return invoice_states.become(invoice.pk, "sent", by="Ana")


def test_bills_are_listed_once_they_were_sent(harbor: Account, viewer: Client) -> None:
    assert "There is no bill yet" in visible(viewer.get("/bills/"))
    selling.sell(harbor)
    final_of(harbor)
    assert "There is no bill yet" in visible(viewer.get("/bills/"))
    send(Invoice.objects.get())
    rows = texts(page(viewer.get("/bills/")), "tbody tr")
    assert len(rows) == 1
    for said in ("April 2026", "Invoice INV-00001", "to pay by 3 Jul", "$100.00", "PDF"):
        assert said in rows[0]


def test_the_state_of_a_bill_is_in_their_words(harbor: Account, viewer: Client, now: Any) -> None:
    selling.sell(harbor)
    invoice = send(final_of(harbor))
    url = f"/bills/{invoice.pk}/"
    assert "to pay by 3 Jul" in visible(viewer.get(url))
    now.move(31 * 86_400)
    assert "was to be paid by 3 Jul" in visible(viewer.get(url))
    invoice_states.become(invoice.pk, "disputed", by="Ana", text="They say so")
    text = visible(viewer.get(url))
    assert "in question: we are looking into it" in text
    assert "They say so" not in text
    invoice_states.become(invoice.pk, "paid", by="Ana")
    assert "paid" in visible(viewer.get(url))


def test_a_draft_and_what_was_not_sent_do_not_exist_for_them(
    harbor: Account, viewer: Client
) -> None:
    selling.sell(harbor)
    draft = drafted(harbor, "2026-04")
    for url in addresses(draft):
        assert viewer.get(url).status_code == 404, url
    final = final_of(harbor, "2026-04")
    for url in addresses(final):
        assert viewer.get(url).status_code == 404, url


def addresses(invoice: Invoice) -> list[str]:
    return [f"/bills/{invoice.pk}/{part}" for part in ("", "bill.pdf", "bill.csv", "lines/1/")]


def test_another_customers_bill_does_not_exist(
    kestrel: Site, harbor: Account, maris: Account, viewer: Client
) -> None:
    version = selling.published()
    for one in (harbor, maris):
        selling.sell(one, version)
    use(maris, "theirs")
    theirs = send(final_of(maris))
    for url in addresses(theirs):
        assert viewer.get(url).status_code == 404, url
    assert "There is no bill yet" in visible(viewer.get("/bills/"))
    other = sign_in(kestrel, "viewer", email="maris@x.test", customer_id=kestrel.maris)
    for url in addresses(theirs):
        assert other.get(url).status_code == 200, url


def test_nothing_of_the_verbs_beyond_the_limit_is_another_customers(
    kestrel: Site, harbor: Account, maris: Account
) -> None:
    selling.sell(maris)
    theirs = send(final_of(maris))
    person: Any = type("P", (), {"customer_id": kestrel.harbor})()
    with limited_to_customer(kestrel.harbor):
        for verb in (own_bills.bill, own_bills.gratis, lambda p, pk: own_bills.line(p, pk, 1)):
            with pytest.raises(own_bills.NotOwnError):
                verb(person, theirs.pk)
        own = own_bills.month_so_far(person)
        assert own is not None
        assert own.account.pk == harbor.pk
        own_bills.set_budget(person, Decimal(50))
        forged: Any = type("P", (), {"customer_id": kestrel.maris})()
        assert own_bills.month_so_far(forged) is None  # the row limit stands behind
    maris.refresh_from_db()
    harbor.refresh_from_db()
    assert (maris.budget, harbor.budget) == (None, 50)


def test_the_other_partners_people_see_nothing_of_it(
    kestrel: Site, aurora: Site, harbor: Account
) -> None:
    selling.sell(harbor)
    invoice = send(final_of(harbor))
    theirs = sign_in(aurora, "viewer", customer_id=aurora.harbor)
    assert theirs.get(f"/bills/{invoice.pk}/").status_code == 404
    assert "There is no bill yet" in visible(theirs.get("/bills/"))


@pytest.mark.parametrize("role", ["finance", "operator"])
def test_the_partners_people_use_their_own_pages(kestrel: Site, harbor: Account, role: str) -> None:
    assert sign_in(kestrel, role).get("/bills/").status_code == 403


def test_a_customer_sees_none_of_the_partners_pages(harbor: Account, viewer: Client) -> None:
    selling.sell(harbor)
    invoice = send(final_of(harbor))
    for url in ("/invoices/", f"/invoices/{invoice.pk}/", "/billing/", "/billing/harbor/",
                "/billing/settings/", "/billing/harbor/month/"):  # fmt: skip
        assert viewer.get(url).status_code == 403, url
    assert viewer.post(f"/invoices/{invoice.pk}/paid/").status_code == 403
    assert viewer.post("/billing/harbor/agree/prepay/").status_code == 403


def test_a_line_opens_to_what_it_is_for(harbor: Account, viewer: Client) -> None:
    selling.sell(harbor)
    use(harbor, "a", "b", properties={"object_type": "order"})
    invoice = send(final_of(harbor))
    shown = page(viewer.get(f"/bills/{invoice.pk}/lines/2/"))
    assert texts(shown, ".bill-table tbody th") == ["Your order", "Your order"]
    in_place = viewer.get(f"/bills/{invoice.pk}/lines/2/", headers={"HX-Request": "true"})
    assert b"<html" not in in_place.content
    assert viewer.get(f"/bills/{invoice.pk}/lines/9/").status_code == 404


def test_a_bill_says_what_was_free(harbor: Account, viewer: Client) -> None:
    selling.sell(harbor)
    use(harbor, "t", free="a test before going live")
    invoice = send(final_of(harbor))
    text = visible(viewer.get(f"/bills/{invoice.pk}/"))
    assert "1 document a test before going live" in text
    assert invoice.hash in text


def test_a_correction_and_its_bill_name_each_other(harbor: Account, viewer: Client) -> None:
    selling.sell(harbor)
    invoice = send(final_of(harbor))
    key = selling.said(invoice).lines[0].key
    note = credit_notes.give_back(invoice.pk, {key: Decimal(40)}, reason="Down", by="Ana")
    assert "Corrected by" not in visible(viewer.get(f"/bills/{invoice.pk}/"))
    send(note)
    text = visible(viewer.get(f"/bills/{invoice.pk}/"))
    assert "Corrected by CN-00001" in text
    assert "$60.00 still to pay" in text  # 100 − 40
    assert "It corrects INV-00001" in visible(viewer.get(f"/bills/{note.pk}/"))


def test_the_files_are_theirs_to_keep(harbor: Account, viewer: Client) -> None:
    selling.sell(harbor)
    invoice = send(final_of(harbor))
    assert viewer.get(f"/bills/{invoice.pk}/bill.pdf").content.startswith(b"%PDF")
    assert b"Monitoring" in viewer.get(f"/bills/{invoice.pk}/bill.csv").content


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    harbor: Account, viewer: Client
) -> None:
    selling.sell(harbor)
    send(final_of(harbor))
    one = queries(viewer, "/bills/")
    april = Invoice.objects.get()
    key = selling.said(april).lines[0].key
    for amount in (1, 2):
        send(credit_notes.give_back(april.pk, {key: Decimal(amount)}, reason="x", by="Ana"))
    assert len(page(viewer.get("/bills/")).select("tbody tr")) == 3
    assert queries(viewer, "/bills/") == one


def test_the_month_so_far_and_its_end_are_told_with_the_rule(
    harbor: Account, viewer: Client, now: Any
) -> None:
    selling.sell(harbor)
    now.move(7.5 * 86_400)  # 11 June, 00:00: ten of thirty days are over
    use(harbor, "a", when="2026-06-03 10:00", quantity="10")
    text = visible(viewer.get("/bills/"))
    assert "$120.00 after 10 of 30 days" in text  # 100 + 10 × 2
    assert "$160.00 expected at its end" in text  # 100 + 30 × 2
    assert "Counted usage is scaled from the days so far" in text


def test_a_budget_is_theirs_to_set_and_says_when_it_will_not_do(
    harbor: Account, viewer: Client
) -> None:
    selling.sell(harbor)
    answer = viewer.post("/bills/budget/", {"budget": "90"}, follow=True)
    assert "Your budget is $90.00 a month" in visible(answer)
    assert "Your budget is used up" in visible(answer)  # 100 are charged whatever happens
    viewer.post("/bills/budget/", {"budget": ""})
    harbor.refresh_from_db()
    assert harbor.budget is None


@pytest.mark.parametrize("entered", ["-1", "0", "abc", "0.001", "1e99", "NaN"])
def test_a_budget_that_is_none_is_refused_in_words(
    harbor: Account, viewer: Client, entered: str
) -> None:
    answer = viewer.post("/bills/budget/", {"budget": entered})
    assert answer.status_code == 422
    assert texts(page_of(answer), "[role=alert]")
    harbor.refresh_from_db()
    assert harbor.budget is None


def test_a_customer_without_an_account_has_an_empty_page(kestrel: Site, viewer: Client) -> None:
    assert "There is no bill yet" in visible(viewer.get("/bills/"))
    assert viewer.post("/bills/budget/", {"budget": "5"}).status_code == 404


def test_late_usage_of_their_own_is_marked(harbor: Account, viewer: Client) -> None:
    selling.sell(harbor)
    send(final_of(harbor))
    intake.note([event(harbor, "late")])
    invoice = send(final_of(harbor, "2026-05"))
    rows = texts(page(viewer.get(f"/bills/{invoice.pk}/lines/1/")), ".bill-table tbody tr")
    assert len(rows) == 1
    assert "came late" in rows[0]
