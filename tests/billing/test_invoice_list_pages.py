"""The list of invoices, runs of a month and its books."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from billing.domain import invoice_states, runs
from billing.models import Account, Invoice, InvoiceRun
from portal.core import clock
from portal.core.money import parse_amount
from tests.billing import selling
from tests.billing.pages import queries, visible
from tests.billing.selling import drafted, final_of
from tests.billing.usage import account, at
from tests.pages.scenery import page, texts
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    return account(kestrel.harbor, recipients=["bills@harbor.example"])


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
