"""From lines to what is to pay: no cent is lost on the way, and nobody owes less than nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices.content import CreditUsed, Tax
from billing.plans.fees import fees
from billing.plans.lines import Owed, line_of
from billing.plans.totals import CreditLeft, TaxTerms, totals
from portal.core.money import round_money
from tests.plans.scenery import APRIL, fixed, plan, term

TODAY = date(2026, 5, 4)
VAT = TaxTerms("standard", "VAT", Decimal(19))


def line(amount, key=7):
    of = term(plan(fixed()), key=key)
    (fee,) = fees(of, APRIL)
    found = line_of(Owed(of, APRIL, fee), unit="")
    return replace(found, gross=Decimal(amount), amount=Decimal(amount))


def credit(key, left, expires=None, *, before_tax=False):
    day = expires and date.fromisoformat(expires)
    return CreditLeft(key, f"Credit {key}", Decimal(left), day, before_tax)


def total(*amounts, tax=VAT, held=(), currency="EUR"):
    return totals(
        [line(amount, key) for key, amount in enumerate(amounts)],
        currency=currency, tax=tax, credits_left=held, on=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "percent", "currency", "expected"),
    [
        (["100.00"], "19", "EUR", ("100.00", "19.00", "119.00")),
        (["0.13"], "19", "EUR", ("0.13", "0.02", "0.15")),  # 0.0247
        (["0.10", "0.10", "0.10"], "19", "EUR", ("0.30", "0.06", "0.36")),  # 0.057, not 3 × 0.02
        (["0.50"], "5", "EUR", ("0.50", "0.03", "0.53")),  # 0.025 is half a cent, up
        (["105"], "10", "JPY", ("105", "11", "116")),  # 10.5
        (["1.234"], "5", "KWD", ("1.234", "0.062", "1.296")),  # 0.0617
        (["100.00", "-30.00"], "19", "EUR", ("70.00", "13.30", "83.30")),
        (["100.00"], "0", "EUR", ("100.00", "0.00", "100.00")),
        ([], "19", "EUR", ("0", "0.00", "0.00")),
    ],
)
def test_tax_is_rounded_once(amounts, percent, currency, expected):
    tax = VAT._replace(percent=Decimal(percent))
    found = total(*amounts, tax=tax, currency=currency)
    assert (str(found.net), str(found.tax.amount), str(found.total)) == expected
    assert (found.due, found.carried) == (found.total, 0)


@pytest.mark.parametrize("treatment", ["reverse_charge", "exempt", "none"])
def test_where_no_tax_is_due_the_note_says_why(treatment):
    found = total("100.00", tax=TaxTerms(treatment, "VAT", Decimal(19), "Article 196."))
    assert found.tax == Tax(
        treatment, "VAT", Decimal(0), Decimal("100.00"), Decimal(0), "Article 196."
    )
    assert found.due == 100


def test_what_expires_first_is_used_first_then_the_oldest():
    held = [
        credit(1, "20"),
        credit(2, "20", "2026-06-30"),
        credit(3, "20", "2026-05-31"),
        credit(4, "20", "2026-05-03"),  # yesterday
        credit(5, "20", "2026-05-04"),  # today
        credit(6, "0"),
        credit(0, "20", "2026-06-30"),
    ]
    found = total("60.00", held=held)  # 71.40 with tax
    assert found.used == ((5, 20), (3, 20), (0, 20), (2, Decimal("11.40")))
    assert found.credits[0] == CreditUsed("Credit 5", Decimal(20), Decimal(0), TODAY)
    assert found.credits[3] == CreditUsed(
        "Credit 2", Decimal("11.40"), Decimal("8.60"), date(2026, 6, 30)
    )
    assert (found.total, found.due) == (Decimal("71.40"), 0)


def test_a_credit_of_a_missed_promise_lowers_the_tax():
    held = [credit(1, "50"), credit(2, "10", before_tax=True)]
    found = total("100.00", held=held)
    last = found.lines[-1]
    assert (last.key, last.origin, last.name, last.amount) == (
        "credit/2", "sla_credit", "Credit 2", -10,
    )  # fmt: skip
    assert (last.service, last.begins, last.ends) == ("2026-05", TODAY, TODAY)
    # 90 + 17.10 − 50
    assert (found.net, found.tax.base, found.total, found.due) == (
        90, 90, Decimal("107.10"), Decimal("57.10"),
    )  # fmt: skip
    assert found.used == ((2, 10), (1, 50))
    assert [one.name for one in found.credits] == ["Credit 1"]


def test_credits_of_missed_promises_take_nothing_below_0():
    found = total("15.00", held=[credit(n, "10", before_tax=True) for n in (1, 2, 3)])
    assert found.used == ((1, 10), (2, 5))
    assert (found.net, found.total, found.due, found.carried) == (0, 0, 0, 0)


def test_a_total_below_0_is_carried_on():
    found = total("-100.00", held=[credit(1, "50"), credit(2, "5", before_tax=True)])
    assert (found.net, found.tax.amount, found.total) == (-100, -19, -119)
    assert (found.due, found.carried, found.used) == (0, 119, ())


def test_amounts_finer_than_the_currency_are_refused():
    with pytest.raises(ValueError, match=r"0/2026-04/base is 0.001, which is not in whole units"):
        total("0.001")
    with pytest.raises(ValueError, match=r"Credit 1 is 0.5, which is not in whole units of JPY"):
        total("5", currency="JPY", held=[credit(1, "0.5")])


money = st.decimals(-5000, 5000, places=2)
credits_left = st.lists(
    st.builds(
        credit,
        st.integers(1, 99),
        st.decimals(0, 3000, places=2),
        st.none() | st.dates(date(2026, 4, 20), date(2026, 5, 20)).map(date.isoformat),
        before_tax=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda one: one.key,
)


@given(st.lists(money, max_size=4), credits_left, st.decimals(0, 30, places=2))
def test_totals_lose_no_cent(amounts, held, percent):
    found = total(*amounts, held=held, tax=VAT._replace(percent=percent))
    paid = sum((one.amount for one in found.credits), Decimal(0))
    assert found.net + found.tax.amount - paid == found.due - found.carried
    assert found.net == sum((one.amount for one in found.lines), Decimal(0))
    assert found.tax.amount == round_money(found.net * percent / 100, "EUR")
    lowered = sum(amounts, Decimal(0)) - found.net
    assert sum((amount for _, amount in found.used), Decimal(0)) == paid + lowered
    assert found.due >= 0
    assert found.carried >= 0
    assert not (found.due and found.carried)


@given(st.lists(money, max_size=4), credits_left)
def test_who_still_has_credit_has_nothing_to_pay(amounts, held):
    found = total(*amounts, held=held)
    used = dict(found.used)
    left = {one.key: one.left - used.get(one.key, 0) for one in held}
    assert min(left.values(), default=0) >= 0
    for one in held:
        if one.expires and one.expires < TODAY:
            assert one.key not in used
        elif left[one.key] and not one.before_tax:
            assert found.due == 0
