"""What is agreed with an account, on the pages of whoever bills."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from billing.models import (
    Account,
    Credit,
    Discount,
    OneOff,
    Override,
    SpendCap,
    Subscription,
)
from portal.core import clock
from tests.billing import selling
from tests.billing.pages import HARBOR, agree, page_of, refused, visible
from tests.billing.selling import amounts, drafted, final_of
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
    return account(kestrel.harbor)


def test_a_plan_is_begun_moved_and_ended(harbor: Account, finance: Client) -> None:
    version, other = selling.published(), selling.published(slug="better")
    agree(finance, "subscribe", version=version.pk, begins="2026-06-01")
    one = Subscription.objects.get()
    assert (one.begins, one.created_by) == (date(2026, 6, 1), "Finance")
    agree(finance, "move", subscription=one.pk, version=other.pk, on="2026-07-01")
    second = Subscription.objects.get(follows=one)
    assert second.version == other
    agree(finance, "end", subscription=second.pk, on="2026-07-20")
    second.refresh_from_db()
    assert second.ends == date(2026, 7, 20)
    text = visible(finance.get(HARBOR))
    assert "Better version 1 begins later 1 Jul 20 Jul" in text


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
        ({"budget": "5", "alert_at": "0"}, "1 to 1,000 percent"),
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
