"""How each step of each charge model is said to a customer."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.invoices.content import Step
from billing.invoices.step_words import amount, number, steps_said
from billing.rating import Usage, read
from tests.invoices.april import BASE, step

pytestmark = pytest.mark.pure

D = Decimal
TIERS = [
    {"up_to": "100", "unit_amount": "1"},
    {"up_to": "200", "unit_amount": "0.5"},
    {"up_to": None, "unit_amount": "0.1"},
]


def said(*steps, currency="USD"):
    return steps_said(replace(BASE, steps=steps), currency)


def rated(model, terms, quantity, *, events=()):
    found = read(model, terms).rate(Usage(D(quantity), tuple(map(D, events))))
    return said(*(Step(*one) for one in found.lines))


def test_a_flat_amount_is_said_once():
    assert rated("flat", {"amount": "500"}, "0") == ("500.00, a fixed amount",)


def test_a_part_of_a_flat_amount_names_the_whole():
    part = step("flat", 1, "500", "266.67")  # 500 × 16/30
    assert said(part) == ("266.67, the part of 500.00 for these days",)


def test_units_at_one_price_are_said_without_a_tier():
    assert rated("standard", {"unit_amount": "0.05"}, "1234.5") == ("1,234.5 × 0.05 = 61.725",)


def test_units_after_free_ones_say_so():
    assert rated("standard", {"unit_amount": "0.5", "free_units": "100"}, "250") == (
        "100 free of charge, the first 100",
        "150 × 0.50 = 75.00, after the 100 that are free",
    )
    assert rated("standard", {"unit_amount": "0.5", "free_units": "100"}, "40") == (
        "40 free of charge, of the first 100",
    )


def test_tiers_are_said_one_by_one():
    assert rated("graduated", {"tiers": TIERS}, "250") == (
        "100 × 1.00 = 100.00, the first 100",
        "100 × 0.50 = 50.00, from 101 to 200",
        "50 × 0.10 = 5.00, above 200",
    )
    assert rated("graduated", {"tiers": TIERS}, "30") == ("30 × 1.00 = 30.00, of the first 100",)


def test_half_a_unit_above_a_tier_is_not_from_the_next_whole_one_on():
    assert rated("graduated", {"tiers": TIERS}, "100.5")[1] == (
        "0.5 × 0.50 = 0.25, above 100, up to 200"
    )


def test_tiers_after_included_units_are_counted_from_there():
    free = step("free", 100, 0, 0, 0, 100)
    tiers = (step("units", 100, "1", "100", 0, 100), step("units", 20, "0.5", "10", 100))
    assert said(free, tiers[0], tiers[1])[:2] == (
        "100 free of charge, the first 100",
        "100 × 1.00 = 100.00, the first 100 after the free ones",
    )
    assert said(free, step("units", 20, "0.5", "10", 0))[1] == (
        "20 × 0.50 = 10.00, all after the free ones"
    )


def test_two_allowances_follow_each_other():
    two = (step("free", 100, 0, 0, 0, 100), step("free", 50, 0, 0, 0, 50))
    assert said(*two) == ("100 free of charge, the first 100", "50 free of charge, the next 50")


def test_by_volume_one_price_holds_for_all():
    tiers = [
        {"up_to": "50000", "unit_amount": "0.0008", "flat_amount": "10"},
        {"up_to": "100000", "unit_amount": "0.0006", "flat_amount": "10"},
        {"up_to": None, "unit_amount": "0.0004", "flat_amount": "10"},
    ]
    assert rated("volume", {"tiers": tiers}, "65000") == (
        "65,000 × 0.0006 = 39.00, all at the price that holds from 50,001 to 100,000",
        "10.00 once, from 50,001 to 100,000",
    )
    assert rated("volume", {"tiers": tiers}, "200000") == (
        "200,000 × 0.0004 = 80.00, all at the price that holds above 100,000",
        "10.00 once, above 100,000",
    )
    assert rated("volume", {"tiers": tiers}, "10")[1] == "10.00 once, for the first 50,000"


def test_packages_are_counted():
    terms = {"amount": "5", "package_size": "100", "free_units": "100"}
    assert rated("package", terms, "201") == (
        "100 free of charge, the first 100",
        "2 packages × 5.00 = 10.00, after the 100 that are free",
    )
    assert rated("package", terms | {"free_units": "0"}, "1") == ("1 package × 5.00 = 5.00",)


def test_per_cent_are_of_money():
    terms = {"rate": "1.2", "fixed_amount": "0.10", "free_events": 3, "free_amount": "500"}
    told = rated("percentage", terms, "450", events=["200", "100", "100", "50"])
    assert told == (
        "400.00 free of charge",
        "1.2 % of 50.00 = 0.60, all after the free ones",
        "1 × 0.10 = 0.10, the fixed fee for each",
    )


def test_least_and_most_of_an_event_are_said_with_what_they_changed():
    terms = {"rate": "1", "minimum": "2", "maximum": "5"}
    told = rated("percentage", terms, "1010", events=["10", "1000"])
    assert told == (
        "1 % of 1,010.00 = 10.10",
        "1.90 added to reach the minimum of 2.00",  # 2 − 0.10
        "5.00 taken off to stay within the maximum of 5.00",  # 10 − 5
    )
    twice = rated("percentage", {"rate": "1", "minimum": "2"}, "20", events=["10", "10"])
    assert twice[1] == "3.80 added to reach the minimum of 2.00, 2 times"


def test_tiers_of_money_are_said_in_money():
    tiers = [
        {"up_to": "1000", "rate": "1", "flat_amount": "200"},
        {"up_to": "10000", "rate": "2", "flat_amount": "300"},
        {"up_to": None, "rate": "3", "flat_amount": "400"},
    ]
    assert rated("graduated_percentage", {"tiers": tiers}, "1050") == (
        "1 % of 1,000.00 = 10.00, the first 1,000.00",
        "200.00 once, for the first 1,000.00",
        "2 % of 50.00 = 1.00, above 1,000.00, up to 10,000.00",
        "300.00 once, above 1,000.00, up to 10,000.00",
    )


@pytest.mark.parametrize(
    ("currency", "told"),
    [
        ("JPY", "3 × 100 = 300"),
        ("KWD", "3 × 100.000 = 300.000"),
        ("USD", "3 × 100.00 = 300.00"),
    ],
)
def test_amounts_have_the_places_of_their_currency(currency, told):
    assert said(step("units", 3, 100, 300), currency=currency) == (told,)


def test_a_step_of_a_kind_that_is_new_still_says_its_amount():
    assert said(step("surcharge", 1, 2, 2)) == ("surcharge: 2.00",)


def test_what_is_below_zero_has_a_true_minus():
    assert amount(D("-1234.5"), "USD") == "−1,234.50"
    assert number(D("-1234.50")) == "−1,234.5"


@pytest.mark.parametrize(
    ("value", "told"),
    [("0", "0"), ("1E+4", "10,000"), ("0.000000000001", "0.000000000001"),
     ("123456789012345678901234567890.5", "123,456,789,012,345,678,901,234,567,890.5")],
)  # fmt: skip
def test_numbers_keep_all_their_places(value, told):
    assert number(D(value)) == told
