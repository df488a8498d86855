"""Accounts on the pages of whoever bills."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing.domain import accounts, subscriptions
from billing.models import (
    Account,
    Invoice,
)
from portal.core import clock
from tests.billing import selling
from tests.billing.pages import HARBOR, queries, use, visible
from tests.billing.selling import final_of
from tests.billing.usage import account, at
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


def test_the_list_says_who_has_which_plan_and_what_is_missing(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    Account.objects.filter(pk=harbor.pk).update(recipients=["a@b.example"])
    rows = texts(page(finance.get("/billing/")), "#accounts tbody tr")
    assert len(rows) == 2  # Maris has one from the first time the list is looked at
    assert "Basic v1" in rows[0]
    assert "no plan, no recipients" in rows[1]
    found = texts(page(finance.get("/billing/?q=mar")), "#accounts tbody .main a")
    assert found == ["Maris Foods"]


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    from portal.customers.models import Customer

    version = selling.published()
    selling.sell(harbor, version)
    final_of(harbor)
    one = queries(finance, "/billing/?q=harbor")
    for name in ("a", "b"):
        made = Customer.objects.create(slug=f"harbor-{name}", name=f"Harbor {name}")
        other = account(made.pk)
        selling.sell(other, version)
        final_of(other)
    assert len(page(finance.get("/billing/?q=harbor")).select("#accounts tbody tr")) == 3
    assert queries(finance, "/billing/?q=harbor") == one


def test_the_list_goes_on_page_by_page(
    kestrel: Site, finance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing.views import accounts as view

    monkeypatch.setattr(view, "SIZE", 1)
    names, url = [], "/billing/"
    while url:
        shown = page(finance.get(url))
        names += texts(shown, "#accounts tbody .main a")
        older = shown.select_one(".pager [rel=next]")
        url = str(older["href"]) if older else ""
    assert names == ["Harbor Outfitters", "Maris Foods"]


def test_a_row_asks_for_its_month_when_it_is_seen(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    cell = page(finance.get("/billing/")).select_one("#accounts [hx-get]")
    assert cell is not None
    assert "100.00 100.00 at its end" in visible(finance.get(str(cell["hx-get"])))
    Account.objects.update(currency="EUR")
    assert "not reckoned : Basic is in USD" in visible(finance.get(f"{HARBOR}month/"))


def test_an_account_takes_as_many_queries_for_three_of_everything_as_for_one(
    harbor: Account, finance: Client
) -> None:
    one = selling.sell(harbor)

    def more(n: int) -> None:
        subscriptions.discount(
            one, f"D{n}", begins="2026-06", reason="x", author="A", percent=Decimal(1)
        )
        subscriptions.charge_once(
            harbor, f"O{n}", day=date(2026, 6, 1), quantity="1", unit_amount="1", key=f"o{n}", author="A"
        )  # fmt: skip
        use(harbor, f"u{n}", when="2026-06-01 10:00", quantity="2")
        use(harbor, f"u{n}", when="2026-06-01 10:00", quantity="1", revision=1, reason="x")

    more(1)
    first = queries(finance, HARBOR)
    more(2)
    more(3)
    assert queries(finance, HARBOR) == first


def test_any_open_month_can_be_previewed_and_nothing_is_kept(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    use(harbor, "a", when="2026-06-02 10:00", quantity="10")
    text = visible(finance.get(f"{HARBOR}preview/2026-06/"))
    assert "June 2026 as it would be now" in text
    assert "10 × 2.00 = 20.00" in text
    assert not Invoice.objects.exists()
    for key in ("2026-03", "2026-07", "x", "2026-99"):
        assert finance.get(f"{HARBOR}preview/{key}/").status_code == 404
    Account.objects.update(treatment="reverse_charge")
    assert "needs the tax number of Harbor" in visible(finance.get(f"{HARBOR}preview/2026-06/"))


def test_usage_and_its_amendments_are_told(harbor: Account, finance: Client) -> None:
    selling.metric()
    use(harbor, "a", when="2026-06-02 10:00", quantity="10")
    use(harbor, "a", when="2026-06-02 10:00", quantity="4", revision=1, reason="Counted twice")
    text = visible(finance.get(HARBOR))
    assert "Documents 4 document" in text
    assert "document a 10 4 Counted twice" in text


def test_what_is_no_part_or_action_is_not_found(harbor: Account, finance: Client) -> None:
    for url in ("/billing/settings/source/", "/billing/settings/magic/", f"{HARBOR}agree/watch/",
                f"{HARBOR}keep/cap/", f"{HARBOR}agree/burn/", "/billing/nobody/agree/cap/"):  # fmt: skip
        assert finance.post(url).status_code == 404, url
    assert finance.get("/billing/nobody/").status_code == 404


@pytest.mark.parametrize("role", ["operator", "engineer"])
def test_who_has_nothing_to_do_with_money_is_refused(
    kestrel: Site, harbor: Account, role: str
) -> None:
    client = sign_in(kestrel, role)
    for url in (
        "/billing/",
        HARBOR,
        f"{HARBOR}month/",
        f"{HARBOR}preview/2026-06/",
        "/billing/settings/",
    ):
        assert client.get(url).status_code == 403, url
    for url in (f"{HARBOR}agree/cap/", f"{HARBOR}keep/watch/", "/billing/settings/entity/",
                "/billing/settings/sources/"):  # fmt: skip
        assert client.post(url).status_code == 403, url


def test_who_may_look_may_not_agree(kestrel: Site, harbor: Account) -> None:
    from portal.accounts.models import Role

    Role.objects.filter(slug="finance").update(permissions=["money.view"])
    client = sign_in(kestrel, "finance")
    assert page(client.get(HARBOR)).select("main form[method=post]") == []
    assert client.post(f"{HARBOR}agree/cap/").status_code == 403
    assert client.post(f"{HARBOR}keep/watch/").status_code == 403
    assert client.get("/billing/settings/").status_code == 403


def test_the_platform_bills_its_partners_on_the_same_pages(kestrel: Site, aurora: Site) -> None:
    from django_tenants.utils import schema_context

    platform = Site("public", "platform.localhost", 0, 0)
    client = sign_in(platform, "platform-admin")
    rows = texts(page(client.get("/billing/")), "#accounts tbody .main a")
    assert {"Kestrel Point", "Aurora Systems"} <= set(rows)
    with schema_context("public"):
        partner = Account.objects.get(slug="kestrel")
        Account.objects.update(open_from="2026-04")
        selling.metric()
        selling.sell(partner)
        assert accounts.this_month(partner) == "2026-06"
    for url in ("/billing/kestrel/", "/billing/kestrel/month/", "/billing/kestrel/preview/2026-06/",
                "/billing/settings/", "/invoices/"):  # fmt: skip
        assert client.get(url).status_code == 200, url
    client.post("/invoices/run/", {"month": "2026-04"})
    with schema_context("public"):
        invoice = Invoice.objects.get()
    for url in (f"/invoices/{invoice.pk}/", f"/invoices/{invoice.pk}/lines/2/",
                f"/invoices/{invoice.pk}/invoice.pdf"):  # fmt: skip
        assert client.get(url).status_code == 200, url
    client.post(f"/invoices/{invoice.pk}/final/", {"seen": invoice.hash})
    client.post(f"/invoices/{invoice.pk}/hand-over/")
    with schema_context("public"):
        assert Invoice.objects.get().state == "sent"
