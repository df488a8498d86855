"""What broken promises give back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.statements.content import Step
from monitoring.statements.credit import Agreement, propose
from tests.statements.april import CUT_OFF, LATENCY, LOST, MISSES, STOCK

pytestmark = pytest.mark.pure

TERMS = Agreement(
    fee=Decimal("3060.00"), currency="USD", cap=Decimal(20),
    steps=(Step(Decimal(100), Decimal(2)), Step(Decimal(200), Decimal(5)), Step(Decimal(400), Decimal(10))),
)  # fmt: skip
STOCK_ALONE = replace(STOCK, target=Decimal(99))  # 43,200 minutes, of which 432 may be missed


def missed(promise, ours, case="C-1"):
    """A broken promise, and the one miss that broke it."""
    amount = Decimal(ours)
    miss = replace(
        MISSES[1],
        key=f"{promise.key}-{case}",
        promise=promise.key,
        weight=amount,
        ours=amount,
        case=case,
    )
    return replace(promise, standing="missed"), miss


def proposed(*broken, terms=TERMS):
    found = propose([promise for promise, _ in broken], [miss for _, miss in broken], terms)
    return found.percent, found.amount, [(one.key, one.percent, one.amount) for one in found.lines]


def test_two_percent_of_the_fee_is_given_back():
    # 596 minutes of 432 allowed, all ours; 3,060.00 × 2 % = 61.20
    assert proposed(missed(STOCK_ALONE, 596)) == (
        2, Decimal("61.20"), [("stock", Decimal(2), Decimal("61.20"))],
    )  # fmt: skip


def test_what_others_missed_gives_nothing_back():
    # 596 minutes of 432 allowed; 203 of them were ours
    assert propose([STOCK_ALONE], MISSES, TERMS).lines == ()


@pytest.mark.parametrize(
    ("misses", "percent"), [(8, 0), (9, 2), (16, 2), (17, 5), (32, 5), (33, 10), (400, 10)]
)
def test_the_further_over_the_more(misses, percent):
    assert proposed(missed(CUT_OFF, misses))[0] == percent  # 2 % of 412 orders are 8.24


def test_a_kept_promise_gives_nothing_back():
    promise, miss = missed(CUT_OFF, 9)
    assert propose([replace(promise, standing="kept")], [miss], TERMS).percent == 0


def test_one_cause_is_paid_for_once():
    broken = [missed(CUT_OFF, 9, "C-7"), missed(STOCK_ALONE, 900, "C-7")]
    found = propose([one for one, _ in broken], [miss for _, miss in broken], TERMS)
    assert (found.percent, found.amount) == (5, Decimal("153.00"))  # 3,060.00 × 5 %
    assert [(one.key, one.amount, one.dropped) for one in found.lines] == [
        ("stock", Decimal("153.00"), ""),
        ("cut-off", Decimal(0), f"the same cause as {STOCK.name}"),
    ]


def test_unlike_causes_add_up():
    assert proposed(missed(CUT_OFF, 9, "C-7"), missed(STOCK_ALONE, 900, "C-8"))[:2] == (
        7, Decimal("214.20"),
    )  # fmt: skip


def test_unknown_causes_are_not_taken_for_one():
    assert proposed(missed(CUT_OFF, 9, ""), missed(STOCK_ALONE, 900, ""))[0] == 7


def test_more_than_the_cap_is_not_given():
    every = [
        missed(STOCK_ALONE, 9999, "C-1"), missed(CUT_OFF, 300, "C-2"), missed(LATENCY, 19, "C-3"),
    ]  # fmt: skip
    assert proposed(*every)[:2] == (20, Decimal("612.00"))  # 30 % asked, 20 % of 3,060.00


def test_without_a_fee_there_are_shares_and_no_amounts():
    assert proposed(missed(STOCK_ALONE, 596), terms=replace(TERMS, fee=None)) == (
        2, None, [("stock", Decimal(2), None)],
    )  # fmt: skip


def test_one_lost_document_is_as_far_over_as_can_be():
    assert proposed(missed(LOST, 1))[0] == 10


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.sampled_from(["", "C-1", "C-2"])), min_size=3, max_size=3
    )
)
def test_the_lines_add_up_to_the_credit_which_is_never_above_the_cap(parts):
    broken = [
        missed(promise, ours, case)
        for promise, (ours, case) in zip((STOCK_ALONE, CUT_OFF, LATENCY), parts, strict=True)
    ]
    found = propose([one for one, _ in broken], [miss for _, miss in broken], TERMS)
    assert sum(one.amount for one in found.lines) == found.amount
    assert 0 <= found.amount <= Decimal("612.00")
    assert found.percent <= found.cap
