"""What is given back, and one cause once."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.slo.credits import Breach, Step, Table, proposed, table_problems

pytestmark = pytest.mark.pure

STEPS = (
    Step(Decimal("0.99"), Decimal(2)),
    Step(Decimal("0.98"), Decimal(5)),
    Step(Decimal("0.95"), Decimal(10)),
)
TABLE = Table(STEPS, cap=Decimal(10))
TABLES = {"stock": TABLE, "orders": TABLE}
CAP = Decimal(15)


def breach(promise, total, **by_cause):
    return Breach(promise, Fraction(total), {cause: Fraction(n) for cause, n in by_cause.items()})


def given_back(*breaches, cap=CAP):
    return proposed(breaches, TABLES, cap=cap)


@pytest.mark.parametrize(
    ("missed", "percent"), [(9, 0), (10, 0), (11, 2), (20, 2), (21, 5), (51, 10), (1000, 10)]
)
def test_the_lowest_step_that_fits_counts(missed, percent):
    assert given_back(breach("stock", 1000, a=missed)).percent == percent


def test_one_cause_is_paid_for_once_under_the_promise_that_pays_more():
    found = given_back(breach("stock", 1000, outage=21), breach("orders", 1000, outage=11))
    assert [(line.promise, line.percent, line.paid_under) for line in found.lines] == [
        ("stock", 5, ""), ("orders", 0, "stock"),
    ]  # fmt: skip
    assert found.percent == 5


def test_what_other_causes_broke_is_paid_for_by_itself():
    found = given_back(breach("stock", 1000, outage=51), breach("orders", 1000, outage=30, typo=11))
    assert [(line.promise, line.percent, line.causes) for line in found.lines] == [
        ("stock", 10, {"outage"}), ("orders", 2, {"typo"}),  # 11 of 1,000 alone: 98.9 %
    ]  # fmt: skip


def test_all_together_is_capped():
    found = given_back(breach("stock", 1000, a=51), breach("orders", 1000, b=51))
    assert (found.percent, found.capped) == (15, True)  # of 10 + 10


def test_a_promise_without_a_table_gives_nothing_back():
    assert proposed([breach("edi", 100, a=50)], TABLES, cap=CAP).lines == ()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (TABLE._replace(cap=Decimal(31)), "The cap is above 0 and at most 30 % of the fee."),
        (TABLE._replace(steps=()), "A table has at least one step."),
        (TABLE._replace(steps=(Step(Decimal("99.5"), Decimal(2)),)),
         "A step is below a share above 0 and at most 1, not 99.5."),
        (TABLE._replace(steps=(Step(Decimal("0.9"), Decimal(0)),)),
         "A step gives back more than 0 and at most 100 %, not 0."),
    ],
)  # fmt: skip
def test_a_table_nobody_can_go_by_says_what_is_wrong(table, sentence):
    assert sentence in [*table_problems(table)]
    assert [*table_problems(TABLE)] == []


causes = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 60).map(Fraction), min_size=1)


@given(causes, causes)
def test_no_cause_is_paid_for_twice_and_the_cap_holds(one, other):
    found = proposed(
        [Breach("stock", Fraction(1000), one), Breach("orders", Fraction(1000), other)],
        TABLES,
        cap=CAP,
    )
    paid = [cause for line in found.lines for cause in line.causes]
    assert len(paid) == len(set(paid))
    assert found.percent <= CAP
    assert {line.promise for line in found.lines} == {"stock", "orders"}
