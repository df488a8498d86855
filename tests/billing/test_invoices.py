"""From usage to a final invoice, and what comes after."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from billing.domain import (
    credit,
    credit_notes,
    drafts,
    final,
    intake,
    invoice_states,
    subscriptions,
)
from billing.models import Account, Credit, Invoice, LegalEntity, TaxRate
from monitoring.seal import digest
from portal.core import clock
from tests.billing import selling
from tests.billing.selling import amounts, drafted, final_of, said
from tests.billing.usage import account, at, event
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture
def now(kestrel: Site) -> Any:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(now: Any, kestrel: Site) -> Account:
    return account(kestrel.harbor)


def use(
    of: Account, key: str, when: str = "2026-04-03 10:00", quantity: str = "1", **more: Any
) -> None:
    assert intake.note([event(of, key, when, quantity=quantity, **more)]).added == 1


def test_a_month_is_its_fixed_charges_and_its_usage(harbor: Account) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    invoice = drafted(harbor)
    assert amounts(invoice) == {
        "2026-04 Monitoring": "100.00",
        "2026-04 Documents": "20.00",  # 10 × 2
    }
    assert (invoice.net, invoice.total, invoice.due, invoice.number) == (120, 120, 120, None)


def test_numbers_have_no_gaps_and_follow_the_order_of_becoming_final(
    kestrel: Site, harbor: Account
) -> None:
    maris = account(kestrel.maris)
    version = selling.published()
    for one in (harbor, maris):
        selling.sell(one, version)
    assert [final_of(maris).number, final_of(harbor).number] == ["INV-00001", "INV-00002"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        final_of(harbor, "2026-05")
        raise ZeroDivisionError
    assert final_of(maris, "2026-05").number == "INV-00003"


def test_a_final_invoice_is_what_its_hash_says(harbor: Account) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    assert invoice.hash == digest(bytes(invoice.content))
    content = said(invoice)
    assert (content.number, content.issued, content.due_on) == (
        "INV-00001", date(2026, 6, 3), date(2026, 7, 3),
    )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_invoice SET total = 1",
        "UPDATE billing_invoice SET content = 'x'",
        "UPDATE billing_invoice SET state = 'draft'",
        "UPDATE billing_invoice SET number = 'INV-9'",
        "DELETE FROM billing_invoice",
        "UPDATE billing_invoiceline SET amount = 1",
        "DELETE FROM billing_invoiceline",
        "DELETE FROM billing_invoiceevent",
    ],
)
def test_a_final_invoice_is_not_edited_by_anybody(harbor: Account, statement: str) -> None:
    selling.sell(harbor)
    final_of(harbor)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_draft_that_changed_meanwhile_does_not_become_final(harbor: Account) -> None:
    selling.sell(harbor)
    invoice = drafted(harbor)
    use(harbor, "a")
    with pytest.raises(final.ChangedError, match="Look at it again"):
        final.finalise(invoice.pk, seen=invoice.hash, by="Ana")
    assert LegalEntity.objects.get().next_number == 1


def test_the_same_draft_again_is_the_same_bytes(harbor: Account, now: Any) -> None:
    selling.sell(harbor)
    use(harbor, "a")
    first = drafted(harbor)
    now.move(86_400)
    assert drafted(harbor).hash == first.hash
    first.delete()
    assert drafted(harbor).hash == first.hash


def test_usage_that_comes_late_is_an_adjustment_of_the_next_invoice(harbor: Account) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    final_of(harbor)
    use(harbor, "late", quantity="3")
    use(harbor, "may", "2026-05-03 10:00", quantity="1")
    assert amounts(drafted(harbor, "2026-05")) == {
        "2026-04 Documents": "6.00",  # 13 × 2 − 20
        "2026-05 Monitoring": "100.00",
        "2026-05 Documents": "2.00",
    }


def test_an_amendment_of_what_was_billed_gives_the_difference_back(harbor: Account) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    final_of(harbor)
    use(harbor, "a", quantity="4", revision=1, reason="Counted twice")
    invoice = drafted(harbor, "2026-05")
    assert amounts(invoice)["2026-04 Documents"] == "-12.00"  # 4 × 2 − 20
    line = said(invoice).lines[0]
    assert (line.origin, line.before) == ("adjustment", Decimal("20.00"))


def test_all_invoices_together_bill_what_is_owed_whatever_came_when(harbor: Account) -> None:
    """April is 13 documents in the end, in either order: 100 + 26."""
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    final_of(harbor)
    use(harbor, "b", quantity="3")
    final_of(harbor, "2026-05")
    of_april = [
        line.amount
        for invoice in Invoice.objects.all()
        for line in said(invoice).lines
        if line.service == "2026-04"
    ]
    assert sum(of_april) == 126


def test_a_charge_in_advance_is_billed_before_its_month_and_the_rest_given_back(
    harbor: Account,
) -> None:
    """30 a month: April and May in April's invoice. Ended on 11 May, 10 of 31 days were used: 9.68."""
    base = {**selling.BASE, "terms": {"amount": "30"}, "due": "advance"}
    sold = selling.sell(harbor, selling.published(base))
    assert amounts(final_of(harbor)) == {
        "2026-04 Monitoring": "30.00",
        "2026-05 Monitoring": "30.00",
    }
    subscriptions.end(sold, on=date(2026, 5, 11))
    assert amounts(drafted(harbor, "2026-05")) == {"2026-05 Monitoring": "-20.32"}


def test_a_month_that_gives_more_back_than_it_costs_becomes_a_credit(harbor: Account) -> None:
    base = {**selling.BASE, "terms": {"amount": "30"}, "due": "advance"}
    sold = selling.sell(harbor, selling.published(base))
    final_of(harbor)
    subscriptions.end(sold, on=date(2026, 5, 11))
    invoice = final_of(harbor, "2026-05")
    assert (invoice.total, invoice.due) == (Decimal("-20.32"), 0)
    carried = Credit.objects.get()
    assert (carried.amount, carried.name) == (Decimal("20.32"), "Carried over from INV-00002")


def test_what_was_paid_ahead_pays_after_tax_until_it_is_used_up(harbor: Account) -> None:
    TaxRate.objects.create(code="std", name="VAT 19 %", percent=19, begins=date(2026, 1, 1))
    Account.objects.update(treatment="standard", tax_code="std")
    selling.sell(harbor)
    credit.prepay(harbor, Decimal(150), name="Paid in March", key="p1", expires=None, author="Ana")
    first = final_of(harbor)
    assert (first.net, first.total, first.due) == (100, 119, 0)
    second = final_of(harbor, "2026-05")
    assert second.due == 88  # 119 − 31


def test_what_expired_pays_nothing(harbor: Account) -> None:
    selling.sell(harbor)
    credit.prepay(
        harbor, Decimal(50), name="Old", key="p1", expires=date(2026, 4, 29), author="Ana"
    )
    assert drafted(harbor).due == 100


def test_no_month_is_billed_above_the_cap_of_the_account(harbor: Account) -> None:
    selling.sell(harbor)
    subscriptions.cap_spending(harbor, Decimal(150), begins="2026-05", author="Ana")
    for month in ("04", "05"):
        use(harbor, month, f"2026-{month}-10 10:00", quantity="60")
    assert drafted(harbor).net == 220
    final_of(harbor)
    invoice = drafted(harbor, "2026-05")
    assert amounts(invoice)["2026-05 Spending cap"] == "-70.00"  # 100 + 120 − 150
    assert invoice.net == 150


def test_another_price_for_one_customer_holds_for_its_months(harbor: Account) -> None:
    sold = selling.sell(harbor)
    subscriptions.override(
        sold, "documents", {"unit_amount": "1"}, begins="2026-04", until="2026-04",
        reason="First month at half price", author="Ana",
    )  # fmt: skip
    for month in ("04", "05"):
        use(harbor, month, f"2026-{month}-10 10:00", quantity="10")
    assert amounts(final_of(harbor))["2026-04 Documents"] == "10.00"
    assert amounts(drafted(harbor, "2026-05"))["2026-05 Documents"] == "20.00"


def test_a_discount_agreed_for_a_closed_month_is_given_with_the_next_invoice(
    harbor: Account,
) -> None:
    sold = selling.sell(harbor)
    final_of(harbor)
    subscriptions.discount(
        sold, "Goodwill", begins="2026-04", until="2026-04", percent=Decimal(10),
        reason="Slow start", author="Ana",
    )  # fmt: skip
    assert amounts(drafted(harbor, "2026-05")) == {
        "2026-04 Monitoring": "-10.00",
        "2026-05 Monitoring": "100.00",
        "2026-05 Documents": "0.00",
    }


def test_void_and_written_anew_bills_the_month_once(harbor: Account) -> None:
    sold = selling.sell(harbor)
    first = final_of(harbor)
    subscriptions.discount(
        sold, "Half", begins="2026-04", percent=Decimal(50), reason="Agreed", author="Ana"
    )
    invoice_states.become(first.pk, "void", by="Ana", text="Wrong discount")
    second = final_of(harbor)
    assert (second.number, second.net, second.replaces_id) == ("INV-00002", 50, first.pk)
    assert amounts(drafted(harbor, "2026-05")) == {
        "2026-05 Monitoring": "50.00",
        "2026-05 Documents": "0.00",
    }
    first.refresh_from_db()
    assert (first.state, first.number) == ("void", "INV-00001")


def test_only_the_legal_next_step_is_taken(harbor: Account) -> None:
    selling.sell(harbor)
    draft = drafted(harbor)
    with pytest.raises(invoice_states.NotNowError, match="cannot become sent"):
        invoice_states.become(draft.pk, "sent", by="Ana")
    invoice = final_of(harbor)
    with pytest.raises(invoice_states.NotNowError, match="cannot become paid"):
        invoice_states.become(invoice.pk, "paid", by="Ana")
    assert invoice.shown_to is None
    assert invoice_states.become(invoice.pk, "sent", by="Ana").shown_to == harbor.customer_id
    with pytest.raises(invoice_states.NotNowError, match="Say why"):
        invoice_states.become(invoice.pk, "disputed", by="Ana")
    invoice_states.become(invoice.pk, "paid", by="Ana")
    with pytest.raises(invoice_states.NotNowError):
        invoice_states.become(invoice.pk, "void", by="Ana", text="Too late")


def test_a_credit_note_gives_back_net_with_its_tax(harbor: Account) -> None:
    TaxRate.objects.create(code="std", name="VAT 19 %", percent=19, begins=date(2026, 1, 1))
    Account.objects.update(treatment="standard", tax_code="std")
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    invoice = final_of(harbor)
    key = next(line.key for line in said(invoice).lines if line.name == "Documents")
    note = credit_notes.give_back(
        invoice.pk, {key: Decimal("5.00")}, reason="Wrong documents", by="Ana"
    )
    assert (note.number, note.net, note.total) == ("CN-00001", 5, Decimal("5.95"))
    assert said(note).corrects == "INV-00001"
    assert credit_notes.open_amount(invoice) == Decimal("136.85")  # 142.80 − 5.95
    assert not Credit.objects.exists()
    with pytest.raises(credit_notes.NotGivenBackError, match="at most .15.00"):
        credit_notes.give_back(invoice.pk, {key: Decimal("15.01")}, reason="More", by="Ana")


def test_a_credit_note_on_a_paid_invoice_is_a_credit(harbor: Account) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    for state in ("sent", "paid"):
        invoice_states.become(invoice.pk, state, by="Ana")
    key = said(invoice).lines[0].key
    credit_notes.give_back(invoice.pk, {key: Decimal(40)}, reason="Down for a day", by="Ana")
    assert Credit.objects.get().amount == 40
    assert drafted(harbor, "2026-05").due == 60


@pytest.mark.parametrize(
    ("amount", "reason", "words"),
    [
        ("0", "Why", "at least one line"),
        ("1.005", "Why", "whole units"),
        ("-1", "Why", "at most"),
        ("1", " ", "Say why"),
    ],
)
def test_what_cannot_be_given_back_is_said(
    harbor: Account, amount: str, reason: str, words: str
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    key = said(invoice).lines[0].key
    with pytest.raises(credit_notes.NotGivenBackError, match=words):
        credit_notes.give_back(invoice.pk, {key: Decimal(amount)}, reason=reason, by="Ana")
    assert Invoice.objects.count() == 1
    assert LegalEntity.objects.get().next_credit_number == 1


def test_a_month_that_is_not_over_is_only_looked_at(harbor: Account) -> None:
    selling.sell(harbor)
    use(harbor, "a", "2026-06-02 10:00", quantity="5")
    assert drafts.preview(harbor, "2026-06").totals.net > 0
    with pytest.raises(drafts.NotDraftedError, match="June 2026 is not over"):
        drafts.draft(harbor.pk, "2026-06")
    assert not Invoice.objects.exists()


def test_an_earlier_draft_comes_first(harbor: Account) -> None:
    selling.sell(harbor)
    drafted(harbor)
    with pytest.raises(drafts.NotDraftedError, match="April 2026 is not final"):
        drafts.draft(harbor.pk, "2026-05")


def test_a_month_nobody_drafted_comes_with_the_next(harbor: Account) -> None:
    selling.sell(harbor)
    assert amounts(drafted(harbor, "2026-05")) == {
        "2026-04 Monitoring": "100.00",
        "2026-05 Monitoring": "100.00",
        "2026-05 Documents": "0.00",
    }


def test_something_charged_once_is_billed_once(harbor: Account) -> None:
    for _ in range(2):
        subscriptions.charge_once(
            harbor, "Onboarding of the store", day=date(2026, 4, 20), quantity="1.5", unit="day",
            unit_amount="800", key="onboarding-1", author="Ana",
        )  # fmt: skip
    assert amounts(final_of(harbor)) == {"2026-04 Onboarding of the store": "1200.00"}
    assert drafts.draft(harbor.pk, "2026-05") is None


def test_reverse_charge_says_so_and_needs_a_number(harbor: Account) -> None:
    selling.sell(harbor)
    Account.objects.update(treatment="reverse_charge")
    with pytest.raises(ValueError, match="needs the tax number of Harbor"):
        drafts.draft(harbor.pk, "2026-04")
    Account.objects.update(tax_number="DE123")
    tax = said(drafted(harbor)).tax
    assert (tax.amount, tax.note) == (0, "Reverse charge: the recipient accounts for the tax.")
