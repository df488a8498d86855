"""Accounts, prices of their own and settings of money, on the pages of whoever bills."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from billing.domain import accounts, subscriptions
from billing.models import (
    Account,
    Credit,
    Discount,
    ExchangeRate,
    Invoice,
    LegalEntity,
    OneOff,
    Override,
    SpendCap,
    Subscription,
    TaxRate,
    UsageSource,
)
from portal.core import clock
from tests.billing import selling
from tests.billing.selling import amounts, drafted, final_of
from tests.billing.test_invoice_pages import page_of, queries, use, visible
from tests.billing.usage import account, at
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db

HARBOR = "/billing/harbor/"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    return account(kestrel.harbor)


@pytest.fixture
def finance(kestrel: Site) -> Client:
    return sign_in(kestrel, "finance")


def agree(client: Client, action: str, **entered: Any) -> Any:
    return client.post(f"{HARBOR}agree/{action}/", entered)


def refused(answer: Any) -> str:
    assert answer.status_code == 422
    return " ".join(texts(page_of(answer), "[role=alert]"))


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


def test_a_plan_is_begun_moved_and_ended(harbor: Account, finance: Client) -> None:
    version, other = selling.published(), selling.published(slug="better")
    agree(finance, "subscribe", version=version.pk, begins="2026-06-01")
    one = Subscription.objects.get()
    assert (one.begins, one.created_by) == (date(2026, 6, 1), "Finance")
    agree(finance, "move", subscription=one.pk, version=other.pk, on="2026-06-10")
    second = Subscription.objects.get(follows=one)
    assert second.version == other
    agree(finance, "end", subscription=second.pk, on="2026-06-20")
    second.refresh_from_db()
    assert second.ends == date(2026, 6, 20)
    text = visible(finance.get(HARBOR))
    assert "Better version 1 begins later 10 Jun 20 Jun" in text


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"begins": "2026-06-01"}, "This field is required"),
        ({"version": "4711", "begins": "2026-06-01"}, "Select a valid choice"),
        ({"begins": "soon"}, "Enter a valid date"),
        ({"begins": "2026-06-01", "ends": "2026-05-01"}, "It would end before it begins."),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(
    harbor: Account, finance: Client, entered: dict[str, str], said: str
) -> None:
    version = selling.published()
    given = {"version": version.pk, **entered} if "ends" in entered or said[0] == "E" else entered
    answer = agree(finance, "subscribe", **given)
    assert said in refused(answer)
    assert page_of(answer).select_one("details[open] form[action$='subscribe/']")
    assert not Subscription.objects.exists()


def test_plans_of_another_currency_drafts_and_archived_ones_are_not_offered(
    harbor: Account, finance: Client
) -> None:
    selling.published(slug="euros", currency="EUR")
    gone = selling.published(slug="gone")
    gone.plan.archived_at = clock.now()
    gone.plan.save()
    options = texts(page(finance.get(HARBOR)), "#subscribe_version option")
    assert options == ["Choose a plan"]


def test_another_accounts_subscription_is_not_touched(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    theirs = selling.sell(account(kestrel.maris))
    answer = agree(finance, "end", subscription=theirs.pk, on="2026-06-20")
    assert answer.status_code == 422
    theirs.refresh_from_db()
    assert theirs.ends is None
    assert finance.get(f"{HARBOR}prices/{theirs.pk}/documents/").status_code == 404


def test_a_discount_has_a_reason_and_months(harbor: Account, finance: Client) -> None:
    one = selling.sell(harbor)
    given = {"subscription": one.pk, "name": "Start", "percent": "10", "begins": "2026-06"}
    assert "required" in refused(agree(finance, "discount", **given))
    both = {**given, "amount": "5", "reason": "New"}
    assert "either a percentage or an amount" in refused(agree(finance, "discount", **both))
    wrong = {**given, "begins": "June", "reason": "New"}
    assert "'June' is no month" in refused(agree(finance, "discount", **wrong))
    agree(finance, "discount", **given, reason="New")
    assert Discount.objects.get().percent == 10
    assert "Start on Basic 10 % off from June 2026 on New (Finance)" in visible(finance.get(HARBOR))


def test_a_price_of_their_own_starts_from_the_plans(harbor: Account, finance: Client) -> None:
    one = selling.sell(harbor)
    url = f"{HARBOR}prices/{one.pk}/documents/"
    field = page(finance.get(url)).select_one("input[name=unit_amount]")
    assert field is not None
    assert field["value"] == "2"
    given = {"begins": "2026-06", "until": "2026-12", "reason": "Volume"}
    finance.post(url, {**given, "unit_amount": "1.50"})
    made = Override.objects.get()
    assert (made.terms, made.until) == ({"unit_amount": "1.50"}, "2026-12")
    assert "Documents of Basic 1.50 each June 2026 to December 2026" in visible(finance.get(HARBOR))
    for entered, said in (
        ({**given, "unit_amount": "-1"}, "cannot be below 0"),
        ({**given, "unit_amount": "x"}, "is not a decimal amount"),
        ({**given, "unit_amount": ""}, "It is missing"),
        ({**given, "unit_amount": "1", "until": "2026-05"}, "end before it begins"),
        ({**given, "unit_amount": "1"}, "Another price is agreed for Documents"),
    ):
        assert said in refused(finance.post(url, entered)), said
    assert Override.objects.count() == 1


def test_tiers_are_lines(harbor: Account, finance: Client) -> None:
    tiers = [
        {"up_to": "100", "unit_amount": "1"},
        {"up_to": None, "unit_amount": "0.50", "flat_amount": "3"},
    ]
    charge = {**selling.DOCUMENTS, "model": "graduated", "terms": {"tiers": tiers}}
    one = selling.sell(harbor, selling.published(charge))
    url = f"{HARBOR}prices/{one.pk}/documents/"
    area = page(finance.get(url)).select_one("textarea")
    assert area is not None
    assert area.text.strip().split("\n") == ["100 1", "- 0.50 3"]
    given = {"begins": "2026-06", "until": "2026-12", "reason": "Volume"}
    for lines, said in (
        ("100 1\n50 2\n- 1", "tiers"),
        ("100", "100 is no tier"),
        ("100 1", "tiers"),
    ):
        assert said in refused(finance.post(url, {**given, "tiers": lines})).lower()
    finance.post(url, {**given, "tiers": "200 1\n- 0.25"})
    assert Override.objects.get().terms["tiers"] == [
        {"up_to": "200", "unit_amount": "1"}, {"up_to": None, "unit_amount": "0.25"},
    ]  # fmt: skip


def test_what_is_charged_once_is_entered_once_and_can_be_withdrawn(
    harbor: Account, finance: Client
) -> None:
    given = {"name": "Day of work", "day": "2026-04-10", "quantity": "2", "unit": "day",
             "unit_amount": "400", "key": "abc"}  # fmt: skip
    agree(finance, "charge-once", **given)
    agree(finance, "charge-once", **given)
    one = OneOff.objects.get()
    assert amounts(drafted(harbor)) == {"2026-04 Day of work": "800.00"}
    finance.post(f"{HARBOR}one-offs/{one.pk}/withdraw/")
    one.refresh_from_db()
    assert one.withdrawn_at is not None
    agree(finance, "charge-once", **{**given, "key": "d", "unit_amount": "-1"})
    assert OneOff.objects.count() == 1


def test_what_was_billed_once_is_not_withdrawn(
    kestrel: Site, harbor: Account, finance: Client
) -> None:
    agree(finance, "charge-once", name="Day", day="2026-04-10", quantity="1", unit="day",
          unit_amount="400", key="abc")  # fmt: skip
    final_of(harbor)
    one = OneOff.objects.get()
    answer = finance.post(f"{HARBOR}one-offs/{one.pk}/withdraw/")
    assert answer.status_code == 409
    assert "INV-00001 bills it. Give it back by a credit note." in visible(answer)
    assert "billed by INV-00001" in visible(finance.get(HARBOR))
    assert finance.post(f"/billing/maris/one-offs/{one.pk}/withdraw/").status_code == 404


def test_money_paid_ahead_is_noted_with_what_is_left(harbor: Account, finance: Client) -> None:
    given = {"name": "Deposit", "amount": "150", "key": "k1"}
    agree(finance, "prepay", **given)
    agree(finance, "prepay", **given)
    assert Credit.objects.get().amount == 150
    selling.sell(harbor)
    final_of(harbor)
    assert "Deposit paid ahead 150.00 100.00 50.00 does not expire" in visible(finance.get(HARBOR))
    for amount, said in (("0", "no amount"), ("0.001", "no amount"), ("x", "Enter a number")):
        assert said in refused(agree(finance, "prepay", name="D", amount=amount, key="k2"))


def test_a_cap_is_agreed_and_lifted_for_open_months_only(harbor: Account, finance: Client) -> None:
    agree(finance, "cap", amount="80", begins="2026-06")
    assert SpendCap.objects.get().amount == 80
    agree(finance, "cap", amount="", begins="2026-07")
    assert "no cap from July 2026 on" in visible(finance.get(HARBOR))
    assert "March 2026 is closed" in refused(agree(finance, "cap", amount="5", begins="2026-03"))
    assert "not below 0" in refused(agree(finance, "cap", amount="-5", begins="2026-08"))


def test_budget_and_alerts_are_kept(harbor: Account, finance: Client) -> None:
    finance.post(f"{HARBOR}keep/watch/", {"budget": "500", "alert_at": "100, 50 80%"})
    harbor.refresh_from_db()
    assert (harbor.budget, harbor.alert_at) == (500, [50, 80, 100])
    for entered, said in (
        ({"budget": "", "alert_at": "50"}, "enter one"),
        ({"budget": "0"}, "above 0"),
        ({"budget": "5", "alert_at": "half"}, "half is no percentage"),
        ({"budget": "5", "alert_at": "900"}, "1 to 500 percent"),
        ({"budget": "5", "alert_at": "²"}, "² is no percentage"),
    ):
        assert said in refused(finance.post(f"{HARBOR}keep/watch/", entered))


BILL_TO = {"name": "Harbor Ltd", "address": "1 Quay", "recipients": "a@b.example\nc@d.example",
           "treatment": "none", "currency": "USD"}  # fmt: skip


def test_bill_to_is_what_the_next_invoice_says(harbor: Account, finance: Client) -> None:
    finance.post(f"{HARBOR}keep/bill-to/", BILL_TO)
    harbor.refresh_from_db()
    assert harbor.recipients == ["a@b.example", "c@d.example"]
    selling.sell(harbor)
    assert selling.said(drafted(harbor)).recipient.name == "Harbor Ltd"


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"recipients": "nobody"}, "nobody is no mail address"),
        ({"treatment": "reverse_charge"}, "It is needed for this tax"),
        ({"treatment": "standard"}, "It is needed for this tax"),
        ({"treatment": "exempt"}, "It is needed for this tax"),
        ({"treatment": "magic"}, "Select a valid choice"),
        ({"tax_code": "vat99"}, "Select a valid choice"),
        ({"currency": "XXX"}, "XXX is no currency"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_a_bill_to_that_cannot_be_is_refused_in_words(
    harbor: Account, finance: Client, entered: dict[str, str], said: str
) -> None:
    answer = finance.post(f"{HARBOR}keep/bill-to/", {**BILL_TO, **entered})
    assert said in refused(answer)
    harbor.refresh_from_db()
    assert harbor.name == "Harbor Outfitters"


def test_the_currency_stays_once_there_is_a_plan(harbor: Account, finance: Client) -> None:
    finance.post(f"{HARBOR}keep/bill-to/", {**BILL_TO, "currency": "eur"})
    harbor.refresh_from_db()
    assert harbor.currency == "EUR"
    Account.objects.update(currency="USD")
    selling.sell(harbor)
    finance.post(f"{HARBOR}keep/bill-to/", {**BILL_TO, "currency": "EUR"})
    harbor.refresh_from_db()
    assert (harbor.currency, harbor.name) == ("USD", "Harbor Ltd")


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


ENTITY = {"name": "Kestrel Ltd", "currency": "USD", "time_zone": "UTC", "prefix": "K-",
          "credit_prefix": "KC-", "due_days": "14", "late_months": "2", "hour_cost": "40",
          "month_cost": "900", "margin_floor": "25", "second_person": "on"}  # fmt: skip


def test_the_legal_entity_is_kept(harbor: Account, finance: Client) -> None:
    finance.post("/billing/settings/entity/", ENTITY)
    made = LegalEntity.objects.get()
    assert (made.name, made.due_days, made.hour_cost, made.second_person) == (
        "Kestrel Ltd", 14, 40, True,
    )  # fmt: skip
    selling.sell(harbor)
    assert final_of(harbor).number == "K-00001"


@pytest.mark.parametrize(
    ("part", "entered", "said"),
    [
        ("entity", {**ENTITY, "currency": "ABC"}, "ABC is no currency"),
        ("entity", {**ENTITY, "credit_prefix": "K-"}, "numbers would be given out twice"),
        ("entity", {**ENTITY, "hour_cost": "-1"}, "A cost is not below 0"),
        ("entity", {**ENTITY, "time_zone": "Mars"}, "Select a valid choice"),
        ("tax", {"code": "vat", "name": "VAT", "percent": "101", "begins": "2026-01-01"}, "0 to 100"),
        ("tax", {"code": "v t", "name": "VAT", "percent": "1", "begins": "2026-01-01"}, "slug"),
        ("exchange", {"base": "EUR", "quote": "EUR", "rate": "1", "begins": "2026-01-01", "source": "x"}, "worth 1"),
        ("exchange", {"base": "EUR", "quote": "USD", "rate": "0", "begins": "2026-01-01", "source": "x"}, "above 0"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_in_words(
    finance: Client, part: str, entered: dict[str, str], said: str
) -> None:
    assert said in refused(finance.post(f"/billing/settings/{part}/", entered))


def test_a_rate_of_the_same_day_is_replaced(finance: Client) -> None:
    tax = {"code": "vat", "name": "VAT 19 %", "percent": "19", "begins": "2026-01-01"}
    finance.post("/billing/settings/tax/", tax)
    finance.post("/billing/settings/tax/", {**tax, "name": "VAT 20 %", "percent": "20"})
    assert TaxRate.objects.get().percent == 20
    rate = {"base": "eur", "quote": "usd", "rate": "1.1", "begins": "2026-01-01", "source": "Bank"}
    finance.post("/billing/settings/exchange/", rate)
    finance.post("/billing/settings/exchange/", {**rate, "rate": "1.2"})
    assert ExchangeRate.objects.get().rate == Decimal("1.2")
    assert "1 EUR is 1.2 USD" in visible(finance.get("/billing/settings/"))


def test_the_key_of_a_source_is_shown_once(finance: Client) -> None:
    answer = finance.post("/billing/settings/sources/", {"name": "ERP", "code": "erp"})
    field = page_of(answer).select_one(".new-key")
    assert field is not None
    key = field.text
    source = UsageSource.objects.get()
    assert (source.hash, source.hint) == (sha256(key.encode()).hexdigest(), key[-4:])
    assert answer["Cache-Control"] == "no-store"
    assert key not in visible(finance.get("/billing/settings/"))
    again = finance.post("/billing/settings/sources/", {"name": "Other", "code": "erp"})
    assert "Another source has this code" in refused(again)
    finance.post(f"/billing/settings/sources/{source.pk}/revoke/")
    source.refresh_from_db()
    assert source.revoked_at is not None
    assert finance.post("/billing/settings/sources/4711/revoke/").status_code == 404


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
