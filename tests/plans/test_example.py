"""What somebody would pay."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.plans import reading
from billing.plans.example import in_events, lines_for
from billing.plans.month import month
from billing.rating import Usage

pytestmark = pytest.mark.pure

CONTENT = reading.read({
    "currency": "USD", "charges": [
        {"key": "setup", "name": "Set-up", "model": "flat", "terms": {"amount": "90"}, "once": True},
        {"key": "base", "name": "Fee", "model": "flat", "terms": {"amount": "310"},
         "ramp": [{"months": 3, "terms": {"amount": "155"}}]},
        {"key": "docs", "name": "Documents", "metric": "documents", "model": "standard",
         "terms": {"unit_amount": "0.1"}},
    ],
})  # fmt: skip


def amounts(**more):
    lines = lines_for(
        CONTENT, {"documents": Usage(Decimal(50))}, of=month("2026-04"), units={}, **more
    )
    return {line.name: line.amount for line in lines}


def test_a_usual_month_is_after_the_ramp_and_without_what_is_charged_once():
    assert amounts() == {"Fee": Decimal("310.00"), "Documents": Decimal("5.00")}


def test_the_first_month_is_the_first_of_the_ramp_with_the_set_up():
    assert amounts(is_first=True) == {
        "Set-up": Decimal("90.00"), "Fee": Decimal("155.00"), "Documents": Decimal("5.00"),
    }  # fmt: skip


@given(quantity=st.decimals(0, 10**9, places=4), events=st.integers(0, 200))
def test_events_are_together_the_quantity(quantity, events):
    assert in_events(quantity, events).quantity == quantity
