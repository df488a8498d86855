"""Invoices are sent, one by one and many at once."""

import os
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.test import Client

from billing.models import Account, Invoice
from portal.core import clock
from tests import database
from tests.billing import selling
from tests.billing.pages import use, visible
from tests.billing.selling import drafted, final_of
from tests.billing.usage import account, at
from tests.pages.scenery import page
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    return account(kestrel.harbor, recipients=["bills@harbor.example"])


def test_an_invoice_is_mailed_with_its_pdf_and_shown_from_then_on(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    finance.post(f"/invoices/{invoice.pk}/send/")
    sent = mail.outbox[0]
    assert sent.to == ["bills@harbor.example"]
    assert sent.subject == "Invoice INV-00001 of Kestrel Point"
    assert f"/bills/{invoice.pk}/" in sent.body
    name, body, kind = sent.attachments[0]
    assert (name, kind, bytes(body)[:4]) == ("INV-00001.pdf", "application/pdf", b"%PDF")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.shown_to) == ("sent", harbor.customer_id)


def test_without_recipients_it_says_where_to_enter_them(harbor: Account, finance: Client) -> None:
    Account.objects.update(recipients=[])
    selling.sell(harbor)
    invoice = final_of(harbor)
    link = page(finance.get(f"/invoices/{invoice.pk}/")).select_one("#invoice .notice a")
    assert link is not None
    assert link["href"] == "/billing/harbor/#bill-to"
    answer = finance.post(f"/invoices/{invoice.pk}/send/")
    assert answer.status_code == 409
    assert "Enter an address under Billing, Harbor Outfitters." in visible(answer)
    finance.post(f"/invoices/{invoice.pk}/hand-over/")
    assert Invoice.objects.get(pk=invoice.pk).state == "sent"


def test_a_mail_that_nobody_takes_keeps_it_final_and_says_why(
    harbor: Account, finance: Client, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    selling.sell(harbor)
    invoice = final_of(harbor)
    answer = finance.post(f"/invoices/{invoice.pk}/send/")
    assert answer.status_code == 409
    assert "INV-00001 was not sent: no mail server is set up here. It stays final." in visible(
        answer
    )
    invoice.refresh_from_db()
    assert (invoice.state, invoice.shown_to) == ("final", None)
    assert invoice.events.first().text == "Not sent: no mail server is set up here."  # type: ignore[union-attr]


def test_two_people_do_not_send_one_invoice_at_once(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    with psycopg.connect(database.url_of(os.environ["CROSSDOCK_DATABASE_NAME"])) as other:
        other.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"kestrel/send invoice/{invoice.pk}"],
        )
        answer = finance.post(f"/invoices/{invoice.pk}/send/")
    assert answer.status_code == 409
    assert "Somebody else is sending it right now." in visible(answer)
    assert mail.outbox == []
    finance.post(f"/invoices/{invoice.pk}/send/")
    assert len(mail.outbox) == 1


def picked(*invoices: Invoice) -> list[str]:
    return [f"{one.pk}:{one.hash}" for one in invoices]


def test_many_are_made_final_and_each_says_what_became_of_it(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    version = selling.published()
    maris = account(kestrel.maris)
    for one in (harbor, maris):
        selling.sell(one, version)
    first, second = drafted(harbor), drafted(maris)
    use(maris, "late")
    answer = finance.post("/invoices/picked/", {"do": "final", "picked": picked(first, second)})
    text = visible(answer)
    assert "1 of 2 final" in text
    assert "1 stayed as it was" in text
    assert "Usage or terms changed since this draft was made" in text
    second.refresh_from_db()
    assert second.state == "draft"
    assert second.net == 102  # 100 + 1 × 2: made anew
    again = finance.post("/invoices/picked/", {"do": "final", "picked": picked(second)})
    assert "1 of 1 final" in visible(again)


def test_a_month_goes_as_the_list_that_was_seen(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    version = selling.published()
    maris = account(kestrel.maris)
    selling.sell(harbor, version)
    drafted(harbor)
    field = page(finance.get("/invoices/?month=2026-04")).select_one("[name=digest]")
    assert field is not None
    selling.sell(maris, version)
    drafted(maris)
    answer = finance.post("/invoices/months/2026-04/final/", {"digest": field["value"]})
    assert answer.status_code == 409
    assert "The list changed since you looked. Nothing was done" in visible(answer)
    assert not Invoice.objects.exclude(number=None).exists()
    field = page(finance.get("/invoices/?month=2026-04")).select_one("[name=digest]")
    assert field is not None
    finance.post("/invoices/months/2026-04/final/", {"digest": field["value"]})
    assert Invoice.objects.exclude(number=None).count() == 2
    field = page(finance.get("/invoices/?month=2026-04")).select_one("[name=digest]")
    assert field is not None
    answer = finance.post("/invoices/months/2026-04/send/", {"digest": field["value"]})
    text = visible(answer)
    assert "1 of 2 sent" in text
    assert "Nobody is named to get Maris Foods" in text
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "data", [{"do": "final"}, {"do": "final", "picked": ["x", "²:a", "9" * 30]}]
)
def test_nothing_picked_is_said(harbor: Account, finance: Client, data: dict[str, Any]) -> None:
    answer = finance.post("/invoices/picked/", data)
    assert answer.status_code == 422
    assert "Pick at least one invoice." in visible(answer)
