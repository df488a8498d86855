"""What broken promises give back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.statements.content import Step
from monitoring.statements.credit import Agreement, Breach, propose, used_by_us
from tests.statements.april import CUT_OFF, LATENCY, LOST, STOCK

pytestmark = pytest.mark.pure

TERMS = Agreement(
    fee=Decimal("3060.00"), currency="USD", cap=Decimal(20),
    steps=(Step(Decimal(100), Decimal(2)), Step(Decimal(200), Decimal(5)), Step(Decimal(400), Decimal(10))),
)  # fmt: skip


def ours(promise, misses):
    return replace(promise, misses=Decimal(misses), misses_ours=Decimal(misses))


def proposed(*breaches, terms=TERMS):
    found = propose([Breach(*one) for one in breaches], terms)
    return (
        found.percent,
        found.amount,
        [(line.key, line.percent, line.amount) for line in found.lines],
    )


def test_two_percent_of_the_fee_is_given_back():
    # 596 minutes of 432 allowed, all ours: 138 %; 3,060.00 × 2 % = 61.20
    assert proposed((ours(STOCK, 596), "C-1")) == (
        2, Decimal("61.20"), [("stock", Decimal(2), Decimal("61.20"))],
    )  # fmt: skip


def test_what_others_missed_gives_nothing_back():
    assert proposed((STOCK, "C-1")) == (0, Decimal(0), [])  # 203 of 432 were ours: 47 %


@pytest.mark.parametrize(
    ("misses", "percent"), [(8, 0), (9, 2), (16, 2), (17, 5), (32, 5), (33, 10), (400, 10)]
)
def test_the_further_over_the_more(misses, percent):
    assert proposed((ours(CUT_OFF, misses), ""))[0] == percent  # 8 orders may be late


def test_one_cause_is_paid_for_once():
    found = propose([Breach(ours(CUT_OFF, 9), "C-7"), Breach(ours(STOCK, 900), "C-7")], TERMS)
    assert (found.percent, found.amount) == (5, Decimal("153.00"))  # 3,060.00 × 5 %
    assert [(line.amount, line.dropped) for line in found.lines] == [
        (Decimal(0), f"the same cause as {STOCK.name}"), (Decimal("153.00"), ""),
    ]  # fmt: skip


def test_unlike_causes_add_up():
    assert proposed((ours(CUT_OFF, 9), "C-7"), (ours(STOCK, 900), "C-8"))[:2] == (
        7,
        Decimal("214.20"),
    )


def test_unknown_causes_are_not_taken_for_one():
    assert proposed((ours(CUT_OFF, 9), ""), (ours(STOCK, 900), ""))[0] == 7


def test_more_than_the_cap_is_not_given():
    every = [(ours(one, 9999), one.key) for one in (STOCK, CUT_OFF, LATENCY)]
    assert proposed(*every)[:2] == (20, Decimal("612.00"))  # 30 % asked, 20 % of 3,060.00


def test_without_a_fee_there_are_shares_and_no_amounts():
    assert proposed((ours(STOCK, 596), "C-1"), terms=replace(TERMS, fee=None)) == (
        2, None, [("stock", Decimal(2), None)],
    )  # fmt: skip


def test_where_nothing_may_be_lost_one_document_is_200_percent():
    assert used_by_us(LOST) == 0
    assert used_by_us(ours(replace(LOST, allowed=Decimal(0)), 1)) == 200


@given(st.lists(st.tuples(st.sampled_from([STOCK, CUT_OFF, LATENCY]), st.integers(0, 5000),
                          st.sampled_from(["", "C-1", "C-2"])), max_size=6))  # fmt: skip
def test_the_lines_add_up_to_the_credit_which_is_never_above_the_cap(breaches):
    found = propose([Breach(ours(one, misses), cause) for one, misses, cause in breaches], TERMS)
    assert sum(line.amount for line in found.lines) == found.amount
    assert 0 <= found.amount <= Decimal("612.00")
    assert found.percent <= found.cap
