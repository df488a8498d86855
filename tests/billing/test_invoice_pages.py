"""Invoices on the pages of whoever bills."""

import csv
import io
import os
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.domain import intake, invoice_states, runs
from billing.models import Account, Invoice, InvoiceRun
from billing.queries import explained
from portal.core import clock
from portal.core.money import parse_amount
from tests import database
from tests.billing import selling
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
    return account(kestrel.harbor, recipients=["bills@harbor.example"])


@pytest.fixture
def finance(kestrel: Site) -> Client:
    return sign_in(kestrel, "finance")


def use(of: Account, *keys: str, when: str = "2026-04-03 10:00", **more: Any) -> None:
    noted = intake.note([event(of, key, when, **more) for key in keys])
    assert noted.added == len(keys)


def visible(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    for hidden in soup.select("script, style"):
        hidden.decompose()
    return " ".join(soup.get_text(" ").split())


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def seen(client: Client, invoice: Invoice) -> str:
    """The hash that stands on the invoice's page."""
    field = page(client.get(f"/invoices/{invoice.pk}/")).select_one("input[name=seen]")
    assert field is not None
    return str(field["value"])


def test_the_list_says_where_each_invoice_stands_and_what_all_come_to(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    version = selling.published()
    maris = account(kestrel.maris)
    for one in (harbor, maris):
        selling.sell(one, version)
    sent = final_of(harbor)
    invoice_states.become(sent.pk, "sent", by="Ana")
    drafted(maris)
    shown = page(finance.get("/invoices/"))
    rows = texts(shown, "#invoices tbody tr")
    assert len(rows) == 2
    assert "Draft · April 2026" in " ".join(rows)
    assert "INV-00001 · April 2026" in " ".join(rows)
    # 100 net each; only what was made final is to pay.
    assert texts(shown, "#invoices tfoot .num") == ["200.00", "100.00"]


def test_what_was_not_paid_in_time_is_overdue(harbor: Account, finance: Client, now: Any) -> None:
    selling.sell(harbor)
    invoice_states.become(final_of(harbor).pk, "sent", by="Ana")
    assert "Nothing is under overdue" in visible(finance.get("/invoices/?view=overdue"))
    now.move(31 * 86_400)  # due on 3 July, now 4 July
    shown = page(finance.get("/invoices/?view=overdue"))
    assert texts(shown, "#invoices tbody .status") == ["overdue 1 d"]
    tabs = dict(one.split(" ") for one in texts(shown, ".tabs a") if one.count(" ") == 1)
    assert tabs["Overdue"] == tabs["Sent"] == "1"


def test_filters_and_the_search_find_what_they_name(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    version = selling.published()
    maris = account(kestrel.maris)
    for one in (harbor, maris):
        selling.sell(one, version)
    final_of(harbor)
    drafted(maris)
    for query, found in (
        ("account=maris", ["Maris Foods"]),
        ("q=inv-00001", ["Harbor Outfitters"]),
        ("month=2026-04", ["Harbor Outfitters", "Maris Foods"]),
        ("month=2026-05", []),
        ("month=2026-99", ["Harbor Outfitters", "Maris Foods"]),
        ("q=nowhere", []),
        ("before=x.y", ["Harbor Outfitters", "Maris Foods"]),
    ):
        names = texts(page(finance.get(f"/invoices/?{query}")), "#invoices tbody .main a")
        assert sorted(names) == found, query


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    final_of(harbor)
    one = queries(finance, "/invoices/?month=2026-04")
    final_of(harbor, "2026-05")
    Invoice.objects.filter(month="2026-04").update(state="void")
    drafted(harbor)
    assert queries(finance, "/invoices/?month=2026-04") == one


def test_a_list_longer_than_a_page_goes_on(
    kestrel: Site, harbor: Account, finance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing.views import invoices as view

    monkeypatch.setattr(view, "SIZE", 2)
    version = selling.published()
    maris = account(kestrel.maris)
    for one in (harbor, maris):
        selling.sell(one, version)
        final_of(one)
        final_of(one, "2026-05")
    seen_names, url = [], "/invoices/"
    while url:
        shown = page(finance.get(url))
        seen_names += texts(shown, "#invoices tbody .main")
        older = shown.select_one(".pager [rel=next]")
        url = older["href"] if older else ""
    assert len(seen_names) == len(set(seen_names)) == 4


def test_a_run_drafts_for_everyone_and_says_whom_it_could_not(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    maris = account(kestrel.maris, treatment="reverse_charge")
    selling.sell(maris, selling.published(slug="other"))
    answer = finance.post("/invoices/run/", {"month": "2026-04"}, follow=True)
    assert "April 2026: 0 of 2 drafted" in visible(answer)
    runs.finish()
    text = visible(finance.get("/invoices/?month=2026-04"))
    assert "Finance ran April 2026 for 2 accounts" in text
    assert "1 needs you" in text
    assert "A reverse charge needs the tax number of Maris Foods." in text
    link = page(finance.get("/invoices/?month=2026-04")).select_one(".run-failed a")
    assert link is not None
    assert link["href"] == "/billing/maris/"
    assert Invoice.objects.get().account == harbor


def test_two_runs_at_once_are_refused_in_words(harbor: Account, finance: Client) -> None:
    finance.post("/invoices/run/", {"month": "2026-04"})
    answer = finance.post("/invoices/run/", {"month": "2026-05"})
    assert answer.status_code == 409
    assert "run for April 2026 is at work: 0 of 2" in visible(answer)
    assert InvoiceRun.objects.count() == 1


@pytest.mark.parametrize(
    ("month", "said"),
    [("2026-06", "June 2026 is not over"), ("", "is no month"), ("2026-13", "is no month")],
)
def test_a_month_that_is_none_or_not_over_is_not_run(
    harbor: Account, finance: Client, month: str, said: str
) -> None:
    answer = finance.post("/invoices/run/", {"month": month})
    assert answer.status_code == 409
    assert said in visible(answer)


def test_the_run_is_followed_by_its_panel(harbor: Account, finance: Client) -> None:
    finance.post("/invoices/run/", {"month": "2026-04"})
    panel = page(finance.get("/invoices/?month=2026-04")).select_one("#panel-progress")
    assert panel is not None
    url = str(panel["hx-get"])
    assert finance.get(url).status_code == 204
    runs.finish()
    assert "ran April 2026" in visible(finance.get(url))


def test_an_invoice_reads_as_its_pdf_does(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="12")
    invoice = final_of(harbor)
    text = visible(finance.get(f"/invoices/{invoice.pk}/"))
    for said in ("Invoice INV-00001", "$124.00 to pay by 3 July 2026", "Harbor Outfitters",
                 "12 documents at 2.00 Amount 24.00", "12 × 2.00 = 24.00", invoice.hash):  # fmt: skip
        assert said in text
    pdf = finance.get(f"/invoices/{invoice.pk}/invoice.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == 'attachment; filename="INV-00001.pdf"'
    rows = list(csv.DictReader(io.StringIO(finance.get(f"/invoices/{invoice.pk}/invoice.csv").content.decode("utf-8-sig"))))  # fmt: skip
    assert [row["amount"] for row in rows] == ["100", "24"]
    assert finance.get(f"/invoices/{invoice.pk}/invoice.exe").status_code == 404


def test_an_invoice_takes_as_many_queries_for_three_lines_as_for_one(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor, selling.published(selling.BASE, slug="small"))
    small = final_of(harbor)
    charges = [{**selling.BASE, "key": f"base-{n}"} for n in range(3)]
    selling.sell(harbor, selling.published(*charges, slug="large"), begins="2026-05-01")
    large = final_of(harbor, "2026-05")
    assert (
        queries(finance, f"/invoices/{large.pk}/") <= queries(finance, f"/invoices/{small.pk}/") + 1
    )


def test_a_line_opens_to_the_documents_it_bills(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    use(harbor, "a", "b")
    use(harbor, "other", when="2026-05-03 10:00")
    use(harbor, "free", free="a test before going live")
    use(harbor, "kind", kind="operator")
    invoice = final_of(harbor)
    shown = page(finance.get(f"/invoices/{invoice.pk}/lines/2/"))
    assert (
        texts(shown, ".bill-table tbody th") == ["a", "b"]
        or len(texts(shown, ".bill-table tbody th")) == 2
    )
    in_place = finance.get(f"/invoices/{invoice.pk}/lines/2/", headers={"HX-Request": "true"})
    assert b"<html" not in in_place.content
    assert b"bill-table" in in_place.content
    assert "fixed charge" in visible(finance.get(f"/invoices/{invoice.pk}/lines/1/"))
    assert finance.get(f"/invoices/{invoice.pk}/lines/3/").status_code == 404
    assert finance.get(f"/invoices/{invoice.pk}/lines/0/").status_code == 404


def test_documents_of_a_line_go_on_page_by_page(
    harbor: Account, finance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (explained, __import__("billing.domain.explaining", fromlist=["SIZE"])):
        monkeypatch.setattr(module, "SIZE", 2)
    selling.sell(harbor)
    use(harbor, "a", "b", "c")
    use(harbor, "d", "e", when="2026-04-05 10:00")
    invoice = final_of(harbor)
    found, url = 0, f"/invoices/{invoice.pk}/lines/2/"
    while url:
        shown = page(finance.get(url))
        found += len(shown.select(".bill-table tbody tr"))
        more = shown.select_one(".bill-more a")
        url = str(more["href"]) if more else ""
    assert found == 5
    for nonsense in ("x", "2026-04-03.", "2026-99-99.1", ".5", "2026-04-03.²"):
        answer = finance.get(f"/invoices/{invoice.pk}/lines/2/", {"after": nonsense})
        assert len(page(answer).select(".bill-table tbody tr")) == 2


def test_documents_take_as_many_queries_for_three_as_for_one(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    use(harbor, "a", source=uuid4())
    url = f"/invoices/{drafted(harbor).pk}/lines/2/"
    one = queries(finance, url)
    use(harbor, "b", "c", source=uuid4())
    drafted(harbor)
    assert queries(finance, url) == one


def test_what_an_amendment_says_counts_and_what_came_late_is_marked(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    final_of(harbor)
    use(harbor, "late", quantity="3")
    use(harbor, "a", quantity="4", revision=1, reason="Counted twice")
    may = drafted(harbor, "2026-05")
    lines = [line.name for line in selling.said(may).lines]
    assert lines[0] == "Documents"  # 4 + 3, and 10 were billed
    rows = texts(page(finance.get(f"/invoices/{may.pk}/lines/1/")), ".bill-table tbody tr")
    assert len(rows) == 2
    assert any(
        "came late" in row and "amended: Counted twice" in row and "4" in row for row in rows
    )
    april = Invoice.objects.get(month="2026-04")
    was = texts(page(finance.get(f"/invoices/{april.pk}/lines/2/")), ".bill-table tbody .num")
    assert was == ["10"]


def test_what_was_free_says_why(harbor: Account, finance: Client) -> None:
    charge = {**selling.DOCUMENTS, "included": "5"}
    selling.sell(harbor, selling.published(selling.BASE, charge))
    use(harbor, "a", quantity="12")
    use(harbor, "t1", "t2", free="a test before going live")
    use(harbor, "o", kind="operator", free="our own fault")
    rows = texts(page(finance.get(f"/invoices/{drafted(harbor).pk}/")), ".bill-free tr")
    text = " / ".join(rows)
    assert "2 documents a test before going live" in text
    assert "1 stretch of work on a case our own fault" in text
    assert "5" in text
    assert "it is in the price" in text


def test_a_trial_is_told_with_what_was_used_in_it(harbor: Account, finance: Client) -> None:
    selling.sell(harbor, selling.published(trial_days=10))
    use(harbor, "a", "b", when="2026-04-03 10:00")
    use(harbor, "c", when="2026-04-20 10:00")
    text = visible(finance.get(f"/invoices/{drafted(harbor).pk}/"))
    assert "2 documents the trial, in which nothing is charged: until 10 April 2026" in text


def test_an_invoice_goes_from_draft_to_paid_by_legal_steps_only(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    invoice = drafted(harbor)
    url = f"/invoices/{invoice.pk}/"

    def buttons() -> set[str]:
        forms = page(finance.get(url)).select("main form")
        return {str(form["action"]).removeprefix(url) for form in forms if form.get("action")}

    assert buttons() == {"renew/", "review/", "final/"}
    finance.post(f"{url}review/")
    assert buttons() == {"renew/", "final/"}
    finance.post(f"{url}final/", {"seen": seen(finance, invoice)})
    assert buttons() == {"send/", "hand-over/", "void/", "credit/"}
    finance.post(f"{url}send/")
    assert buttons() == {"paid/", "disputed/", "void/", "credit/"}
    finance.post(f"{url}disputed/", {"reason": "Two documents too many"})
    assert buttons() == {"paid/", "settled/", "void/", "credit/"}
    finance.post(f"{url}settled/")
    finance.post(f"{url}paid/")
    assert buttons() == {"credit/"}
    log = " ".join(texts(page(finance.get(url)), ".activity li"))
    assert "Finance: Two documents too many" in log
    assert "Mailed to bills@harbor.example" in log


def test_a_draft_that_changed_is_made_anew_and_says_what_changed(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    invoice = drafted(harbor)
    old = seen(finance, invoice)
    use(harbor, "b", quantity="2")
    answer = finance.post(f"/invoices/{invoice.pk}/final/", {"seen": old})
    assert answer.status_code == 409
    text = visible(answer)
    assert "Documents, April 2026: $20.00, now $24.00" in text  # 10 × 2, 12 × 2
    assert "To pay: $120.00, now $124.00" in text
    invoice.refresh_from_db()
    assert (invoice.state, invoice.number) == ("draft", None)
    finance.post(f"/invoices/{invoice.pk}/final/", {"seen": seen(finance, invoice)})
    invoice.refresh_from_db()
    assert (invoice.state, invoice.number) == ("final", "INV-00001")


VERBS = ("renew", "review", "final", "send", "hand-over", "paid", "disputed", "settled", "credit")


@pytest.mark.parametrize("verb", [*VERBS, "void"])
def test_no_form_changes_what_a_final_invoice_says(
    harbor: Account, finance: Client, verb: str
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    use(harbor, "late")
    before = (bytes(invoice.content), invoice.hash, invoice.number, invoice.net, invoice.due)
    finance.post(
        f"/invoices/{invoice.pk}/{verb}/", {"seen": invoice.hash, "reason": "Why", "line-0": "1"}
    )
    after = Invoice.objects.get(pk=invoice.pk)
    assert (bytes(after.content), after.hash, after.number, after.net, after.due) == before


@pytest.mark.parametrize("verb", ["renew", "review", "final", "paid", "settled", "disputed"])
def test_what_is_not_legal_now_is_refused_in_words(
    harbor: Account, finance: Client, verb: str
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    answer = finance.post(f"/invoices/{invoice.pk}/{verb}/", {"reason": "Why", "seen": "x"})
    assert answer.status_code == 409
    assert texts(page_of(answer), "[role=alert]")[0].endswith((".", "paid", "disputed"))
    assert Invoice.objects.get(pk=invoice.pk).state == "final"


def page_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.parametrize("verb", ["void", "disputed"])
def test_a_void_and_a_dispute_want_a_reason(harbor: Account, finance: Client, verb: str) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    invoice_states.become(invoice.pk, "sent", by="Ana")
    answer = finance.post(f"/invoices/{invoice.pk}/{verb}/", {"reason": " "})
    assert answer.status_code == 422
    assert Invoice.objects.get(pk=invoice.pk).state == "sent"


def test_a_void_invoice_and_the_one_instead_of_it_name_each_other(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    old = final_of(harbor)
    finance.post(f"/invoices/{old.pk}/void/", {"reason": "Wrong address"})
    new = final_of(harbor)
    assert "Written anew as INV-00002" in visible(finance.get(f"/invoices/{old.pk}/"))
    assert "Written instead of INV-00001" in visible(finance.get(f"/invoices/{new.pk}/"))


def test_a_credit_note_gives_back_what_is_entered(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    invoice = final_of(harbor)
    url = f"/invoices/{invoice.pk}/"
    answer = finance.post(f"{url}credit/", {"line-1": "5.00", "reason": "Twice"}, follow=True)
    text = visible(answer)
    assert "CN-00001 gives back $5.00" in text
    assert "Corrected by CN-00001 −$5.00" in text
    assert "To pay $115.00" in text  # 120 − 5
    note = Invoice.objects.get(kind="credit_note")
    assert "Corrects INV-00001" in visible(finance.get(f"/invoices/{note.pk}/"))
    left = texts(page(finance.get(url)), ".give-back tbody tr")
    assert "15.00" in left[1]  # 20 − 5
    assert texts(page(finance.get(f"/invoices/{note.pk}/lines/1/")), ".bill-table tbody .num") == [
        "10"
    ]


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"line-1": "21"}, "at most $20.00"),
        ({"line-1": "-1"}, "at most $20.00"),
        ({"line-1": "five"}, "five is no amount"),
        ({"line-1": "0.001"}, "not in whole units"),
        ({}, "at least one line"),
        ({"line-1": "1", "reason": ""}, "This field is required"),
    ],
)
def test_a_credit_note_that_cannot_be_is_refused_in_words(
    harbor: Account, finance: Client, entered: dict[str, str], said: str
) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    invoice = final_of(harbor)
    answer = finance.post(f"/invoices/{invoice.pk}/credit/", {"reason": "Twice", **entered})
    assert answer.status_code == 422
    assert said in visible(answer)
    assert Invoice.objects.count() == 1


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


def test_addresses_that_are_none_are_not_found(harbor: Account, finance: Client) -> None:
    for url in ("/invoices/months/2026-99/final/", "/invoices/months/2026-04/burn/"):
        assert finance.post(url).status_code == 404
    assert finance.post("/invoices/picked/", {"do": "burn"}).status_code == 404
    assert finance.get("/invoices/months/x/journal.csv").status_code == 404
    assert finance.get("/invoices/4711/").status_code == 404


def test_a_month_goes_to_the_books_as_double_entries(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    final_of(harbor)
    body = finance.get("/invoices/months/2026-04/journal.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert sum(parse_amount(row["debit"]) for row in rows) == 100
    assert sum(parse_amount(row["credit"]) for row in rows) == 100
    assert {row["document"] for row in rows} == {"INV-00001"}


@pytest.mark.parametrize("role", ["operator", "engineer"])
def test_who_has_nothing_to_do_with_money_sees_none(
    kestrel: Site, harbor: Account, role: str
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    client = sign_in(kestrel, role)
    for url in ("/invoices/", f"/invoices/{invoice.pk}/", f"/invoices/{invoice.pk}/invoice.pdf",
                f"/invoices/{invoice.pk}/lines/1/", "/invoices/months/2026-04/journal.csv"):  # fmt: skip
        assert client.get(url).status_code == 403, url
    for verb in VERBS:
        assert client.post(f"/invoices/{invoice.pk}/{verb}/").status_code == 403, verb


def test_another_partners_invoice_does_not_exist(
    kestrel: Site, aurora: Site, harbor: Account
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    client = sign_in(aurora, "finance")
    assert client.get(f"/invoices/{invoice.pk}/").status_code == 404
    assert client.post(f"/invoices/{invoice.pk}/void/", {"reason": "x"}).status_code == 404
    assert "There is no invoice yet" in visible(client.get("/invoices/"))


def test_who_only_looks_gets_no_buttons(kestrel: Site, harbor: Account) -> None:
    from portal.accounts.models import Role

    role = Role.objects.get(slug="finance")
    role.permissions = ["money.view"]
    role.save()
    selling.sell(harbor)
    invoice = drafted(harbor)
    client = sign_in(kestrel, "finance")
    for url in ("/invoices/?month=2026-04", f"/invoices/{invoice.pk}/"):
        assert page(client.get(url)).select("main form[method=post]") == []
    assert client.post("/invoices/run/", {"month": "2026-04"}).status_code == 403
