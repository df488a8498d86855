"""What one unit more costs, model by model, and that it is what the model charges."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.plans.content import PlanCharge, Ramp
from billing.plans.next_unit import PriceStep, price_at, price_steps
from billing.rating import Usage, read

pytestmark = pytest.mark.pure

TIERS = [{"up_to": "100", "unit_amount": "1"}, {"up_to": "200", "unit_amount": "0.5"},
         {"up_to": None, "unit_amount": "0.1"}]  # fmt: skip


def charge(model, terms, **more):
    return PlanCharge("a", "A", "documents", model, terms, **more)


def steps(*pairs):
    return tuple(PriceStep(Decimal(above), Decimal(price)) for above, price in pairs)


@pytest.mark.parametrize(
    ("model", "terms", "expected"),
    [
        ("flat", {"amount": "5"}, ()),
        ("standard", {"unit_amount": "0.4"}, steps((0, "0.4"))),
        ("standard", {"unit_amount": "0.4", "free_units": "10"}, steps((0, 0), (10, "0.4"))),
        ("graduated", {"tiers": TIERS}, steps((0, 1), (100, "0.5"), (200, "0.1"))),
        ("volume", {"tiers": TIERS}, steps((0, 1), (100, "0.5"), (200, "0.1"))),
        ("package", {"amount": "5", "package_size": "100", "free_units": "50"}, steps((0, 0), (50, "0.05"))),
        ("percentage", {"rate": "1.2", "free_amount": "500"}, steps((0, 0), (500, "1.2"))),
        ("graduated_percentage", {"tiers": [{"up_to": "9", "rate": "2"}, {"up_to": None, "rate": "1"}]},
         steps((0, 2), (9, 1))),
    ],
)  # fmt: skip
def test_the_steps_of_a_model(model, terms, expected):
    assert price_steps(charge(model, terms)) == expected


def test_included_units_come_before_the_first_tier():
    found = price_steps(charge("graduated", {"tiers": TIERS}, included=Decimal(50)))
    assert found == steps((0, 0), (50, 1), (150, "0.5"), (250, "0.1"))


def test_a_ramp_has_the_steps_of_its_month():
    ramp = (Ramp(2, {"unit_amount": "0.1"}),)
    ramped = charge("standard", {"unit_amount": "0.4"}, ramp=ramp)
    assert [price_steps(ramped, number=n)[0].price for n in (2, 3)] == [
        Decimal("0.1"),
        Decimal("0.4"),
    ]


@given(units=st.integers(0, 400))
def test_the_next_unit_costs_what_it_adds_to_a_graduated_amount(units):
    model = read("graduated", {"tiers": TIERS})
    added = model.rate(Usage(Decimal(units + 1))).amount - model.rate(Usage(Decimal(units))).amount
    assert price_at(price_steps(charge("graduated", {"tiers": TIERS})), Decimal(units)) == added


def test_a_charge_that_counts_nothing_has_no_price_of_a_unit():
    with pytest.raises(ValueError, match="no price of a unit"):
        price_at((), Decimal(1))
