"""Examples that others publish with their charge models come out the same here.

Lago: getlago.com/docs/guide/plans/charges/charge-models/, a page for each model. Stripe:
docs.stripe.com/subscriptions/pricing-models/tiered-pricing, the tables of volume and graduated prices.
"""

from decimal import Decimal

import pytest

from billing.rating import Usage, read

LAGO_GRADUATED = {
    "tiers": [
        {"up_to": "100", "unit_amount": "1"},
        {"up_to": "200", "unit_amount": "0.50"},
        {"up_to": None, "unit_amount": "0.10"},
    ]
}
LAGO_VOLUME = {
    "tiers": [
        {"up_to": "10000", "unit_amount": "0.0010", "flat_amount": "10"},
        {"up_to": "50000", "unit_amount": "0.0008", "flat_amount": "10"},
        {"up_to": "100000", "unit_amount": "0.0006", "flat_amount": "10"},
        {"up_to": None, "unit_amount": "0.0004", "flat_amount": "10"},
    ]
}
LAGO_PERCENTAGE = {"rate": "1.2", "fixed_amount": "0.10", "free_events": 3, "free_amount": "500"}
LAGO_GRADUATED_PERCENTAGE = {
    "tiers": [
        {"up_to": "1000", "rate": "1", "flat_amount": "200"},
        {"up_to": "10000", "rate": "2", "flat_amount": "300"},
        {"up_to": None, "rate": "3", "flat_amount": "400"},
    ]
}
STRIPE = {
    "tiers": [
        {"up_to": "5", "unit_amount": "7"},
        {"up_to": "10", "unit_amount": "6.50"},
        {"up_to": None, "unit_amount": "6"},
    ]
}


def amount(model, terms, quantity):
    return read(model, terms).rate(Usage(Decimal(quantity))).amount


def test_lago_standard():
    assert amount("standard", {"unit_amount": "0.05"}, "1000") == 50


def test_lago_graduated():
    # The terms are theirs; the quantities are at their edges: 100 × 1, + 100 × 0.50, + 50 × 0.10.
    found = [amount("graduated", LAGO_GRADUATED, q) for q in ("100", "200", "250")]
    assert found == [100, 150, 155]


def test_lago_volume():
    assert amount("volume", LAGO_VOLUME, "65000") == 49


def test_lago_package():
    terms = {"amount": "5", "package_size": "100", "free_units": "100"}
    assert amount("package", terms, "201") == 10


def test_lago_percentage():
    events = [Decimal(one) for one in ("200", "100", "100", "50")]
    charge = read("percentage", LAGO_PERCENTAGE)
    grown = [charge.rate(Usage.of(events[:count])).amount for count in range(5)]
    assert grown == [0, 0, 0, 0, Decimal("0.70")]


def test_lago_graduated_percentage():
    # Theirs tells what each transaction adds; the sums are ours: 500, 500 + 550, 500 + 550 + 4,000. The third
    # adds nothing flat there, and lies wholly in the second tier: 2 % of 4,000 = 80.
    sums = [
        amount("graduated_percentage", LAGO_GRADUATED_PERCENTAGE, q)
        for q in ("500", "1050", "5050")
    ]
    adds = [after - before for before, after in zip([Decimal(0), *sums], sums, strict=False)]
    assert adds == [205, 306, 80]


@pytest.mark.parametrize(
    ("quantity", "volume", "graduated"),
    [
        ("1", "7", "7"),
        ("5", "35", "35"),
        ("6", "39", "41.50"),  # 6 × 6.50; 35 + 6.50
        ("20", "120", "127.50"),  # 20 × 6; 35 + 5 × 6.50 + 10 × 6
        ("25", "150", "157.50"),
    ],
)
def test_stripe_tiers(quantity, volume, graduated):
    assert amount("volume", STRIPE, quantity) == Decimal(volume)
    assert amount("graduated", STRIPE, quantity) == Decimal(graduated)
