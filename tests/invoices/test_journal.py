"""A month's documents as double entries."""

import csv
import io
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.documents.journal import Accounts, JournalError, entries, journal_csv
from billing.invoices.content import CreditUsed
from tests.invoices.april import APRIL, CREDIT_NOTE, DRAFT, LABELS, SLA
from tests.invoices.generated import documents

pytestmark = pytest.mark.pure

D = Decimal
ACCOUNTS = Accounts("1200", "4000", "4090", "4095", "2100", "2200")


def sides(content):
    """Account → debit − credit."""
    return {one.account: one.debit - one.credit for one in entries([content], ACCOUNTS)}


def test_an_invoice_debits_what_is_due_and_credits_revenue_and_tax():
    assert sides(APRIL) == {
        "1200": D("1052.88"), "2100": D("100.00"), "4090": D("15.50"), "4095": D("61.20"),
        "4000": D("-1139.26"), "2200": D("-90.32"),
    }  # fmt: skip  # 1,052.88 + 100.00 + 15.50 + 61.20 = 1,229.58 = 1,139.26 + 90.32


def test_a_credit_note_is_booked_the_other_way_round():
    assert sides(CREDIT_NOTE) == {
        "1200": D("-66.98"),
        "4000": D("61.73"),
        "2200": D("5.25"),
    }


def test_what_a_credit_note_does_not_pay_out_is_a_prepaid_credit():
    kept = sides(replace(CREDIT_NOTE, due=D(0)))
    assert kept == {"2100": D("-66.98"), "4000": D("61.73"), "2200": D("5.25")}


def test_an_invoice_below_zero_leaves_a_prepaid_credit():
    below = replace(
        APRIL, lines=(SLA,), net=D("-61.20"), tax=replace(APRIL.tax, amount=D("-5.20")),
        total=D("-66.40"), due=D(0), credits=(),
    )  # fmt: skip
    assert sides(below) == {"2100": D("-66.40"), "4095": D("61.20"), "2200": D("5.20")}


def test_an_sla_credit_that_is_given_back_by_a_note_is_none_of_revenue():
    note = replace(
        CREDIT_NOTE, lines=(replace(SLA, gross=D("61.20"), amount=D("61.20")),), net=D("61.20"),
        tax=replace(APRIL.tax, amount=D(0)), total=D("61.20"), due=D("61.20"),
    )  # fmt: skip
    assert sides(note) == {"1200": D("-61.20"), "4095": D("61.20")}


def texts(content):
    return [one.text for one in entries([content], ACCOUNTS)]


def test_every_entry_says_what_it_is_for():
    assert texts(APRIL) == [
        "Invoice 2026-0042: due from Harbor Outfitters", "Invoice 2026-0042: paid with credits",
        "Invoice 2026-0042: discounts", "Invoice 2026-0042: service credits",
        "Invoice 2026-0042: charges of April 2026",
        "Invoice 2026-0042: Sales tax, 8.5 % of $1,062.56",
    ]  # fmt: skip
    assert texts(replace(CREDIT_NOTE, due=D(0)))[0] == "Credit note 2026-0043: kept as a credit"


def numbered(found):
    return [replace(one, number=f"2026-{n:04}") for n, one in enumerate(found)]


@given(st.lists(documents(), max_size=5).map(numbered))
def test_debits_are_credits_in_every_document(found):
    balance = defaultdict(D)
    for one in entries(found, ACCOUNTS):
        assert (one.debit > 0) != (one.credit > 0)
        assert min(one.debit, one.credit) == 0
        balance[one.document] += one.debit - one.credit
    assert set(balance.values()) <= {D(0)}


@given(st.lists(documents(), max_size=5).map(numbered))
def test_all_of_a_month_is_booked(found):
    booked = defaultdict(D)
    for one in entries(found, ACCOUNTS):
        booked[one.account, one.currency] += one.debit - one.credit
    for currency in {one.currency for one in found}:
        signed = [
            (one, 1 if one.kind == "invoice" else -1) for one in found if one.currency == currency
        ]
        assert booked["1200", currency] == sum(sign * one.due for one, sign in signed)
        assert booked["2200", currency] == -sum(sign * one.tax.amount for one, sign in signed)
        net = sum(booked[account, currency] for account in ("4000", "4090", "4095"))
        assert net == -sum(sign * one.net for one, sign in signed)


def test_documents_are_booked_by_date_in_whichever_order_they_come():
    later = replace(CREDIT_NOTE, number="2026-0041", issued=date(2026, 5, 3))
    told = entries([later, APRIL], ACCOUNTS)
    assert told == entries([APRIL, later], ACCOUNTS)
    assert [one.document for one in told] == ["2026-0042"] * 6 + ["2026-0041"] * 3


def test_the_file_has_all_places_of_the_currency():
    yen = replace(
        CREDIT_NOTE, number="7", currency="JPY", lines=(replace(LABELS, gross=D(62), amount=D(62)),),
        net=D(62), tax=replace(APRIL.tax, amount=D(0)), total=D(62), due=D(62),
    )  # fmt: skip
    text = journal_csv([CREDIT_NOTE, yen], ACCOUNTS).decode("utf-8-sig")
    assert text.splitlines() == [
        "date,document,customer,account,debit,credit,currency,text",
        "2026-05-02,2026-0043,harbor,1200,0.00,66.98,USD,Credit note 2026-0043: given back to Harbor Outfitters",
        "2026-05-02,2026-0043,harbor,4000,61.73,0.00,USD,Credit note 2026-0043: charges of April 2026",
        '2026-05-02,2026-0043,harbor,2200,5.25,0.00,USD,"Credit note 2026-0043: Sales tax, 8.5 % of $61.73"',
        "2026-05-02,7,harbor,1200,0,62,JPY,Credit note 7: given back to Harbor Outfitters",
        "2026-05-02,7,harbor,4000,62,0,JPY,Credit note 7: charges of April 2026",
    ]


def test_no_account_or_customer_runs_as_a_formula():
    evil = replace(APRIL, recipient=replace(APRIL.recipient, slug="=1+1"))
    text = journal_csv([evil], ACCOUNTS._replace(revenue="@SUM(1)")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["customer"] for row in rows} == {"'=1+1"}
    assert rows[4]["account"] == "'@SUM(1)"


def test_amounts_that_are_equal_make_the_same_file():
    same = replace(
        APRIL, due=D("1052.8800"), credits=(CreditUsed("Welcome credit", D(100), D(40)),)
    )
    assert journal_csv([same], ACCOUNTS) == journal_csv([APRIL], ACCOUNTS)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([DRAFT], "The draft of Harbor Outfitters for April 2026 cannot be booked. Make it final first."),
        ([APRIL, APRIL], "2026-0042 is there twice. Export each document once."),
        ([replace(APRIL, net=D(1))], "Net amount and lines of 2026-0042 do not fit together."),
        ([replace(APRIL, total=D(1))], "Total, net amount and tax of 2026-0042 do not fit together."),
        ([replace(APRIL, due=D(1))], "Total, credits and what is due of 2026-0042 do not fit together."),
    ],
)  # fmt: skip
def test_what_cannot_be_booked_is_named(found, said):
    with pytest.raises(JournalError, match=said):
        entries(found, ACCOUNTS)
