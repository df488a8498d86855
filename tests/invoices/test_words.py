"""An invoice in the customer's words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.invoices import words
from billing.invoices.content import Tax
from tests.invoices.april import (
    APRIL,
    BASE,
    CREDIT_NOTE,
    DOCUMENTS,
    DRAFT,
    LABELS,
    MARCH,
    PAYMENTS,
    SLA,
    step,
)

pytestmark = pytest.mark.pure

D = Decimal


@pytest.mark.parametrize(
    ("content", "headline", "lead"),
    [
        (APRIL, "Invoice 2026-0042", "$1,052.88 to pay by 1 June 2026"),
        (DRAFT, "Draft invoice", "$1,052.88 to pay"),
        (CREDIT_NOTE, "Credit note 2026-0043", "$66.98 given back of invoice 2026-0042"),
        (
            replace(CREDIT_NOTE, number=None, corrects=""),
            "Draft credit note",
            "$66.98 given back",
        ),
        (replace(APRIL, due=D(0)), "Invoice 2026-0042", "Nothing to pay"),
        (
            replace(APRIL, total=D("-50.00"), due=D(0)),
            "Invoice 2026-0042",
            "Nothing to pay; $50.00 stays as a credit for later invoices",
        ),
    ],
)
def test_the_head_says_what_it_is_and_what_is_to_pay(content, headline, lead):
    assert words.headline(content) == headline
    assert words.lead(content) == lead


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        (date(2026, 4, 1), date(2026, 5, 1), "April 2026"),
        (date(2024, 2, 1), date(2024, 3, 1), "February 2024"),
        (date(2026, 12, 1), date(2027, 1, 1), "December 2026"),
        (date(2026, 4, 10), date(2026, 5, 1), "10–30 April 2026"),
        (date(2026, 4, 1), date(2026, 4, 30), "1–29 April 2026"),
        (date(2026, 4, 1), date(2026, 4, 2), "1 April 2026"),
        (date(2026, 3, 28), date(2026, 4, 4), "28 March – 3 April 2026"),
        (date(2026, 12, 31), date(2027, 1, 2), "31 December 2026 – 1 January 2027"),
    ],
)
def test_when_it_was_done_is_said_with_the_last_day_in_it(begins, ends, said):
    assert words.service(replace(BASE, begins=begins, ends=ends)) == said


def test_what_is_counted_is_said_in_its_unit():
    assert words.counted(LABELS) == "1,234.5 labels"
    assert words.counted(replace(LABELS, unit="")) == "1,234.5"
    assert words.counted(BASE) == ""


def test_one_price_is_told_where_quantity_times_price_is_all():
    assert words.one_price(LABELS) == D("0.05")
    assert words.one_price(replace(LABELS, steps=())) == D("0.05")
    volume = replace(LABELS, steps=(step("units", "1234.5", "0.05", "61.725", 1000),))
    with_flat = replace(LABELS, steps=(*LABELS.steps, step("flat", 1, "10", "10", 0)))
    others = (DOCUMENTS, PAYMENTS, MARCH, BASE, volume, with_flat)
    assert [words.one_price(one) for one in others] == [None] * 6


def test_what_a_row_does_not_say_is_explained():
    part = replace(BASE, gross=D("266.67"), steps=(step("flat", 1, "500", "266.67"),))
    flat_tier = replace(BASE, steps=(step("flat", 1, "500", "500", 0),))
    assert [words.needs_explaining(one) for one in (LABELS, BASE, SLA)] == [False] * 3
    assert all(map(words.needs_explaining, (DOCUMENTS, PAYMENTS, MARCH, part, flat_tier)))


def test_a_line_is_explained_down_to_its_amount():
    assert words.explained(DOCUMENTS, "USD") == (
        "100 × 1.00 = 100.00, the first 100",
        "100 × 0.50 = 50.00, from 101 to 200",
        "50 × 0.10 = 5.00, above 200",
        "Together 155.00",
        "155.00 − 15.50 discount = 139.50",
    )


def test_what_was_rounded_is_told():
    assert words.together(PAYMENTS, "USD") == "Together 410.532, rounded to 410.53"
    assert words.together(LABELS, "USD") == "61.725, rounded to 61.73"
    assert words.together(BASE, "USD") == ""
    assert words.together(SLA, "USD") == ""
    assert words.together(PAYMENTS, "JPY") == "Together 410.532, rounded to 411"


def test_a_correction_says_what_was_billed_before():
    assert words.changed(MARCH, "USD") == (
        "Now 162.00 for March 2026; 150.00 was billed before, so 12.00 more"
    )
    less = replace(MARCH, before=D("162.00"), amount=D("-12.00"))
    assert words.changed(less, "USD").endswith("162.00 was billed before, so 12.00 less")
    assert words.changed(BASE, "USD") == ""
    assert words.detail(MARCH) == "Correction: documents that were reported late"
    assert words.detail(replace(MARCH, detail="")) == "Correction"
    assert words.detail(BASE) == "charged in advance"


def tax(treatment, name="VAT", percent="20"):
    return words.tax(Tax(treatment, name, D(percent), D("1000.00"), D(0)), "EUR")


def test_the_state_of_tax_is_told():
    assert tax("standard") == "VAT, 20 % of €1,000.00"
    assert tax("standard", name="") == "Tax, 20 % of €1,000.00"
    assert tax("reverse_charge") == "Reverse charge: no VAT is charged"
    assert tax("exempt") == "Exempt from VAT"
    assert tax("none", name="") == "No tax"


def test_a_credit_tells_what_is_left_of_it():
    (welcome,) = APRIL.credits
    assert words.credit_used(welcome) == "Paid with Welcome credit"
    assert words.credit_left(welcome, "USD") == "$40.00 left until 31 December 2026"
    assert words.credit_left(replace(welcome, expires=None), "USD") == "$40.00 left"
    assert words.credit_left(replace(welcome, left=D(0)), "USD") == "used up"


@pytest.mark.parametrize(
    ("quantity", "one", "said"),
    [
        ("1", "document", "document"), ("0", "document", "documents"), ("1.5", "minute", "minutes"),
        ("2", "availability", "availabilities"), ("2", "GB", "GB"), ("2", "documents", "documents"),
        ("2", "", ""),
    ],
)  # fmt: skip
def test_a_unit_follows_its_quantity(quantity: str, one: str, said: str) -> None:
    assert words.units(Decimal(quantity), one) == said
