"""What it was worth that somebody mended things."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.statements.content import Amount, Without
from monitoring.statements.saving import Save, delivered, without
from tests.statements.april import CUT_OFF, STOCK, at

pytestmark = pytest.mark.pure


def save(number="SO-1", minutes=11, left=30, **more):
    """An order mended `minutes` after its case opened, `left` minutes before its cut-off."""
    released = at(2) + timedelta(minutes=minutes)
    known = {
        "number": number, "amount": Decimal("100.00"), "currency": "USD", "opened_at": at(2),
        "released_at": released, "cutoff_at": released + timedelta(minutes=left), "case": "C-1",
        "by_rule": False, "evidence": f"item {number}", "promise": "cut-off",
    }  # fmt: skip
    return Save(**(known | more))


def test_orders_their_worth_and_the_middle_time_are_told():
    value = delivered(
        [save("SO-1", 4), save("SO-2", 11), save("SO-3", 90, by_rule=True, case="C-2")]
    )
    assert (value.orders, value.by_rule, value.cases) == (3, 1, 2)
    assert value.worth == (Amount("USD", Decimal("300.00")),)
    assert value.median_minutes == Decimal("11.0")
    assert value.evidence == ("item SO-1", "item SO-2", "item SO-3")


def test_of_an_even_number_the_median_lies_between():
    assert delivered([save("A", 10), save("B", 13)]).median_minutes == Decimal(
        "11.5"
    )  # (10 + 13) / 2


def test_what_was_let_go_after_its_cut_off_was_not_saved():
    value = delivered([save(left=-1), save("SO-2", left=0)])
    assert value.evidence == ("item SO-2",)


def test_nothing_saved_has_no_median():
    value = delivered([])
    assert (value.orders, value.median_minutes, value.worth) == (0, None, ())


def test_currencies_are_not_added_up_and_unknown_amounts_not_invented():
    value = delivered(
        [save("A"), save("B", currency="EUR", amount=Decimal(900)), save("C", amount=None)]
    )
    assert value.orders == 3
    assert value.worth == (Amount("EUR", Decimal(900)), Amount("USD", Decimal("100.00")))


def test_the_promise_is_told_as_it_would_have_been():
    # 412 orders, 3 late; 312 more would have been: 97 of 412 in time are 23.54 %
    saves = [save(f"SO-{n}") for n in range(312)]
    assert without([CUT_OFF, STOCK], saves) == (
        Without("cut-off", CUT_OFF.name, Decimal(315), Decimal("23.54"), "missed"),
    )


def test_a_promise_that_would_have_been_kept_anyway_says_so():
    # 3 + 5 of 412 late: 404 / 412 = 98.058 %, target 98
    (one,) = without([CUT_OFF], [save(f"SO-{n}") for n in range(5)])
    assert (one.actual, one.standing) == (Decimal("98.06"), "kept")


def test_orders_of_no_promise_change_none():
    assert without([CUT_OFF], [save(promise="")]) == ()
    assert without([replace(CUT_OFF, population=Decimal(0))], [save()]) == ()


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(-60, 60)), max_size=30))
def test_the_order_in_which_saves_are_found_does_not_count(times):
    saves = [save(f"SO-{n}", minutes, left) for n, (minutes, left) in enumerate(times)]
    assert delivered(saves) == delivered(saves[::-1])
    assert delivered(saves).orders == sum(left >= 0 for _, left in times)
