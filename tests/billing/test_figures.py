"""Retail, wholesale and what is left: two schemas, one usage."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from billing.domain import accounts, credit_notes, figures, intake, rates, subscriptions, wholesale
from billing.models import Account, ExchangeRate, LegalEntity, MonthFigure, UsageFact
from billing.plans.month import month
from portal.core import clock
from portal.tenants.models import Partner
from tests.billing import selling
from tests.billing.usage import account, at, event
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[Any]:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


def platform() -> Account:
    """The partner's account with the platform; the connection has to be in public."""
    found = accounts.of_partner(Partner.objects.get(schema_name="kestrel"))
    found.open_from = "2026-04"
    found.save()
    return found


@pytest.fixture
def houses(kestrel: Site) -> tuple[Account, Account]:
    """Harbor pays 2 a document and 100 a month, Maris the same; the platform takes 0.5 a document."""
    with schema_context("public"):
        charge = {**selling.DOCUMENTS, "terms": {"unit_amount": "0.5"}}
        selling.sell(platform(), selling.published(charge, slug="wholesale"))
    found = account(kestrel.harbor), account(kestrel.maris)
    version = selling.published()
    for one in found:
        selling.sell(one, version)
    return found


def test_the_platform_is_told_sums_and_nothing_else(houses: tuple[Account, Account]) -> None:
    harbor, maris = houses
    about = {
        "properties": {"object_type": "order", "latency": "realtime", "endpoint": 7, "po": "PO-1"}
    }
    intake.note(
        [event(harbor, "a", **about), event(harbor, "b", **about), event(maris, "c", **about)]
    )
    intake.note([event(harbor, "free", free="a test", **about)])
    assert wholesale.tell() == 2
    with schema_context("public"):
        facts = list(UsageFact.objects.order_by("-times"))
    assert [(f.times, f.quantity) for f in facts] == [(2, 2), (1, 1)]
    assert facts[0].properties == {
        "object_type": "order", "latency": "realtime", "customer": harbor.customer_id,
    }  # fmt: skip
    assert facts[0].source is None


def test_a_sum_that_grew_is_amended_and_one_that_did_not_is_no_news(
    houses: tuple[Account, Account], now: Any
) -> None:
    harbor, _ = houses
    intake.note([event(harbor, "a")])
    assert [wholesale.tell(), wholesale.tell(), wholesale.tell()] == [1, 0, 0]
    now.move(3600)
    intake.note([event(harbor, "b")])
    assert wholesale.tell() == 1
    with schema_context("public"):
        assert [(f.revision, f.times) for f in UsageFact.objects.order_by("id")] == [(0, 1), (1, 2)]


def test_the_margin_is_retail_less_wholesale_for_each_and_for_all(
    houses: tuple[Account, Account],
) -> None:
    """Harbor: 100 + 10 × 2 − 10 × 0.5 = 115; Maris: 100 + 30 × 2 − 30 × 0.5 = 145."""
    harbor, maris = houses
    intake.note([event(harbor, "a", quantity="10"), event(maris, "b", quantity="30")])
    wholesale.tell()
    made = figures.make("2026-04")
    each = made.margins.by_customer
    assert [each[str(one.pk)].margin for one in houses] == [115, 145]
    assert made.margins.total == (280, 20, 260, Decimal("92.86"))


def test_true_margin_takes_people_and_machines_off(houses: tuple[Account, Account]) -> None:
    """30 minutes at 60 an hour are 30; 90 of machines by 1 and 2 documents are 30 and 60."""
    harbor, maris = houses
    LegalEntity.objects.update(hour_cost=60, month_cost=90)
    intake.note(
        [
            event(harbor, "a"),
            event(maris, "b"),
            event(maris, "c"),
            event(harbor, "l", kind="operator", quantity="20"),
            event(harbor, "m", kind="operator", quantity="10", free="our own fault"),
        ]
    )
    wholesale.tell()
    true = figures.make("2026-04").true
    of_harbor, of_maris = true[str(harbor.pk)], true[str(maris.pk)]
    assert (of_harbor.work, of_harbor.infrastructure) == (30, 30)
    assert of_harbor.left == Decimal("102.00") - Decimal("0.50") - 60
    assert (of_maris.work, of_maris.infrastructure) == (0, 60)


def test_wholesale_in_another_currency_is_converted_at_the_rate_of_the_month(
    houses: tuple[Account, Account],
) -> None:
    """The partner counts in euros: a dollar is 0.9. Retail 120 → 108, wholesale 5 → 4.50."""
    LegalEntity.objects.update(currency="EUR")
    intake.note([event(houses[0], "a", quantity="10")])
    wholesale.tell()
    assert "Enter what 1 USD is in EUR" in figures.make("2026-04").troubles[str(houses[0].pk)]
    ExchangeRate.objects.create(
        base="USD", quote="EUR", begins=date(2026, 4, 1), rate=Decimal("0.9"), source="the bank"
    )
    of_harbor = figures.make("2026-04").margins.by_customer[str(houses[0].pk)]
    assert (of_harbor.retail, of_harbor.wholesale) == (Decimal("108.00"), Decimal("4.50"))


def test_a_rate_is_known_either_way_and_from_its_day_on() -> None:
    ExchangeRate.objects.create(
        base="EUR", quote="USD", begins=date(2026, 4, 10), rate=Decimal("1.25"), source="the bank"
    )
    assert rates.rate("USD", "EUR", on=date(2026, 4, 10)) == Decimal("0.8")
    with pytest.raises(rates.NoRateError):
        rates.rate("USD", "EUR", on=date(2026, 4, 9))


def test_kept_figures_are_those_made_and_are_made_anew(houses: tuple[Account, Account]) -> None:
    for key in ("a", "b"):
        intake.note([event(houses[0], key)])
        figures.keep("2026-04")
    kept = MonthFigure.objects.get(account=houses[0])
    assert (kept.retail, kept.documents) == (104, 2)
    assert MonthFigure.objects.count() == 2


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_when_margins_add_up_and_invoices_bill_what_is_owed(
    houses: tuple[Account, Account], seed: int
) -> None:
    """Late usage, amendments, credit notes, discounts and another version of the plan, in any order."""
    chance = random.Random(seed)
    subscribed = {one.pk: one.subscriptions.get() for one in houses}
    noted: dict[str, int] = {}
    for key in ("2026-04", "2026-05"):
        for step in range(8):
            _anything(chance, houses, subscribed, noted, name=f"{key}/{step}")
        wholesale.tell()
        for one in houses:
            invoice = selling.final_of(one, key)
            if chance.random() < 0.5:
                line = next(line for line in selling.said(invoice).lines if line.amount > 1)
                credit_notes.give_back(invoice.pk, {line.key: Decimal(1)}, reason="Why", by="Ana")
        _adds_up()
    _late_in_may_is_billed_in_june(houses)


def _anything(
    chance: random.Random, houses: Any, subscribed: Any, noted: dict[str, int], *, name: str
) -> None:
    one = chance.choice(houses)
    when = f"2026-0{chance.choice((4, 5))}-{chance.randint(1, 28):02} 10:00"
    match chance.choice(("use", "use", "use", "amend", "discount")):
        case "use":
            intake.note([event(one, name, when, quantity=str(chance.randint(0, 50)))])
            noted[name] = 0
        case "amend" if noted:
            key = chance.choice(sorted(noted))
            fact = UsageFact.objects.filter(key=key).latest("revision")
            changed = event(fact.account, key, quantity="7", revision=fact.revision + 1)
            intake.note([changed])
            noted[key] += 1
        case "discount":
            subscriptions.discount(
                subscribed[one.pk], name, begins="2026-04", until="2026-04",
                percent=Decimal(chance.randint(1, 20)), reason="Agreed", author="Ana",
            )  # fmt: skip


def _adds_up() -> None:
    for key in ("2026-04", "2026-05"):
        made = figures.make(key).margins
        each = made.by_customer.values()
        assert sum(one.retail for one in each) == made.total.retail
        assert sum(one.wholesale for one in each) + made.unshared == made.total.wholesale
        assert sum(one.margin for one in each) == made.total.margin - made.unshared
        assert made.total.margin == made.total.retail - made.total.wholesale


def _late_in_may_is_billed_in_june(houses: Any) -> None:
    """What final invoices billed for April and May is what is owed, once nothing is left to adjust."""
    with clock.freeze(at("2026-07-03 12:00")):
        for one in houses:
            selling.final_of(one, "2026-06")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT l.account_id, sum(l.amount) FROM billing_invoiceline l"
                " JOIN billing_invoice i ON i.id = l.invoice_id WHERE i.kind = 'invoice'"
                " AND i.state <> 'void' GROUP BY 1"
            )
            billed = dict(cursor.fetchall())
            cursor.execute(
                "SELECT l.account_id, sum(l.amount) FROM billing_invoiceline l"
                " JOIN billing_invoice i ON i.id = l.invoice_id WHERE i.kind = 'credit_note' GROUP BY 1"
            )
            back = dict(cursor.fetchall())
        for one in houses:
            months = ("2026-04", "2026-05", "2026-06")
            earned = sum(figures.earned(one, month(key)) for key in months)
            assert billed[one.pk] == earned - back.get(one.pk, 0)
