"""What an invoice bills: everything that is owed, once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.plans.fees import fees
from billing.plans.lines import Owed
from billing.plans.month import month
from billing.plans.owed import due_lines
from billing.plans.term import Discount
from tests.plans.books import Books
from tests.plans.scenery import APRIL, MAY, TIERS, fixed, metered, plan, term

MARCH, JUNE = month("2026-03"), month("2026-06")
BOTH = plan(metered(), fixed(due="advance"))


def books(content=BOTH, **more):
    return Books(term(content, begins="2026-04-01", **more))


def told(invoice):
    return [(line.key, line.origin, str(line.amount)) for line in invoice.lines]


def test_a_first_invoice_bills_its_month_and_the_next_one_in_advance():
    kept = books()
    kept.usage[7, "2026-04", "documents"] = Decimal(100)
    kept.usage[7, "2026-05", "documents"] = Decimal(30)  # left to May's
    assert told(kept.invoice(APRIL)) == [
        ("7/2026-04/documents", "charge", "10.00"),
        ("7/2026-04/base", "charge", "310.00"),
        ("7/2026-05/base", "charge", "310.00"),
    ]


def test_what_was_billed_in_advance_is_not_billed_again():
    kept = books()
    kept.invoice(APRIL)
    assert told(kept.invoice(MAY)) == [
        ("7/2026-05/documents", "charge", "0.00"),  # what is free is said
        ("7/2026-06/base", "charge", "310.00"),
    ]
    assert told(kept.invoice(MAY)) == []


def test_usage_that_comes_late_is_an_adjustment():
    kept = books(plan(metered(included="50", price="0.333")))
    kept.usage[7, "2026-04", "documents"] = Decimal(100)
    kept.invoice(APRIL)
    kept.usage[7, "2026-04", "documents"] = Decimal(120)
    first, second = kept.invoice(MAY).lines
    assert (first.key, first.origin, first.service) == (
        "7/2026-04/documents", "adjustment", "2026-04",
    )  # fmt: skip
    assert (first.before, first.amount) == (Decimal("16.65"), Decimal("6.66"))  # 50, 70 × 0.333
    assert (first.gross, first.discount) == (first.amount, 0)
    assert (first.quantity, first.unit_amount) == (None, None)
    assert [(step.kind, str(step.amount)) for step in first.steps] == [
        ("free", "0"), ("units", "23.310"), ("billed", "-16.65"),
    ]  # fmt: skip
    assert first.detail == (
        "50 are included. 23.31 is owed by what is known now, and 16.65 was billed before."
    )
    assert (second.key, second.origin, second.before) == ("7/2026-05/documents", "charge", None)


def test_an_adjustment_of_what_has_a_discount_takes_it_off_in_its_steps():
    kept = books(plan(metered()))
    kept.discounts[7, "2026-04"] = (Discount("Launch", percent=Decimal(10)),)
    kept.usage[7, "2026-04", "documents"] = Decimal(100)
    kept.invoice(APRIL)  # 10 − 1
    kept.usage[7, "2026-04", "documents"] = Decimal(200)
    line = kept.invoice(MAY).lines[0]
    assert (line.before, line.gross, line.discount, line.amount) == (9, 9, 0, 9)  # 20 − 2 − 9
    assert [(step.kind, step.amount) for step in line.steps] == [
        ("units", 20), ("discount", -2), ("billed", -9),
    ]  # fmt: skip


def test_what_is_amended_away_is_given_back():
    kept = books(plan(metered()))
    kept.usage[7, "2026-04", "documents"] = Decimal(100)
    kept.invoice(APRIL)
    kept.usage[7, "2026-04", "documents"] = Decimal(40)
    assert told(kept.invoice(MAY))[0] == ("7/2026-04/documents", "adjustment", "-6.00")


def test_a_month_that_nobody_billed_is_billed_late():
    kept = books()
    assert told(kept.invoice(MAY)) == [
        ("7/2026-04/base", "charge", "310.00"),  # a fee of 0 of April is not told of any more
        ("7/2026-05/documents", "charge", "0.00"),
        ("7/2026-05/base", "charge", "310.00"),
        ("7/2026-06/base", "charge", "310.00"),
    ]


def test_an_early_end_gives_back_what_was_billed_in_advance():
    kept = books()
    kept.invoice(APRIL)
    kept.end(7, date(2026, 5, 17))
    assert told(kept.invoice(MAY)) == [
        ("7/2026-05/documents", "charge", "0.00"),
        ("7/2026-05/base", "adjustment", "-150.00"),  # 310 × 15 ÷ 31
    ]
    kept.end(7, date(2026, 5, 1))
    (line,) = kept.invoice(JUNE).lines
    assert (line.key, line.amount, line.before) == ("7/2026-05/base", -160, 160)
    assert (line.name, line.plan, line.version, line.charge) == ("Base", "Standard", 2, "base")
    assert (line.begins, line.ends) == (date(2026, 5, 1), date(2026, 6, 1))
    assert line.detail == "0 is owed by what is known now, and 160.00 was billed before."
    assert kept.invoice(JUNE).lines == ()


def test_a_commitment_shrinks_when_usage_comes_late():
    kept = books(plan(metered(), commitment="50"))
    kept.usage[7, "2026-04", "documents"] = Decimal(200)
    assert told(kept.invoice(APRIL)) == [
        ("7/2026-04/documents", "charge", "20.00"),
        ("7/2026-04/#commitment", "commitment", "30.00"),
    ]
    kept.usage[7, "2026-04", "documents"] = Decimal(600)
    kept.end(7, date(2026, 5, 1))
    assert told(kept.invoice(MAY)) == [
        ("7/2026-04/documents", "adjustment", "40.00"),
        ("7/2026-04/#commitment", "adjustment", "-30.00"),
    ]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("base", "Base"),
        ("#commitment", "Minimum commitment"),
        ("#cap", "Monthly cap"),
        ("#discount/1", "Discount"),
        ("gone", "gone"),
    ],
)
def test_what_is_owed_no_more_has_a_name(key, name):
    billed = {(7, "2026-04", key): Decimal(5)}
    (line,) = due_lines([], billed, APRIL, known=[term(BOTH)])
    assert (line.name, line.amount, line.key) == (name, -5, f"7/2026-04/{key}")


def test_what_is_of_nobody_we_know_is_given_back_all_the_same():
    (line,) = due_lines([], {(8, "2026-04", "base"): Decimal(5)}, APRIL)
    assert (line.name, line.plan, line.version, line.amount) == ("base", "", 0, -5)


def test_months_after_the_invoice_are_left_alone():
    billed = {(7, "2026-05", "documents"): Decimal(5), (7, "2026-06", "base"): Decimal(5)}
    assert due_lines([], billed, APRIL, known=[term(BOTH)]) == ()
    of = term(BOTH)
    owed = [Owed(of, each, fee) for each in (MAY, JUNE) for fee in fees(of, each)]
    assert [line.key for line in due_lines(owed, {}, APRIL)] == ["7/2026-05/base"]


def test_lines_stand_by_month_then_subscription_then_place_in_the_plan():
    kept = Books(*(term(plan(metered("z"), fixed("a")), key=key) for key in (12, 3)))
    kept.discounts[3, "2026-02"] = (Discount("Off", amount=Decimal(1)),)
    for key in (12, 3):
        kept.usage[key, "2026-01", "z"] = Decimal(10)
    keys = [line.key for line in kept.invoice(month("2026-02")).lines]
    assert keys == [
        "3/2026-01/z", "3/2026-01/a", "12/2026-01/z", "12/2026-01/a",
        "3/2026-02/z", "3/2026-02/a", "3/2026-02/#discount/0", "12/2026-02/z", "12/2026-02/a",
    ]  # fmt: skip


def test_a_line_has_the_unit_of_its_metric():
    of = term(BOTH)
    owed = [Owed(of, APRIL, fee) for fee in fees(of, APRIL)]
    lines = due_lines(owed, {}, APRIL, units={"documents": "documents"})
    assert [line.unit for line in lines] == ["documents", ""]


def test_a_fee_that_is_owed_twice_is_refused():
    of = term(BOTH)
    owed = [Owed(of, APRIL, fee) for fee in fees(of, APRIL)]
    with pytest.raises(ValueError, match="7/2026-04/documents is owed twice"):
        due_lines([*owed, owed[0]], {}, APRIL)


def test_two_currencies_make_no_invoice():
    terms = [term(BOTH), term(replace(BOTH, currency="USD"), key=8)]
    owed = [Owed(of, APRIL, fee) for of in terms for fee in fees(of, APRIL)]
    with pytest.raises(ValueError, match="An invoice is in one currency"):
        due_lines(owed, {}, APRIL)


PLANS = [
    plan(metered(included="20"), fixed(due="advance"), fixed("setup", "99", once=True)),
    plan(
        metered(model="volume", terms={"tiers": TIERS}, minimum="3"),
        fixed(amount="77.77", ramp=[{"months": 2, "terms": {"amount": "10"}}]),
        commitment="90",
        cap="140",
        trial_days=10,
    ),
    plan(fixed(amount="19.99", due="advance", prorated=False)),
]
keys = st.integers(7, 9)
in_months = st.sampled_from([month(f"2026-0{number}") for number in range(1, 6)])
days = st.dates(date(2026, 1, 1), date(2026, 6, 15))
happenings = st.one_of(
    st.tuples(st.just("use"), keys, in_months, st.integers(-50, 300)),
    st.tuples(st.just("end"), keys, days),
    st.tuples(st.just("change"), keys, days, st.sampled_from(PLANS)),
    st.tuples(st.just("discount"), keys, in_months, st.integers(0, 120)),
    st.tuples(st.just("invoice"), in_months),
    st.tuples(st.just("void"), st.integers(0, 9)),
    st.tuples(st.just("give back"), st.integers(0, 9), st.integers(1, 50)),
)


def happen(kept, what, *how):
    if what == "use" and how[0] in kept.terms:
        key, of, quantity = how
        at = (key, of.key, "documents")
        kept.usage[at] = max(kept.usage[at] + quantity, Decimal(0))
    elif what == "end" and how[0] in kept.terms:
        kept.end(*how)
    elif what == "change" and how[0] in kept.terms:
        kept.change(*how)
    elif what == "discount":
        key, of, amount = how
        some = (Discount("Some", percent=Decimal(amount)), Discount("Off", amount=Decimal(7)))
        kept.discounts[key, of.key] = some[: 1 + amount % 2]
    elif what == "invoice":
        kept.invoice(*how)
    elif what == "void" and kept.invoices:
        kept.invoices[how[0] % len(kept.invoices)].stands = False
    elif what == "give back" and kept.invoices:
        number, amount = how
        invoice = kept.invoices[number % len(kept.invoices)]
        for line in invoice.lines[:1]:
            invoice.given_back[line.subscription, line.service, line.key.split("/", 2)[2]] += amount


@settings(max_examples=300, deadline=None)
@given(st.lists(happenings, max_size=14), st.sampled_from(PLANS))
def test_all_invoices_together_bill_what_is_owed_whatever_came_when(given_happenings, first):
    kept = Books(term(first, begins="2026-01-10"))
    for what, *how in given_happenings:
        happen(kept, what, *how)
    kept.invoice(JUNE)
    standing = [invoice for invoice in kept.invoices if invoice.stands]
    paid = sum((invoice.amount for invoice in standing), Decimal(0))
    paid -= sum((sum(invoice.given_back.values()) for invoice in standing), Decimal(0))
    july = month("2026-07")
    owed = [one.fee for one in kept.owed(JUNE) if one.month != july or one.fee.due == "advance"]
    assert paid == sum((fee.amount for fee in owed), Decimal(0))
    assert kept.invoice(JUNE).lines == ()


@settings(deadline=None)
@given(st.lists(happenings, max_size=14), in_months)
def test_every_line_adds_up_and_stands_once(given_happenings, of):
    kept = Books(term(PLANS[1], begins="2026-01-10"))
    for what, *how in given_happenings:
        happen(kept, what, *how)
    lines = kept.invoice(of).lines
    assert len({line.key for line in lines}) == len(lines)
    for line in lines:
        assert line.gross - line.discount == line.amount
        assert round(sum((step.amount for step in line.steps), Decimal(0)), 2) == round(
            line.gross, 2
        )
