"""What holds of every charge, whatever its terms."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.rating.graduated import Graduated
from billing.rating.graduated_percentage import GraduatedPercentage
from billing.rating.package import Package
from billing.rating.percentage import Percentage
from billing.rating.standard import Standard
from billing.rating.tiers import Tier
from billing.rating.usage import Usage
from billing.rating.volume import Volume

prices = st.decimals(0, 10_000, places=6)
quantities = st.decimals(0, 1_000_000, places=3)
sizes = st.decimals("0.001", 10_000, places=3)


@st.composite
def tiers(draw):
    ends = sorted(set(draw(st.lists(sizes, max_size=5))))
    return tuple(Tier(end, draw(prices), draw(prices)) for end in [*ends, None])


monotone = st.one_of(
    st.builds(Standard, prices, quantities),
    st.builds(Graduated, tiers()),
    st.builds(Package, prices, sizes, quantities),
    st.builds(GraduatedPercentage, tiers()),
)
charges = st.one_of(monotone, st.builds(Volume, tiers()))


@given(monotone, quantities, quantities)
def test_more_never_costs_less(charge, one, other):
    few, many = sorted([one, other])
    assert charge.rate(Usage(few)).amount <= charge.rate(Usage(many)).amount


@given(charges, quantities)
def test_lines_add_up_to_the_amount(charge, quantity):
    found = charge.rate(Usage(quantity))
    assert found.amount == sum((line.amount for line in found.lines), start=Decimal(0))


@given(charges)
def test_nothing_used_costs_nothing(charge):
    assert charge.rate(Usage(Decimal(0))).amount == 0


@given(tiers(), quantities)
def test_graduated_units_are_all_of_some_tier(given_tiers, quantity):
    lines = Graduated(given_tiers).rate(Usage(quantity)).lines
    assert sum((line.quantity for line in lines if line.kind == "units"), Decimal(0)) == quantity


@given(tiers(), quantities)
def test_one_tier_is_a_unit_price(given_tiers, quantity):
    price = given_tiers[0].price
    alone = (Tier(None, price),)
    amounts = {charge(alone).rate(Usage(quantity)).amount for charge in (Graduated, Volume)}
    assert amounts == {Standard(price).rate(Usage(quantity)).amount}


events = st.lists(st.decimals(0, 10_000, places=2), max_size=8)


@given(
    events,
    st.builds(
        Percentage, st.decimals(0, 100, places=2), prices,
        st.none() | st.integers(0, 5), st.none() | quantities,
    ),
)  # fmt: skip
def test_another_event_never_costs_less(given_events, charge):
    amounts = [
        charge.rate(Usage.of(given_events[:count])).amount for count in range(len(given_events) + 1)
    ]
    assert amounts == sorted(amounts)


@given(events, st.decimals(0, 50, places=2), st.decimals(50, 100, places=2))
def test_every_charged_event_costs_between_minimum_and_maximum(given_events, least, most):
    charge = Percentage(Decimal(3), Decimal(1), minimum=least, maximum=most)
    amount = charge.rate(Usage.of(given_events)).amount
    assert len(given_events) * max(least, Decimal(1)) <= amount <= len(given_events) * most
