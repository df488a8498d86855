"""Months are billed in their order, and none twice, whatever is drafted, thrown away or made void when."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django_tenants.utils import schema_context

from billing.domain import drafts, final, intake, invoice_states, runs, subscriptions, wholesale
from billing.models import Account, Invoice, UsageFact
from portal.core import clock
from tests.billing import selling
from tests.billing.selling import amounts, drafted, final_of, said
from tests.billing.test_figures import platform
from tests.billing.usage import account, at, event
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[Any]:
    with clock.freeze(at("2026-07-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    """100 a month and 2 a document."""
    found = account(kestrel.harbor)
    selling.sell(found)
    return found


def billed(of: Account, month: str) -> Decimal:
    """What standing invoices bill for a month, together."""
    standing = Invoice.objects.filter(account=of, kind="invoice", state__in=Invoice.STANDING)
    lines = [line for one in standing for line in said(one).lines]
    return sum((line.amount for line in lines if line.service == month), Decimal(0))


def void(invoice: Invoice) -> None:
    invoice_states.become(invoice.pk, "void", by="Ana", text="Wrong")


def test_a_later_draft_does_not_become_final_before_an_earlier_one(harbor: Account) -> None:
    june = drafted(harbor, "2026-06")
    april = drafted(harbor, "2026-04")
    with pytest.raises(final.NotFinalError, match="April 2026 is not final"):
        final.finalise(june.pk, seen=june.hash, by="Ana")
    drafts.discard(april.pk)
    final.finalise(june.pk, seen=june.hash, by="Ana")
    assert billed(harbor, "2026-04") == 100


def test_a_month_that_a_later_invoice_billed_is_not_drafted(harbor: Account) -> None:
    final_of(harbor, "2026-05")
    assert billed(harbor, "2026-04") == 100
    with pytest.raises(drafts.NotDraftedError, match="April 2026 is closed"):
        drafts.draft(harbor.pk, "2026-04")


def test_what_a_void_invoice_billed_comes_with_the_next_where_a_later_one_stands(
    harbor: Account,
) -> None:
    april = final_of(harbor, "2026-04")
    final_of(harbor, "2026-05")
    void(april)
    with pytest.raises(drafts.NotDraftedError, match="billed with the next invoice"):
        drafts.draft(harbor.pk, "2026-04")
    final_of(harbor, "2026-06")
    assert [billed(harbor, f"2026-0{n}") for n in (4, 5, 6)] == [100, 100, 100]


def test_the_last_invoice_is_written_anew_by_a_run(harbor: Account) -> None:
    void(final_of(harbor, "2026-04"))
    runs.start("2026-04", by="Ana")
    runs.finish()
    again = Invoice.objects.get(state="draft")
    final.finalise(again.pk, seen=again.hash, by="Ana")
    assert billed(harbor, "2026-04") == 100


def test_an_amendment_stays_in_its_month_and_amends_something(harbor: Account) -> None:
    intake.note([event(harbor, "a", "2026-04-30 10:00")])
    other = intake.note([event(harbor, "a", "2026-05-01 10:00", revision=1)])
    nothing = intake.note([event(harbor, "b", "2026-04-30 10:00", revision=1)])
    assert "stays in its account and month" in other.refused[0].text
    assert "nothing to amend" in nothing.refused[0].text
    assert UsageFact.objects.count() == 1


def test_an_amendment_in_the_same_batch_finds_what_it_amends(harbor: Account) -> None:
    noted = intake.note([event(harbor, "a", revision=1, quantity="3"), event(harbor, "a")])
    assert (noted.added, noted.refused) == (2, ())


def test_a_service_credit_is_not_taken_back(harbor: Account) -> None:
    from billing.models import Credit

    Credit.objects.create(account=harbor, kind="sla", name="April", amount=20, key="statement/1")
    assert final_of(harbor, "2026-04").net == 80
    assert amounts(drafted(harbor, "2026-05")) == {
        "2026-05 Monitoring": "100.00",
        "2026-05 Documents": "0.00",
    }


def test_what_is_given_back_has_its_name_also_after_the_end(harbor: Account) -> None:
    final_of(harbor, "2026-04")
    subscriptions.end(harbor.subscriptions.get(), on=date(2026, 4, 1))
    lines = said(drafted(harbor, "2026-05")).lines
    assert [(line.name, line.amount) for line in lines] == [("Monitoring", -100)]


@pytest.fixture
def sold_to_partner(harbor: Account) -> None:
    with schema_context("public"):
        charge = {**selling.DOCUMENTS, "terms": {"unit_amount": "0.5"}}
        selling.sell(platform(), selling.published(charge, slug="wholesale"))


def told() -> dict[str, Decimal]:
    """What the platform counts by day."""
    with schema_context("public"):
        facts = UsageFact.objects.order_by("revision")
        last = {fact.key: (str(fact.day), fact.quantity) for fact in facts}
    sums: dict[str, Decimal] = {}
    for day, quantity in last.values():
        sums[day] = sums.get(day, Decimal(0)) + quantity
    return {day: quantity for day, quantity in sums.items() if quantity}


def test_a_fact_that_moves_to_another_day_is_told_once(
    harbor: Account, sold_to_partner: None
) -> None:
    intake.note([event(harbor, "a", "2026-06-10 10:00", quantity="10")])
    wholesale.tell()
    intake.note([event(harbor, "a", "2026-06-11 10:00", quantity="10", revision=1)])
    for _ in range(2):
        wholesale.tell()
    assert told() == {"2026-06-11": 10}


def test_a_sum_is_of_its_day_also_where_the_platform_is_a_day_behind(
    harbor: Account, sold_to_partner: None, now: Any
) -> None:
    """1 July in Auckland begins at noon of 30 June in UTC."""
    Account.objects.filter(pk=harbor.pk).update(time_zone="Pacific/Auckland")
    with clock.freeze(at("2026-06-30 12:30")):
        intake.note([event(harbor, "a", "2026-06-30 12:10", quantity="1")])
        wholesale.tell()
    intake.note([event(harbor, "b", "2026-06-30 13:10", quantity="9")])
    wholesale.tell()
    assert told() == {"2026-07-01": 10}


def test_the_journal_takes_back_what_was_made_void(harbor: Account, admin: Any) -> None:
    invoice = final_of(harbor, "2026-04")
    before = admin.get("/invoices/months/2026-04/journal.csv").content.decode().splitlines()
    void(invoice)
    rows = admin.get("/invoices/months/2026-04/journal.csv").content.decode().splitlines()
    assert rows[: len(before)] == before
    sides = [row.split(",") for row in rows[1:]]
    assert sum(Decimal(one[4]) for one in sides if one[3] == "Revenue") == 100
    assert sum(Decimal(one[5]) for one in sides if one[3] == "Revenue") == 100
    assert all("Void: " in row for row in rows[len(before) :])


def test_an_average_shows_what_was_held_before_the_month(harbor: Account) -> None:
    from billing.models import Metric
    from billing.queries import explained

    stored = selling.metric("stored", kinds=["storage"], aggregation="time_weighted")
    charge = {**selling.DOCUMENTS, "key": "stored", "metric": "stored"}
    selling.sell(harbor, selling.published(charge, slug="store"))
    intake.note([event(harbor, "s", "2026-04-20 10:00", kind="storage", quantity="30")])
    invoice = drafted(harbor, "2026-05")
    line = next(
        line
        for line in said(invoice).lines
        if line.metric == "stored" and line.service == "2026-05"
    )
    assert line.quantity == 30
    found = explained.billed(harbor, Metric.objects.get(pk=stored.pk), line, known_by="2026-05")
    assert [fact.key for fact in found] == ["s"]
