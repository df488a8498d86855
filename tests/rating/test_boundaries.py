"""Every charge model at and around each of its edges, the arithmetic beside the amount."""

from decimal import Decimal

import pytest

from billing.rating import Usage, read

TIERS = [
    {"up_to": "10", "unit_amount": "5", "flat_amount": "100"},
    {"up_to": "20", "unit_amount": "3"},
    {"up_to": None, "unit_amount": "1", "flat_amount": "7"},
]
RATES = [
    {"up_to": "1000", "rate": "1", "flat_amount": "2"},
    {"up_to": None, "rate": "0.5"},
]


def amount(model, terms, quantity):
    return read(model, terms).rate(Usage(Decimal(quantity))).amount


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("0", "0"),
        ("1", "105"),  # 1 × 5 + 100
        ("10", "150"),  # 10 × 5 + 100
        ("10.5", "151.5"),  # 150 + 0.5 × 3
        ("11", "153"),  # 150 + 1 × 3
        ("20", "180"),  # 150 + 10 × 3
        ("21", "188"),  # 180 + 1 × 1 + 7
        ("1000", "1167"),  # 180 + 980 × 1 + 7
    ],
)
def test_graduated(quantity, expected):
    assert amount("graduated", {"tiers": TIERS}, quantity) == Decimal(expected)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("0", "0"),
        ("1", "105"),  # 1 × 5 + 100
        ("10", "150"),  # 10 × 5 + 100
        ("10.5", "31.5"),  # 10.5 × 3: half a unit more is of the second tier
        ("20", "60"),  # 20 × 3
        ("21", "28"),  # 21 × 1 + 7
    ],
)
def test_volume(quantity, expected):
    assert amount("volume", {"tiers": TIERS}, quantity) == Decimal(expected)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("0", "0"),
        ("100", "0"),  # the free ones
        ("100.5", "4"),  # half a unit begins a package
        ("101", "4"),
        ("150", "4"),  # 50 fill one package
        ("151", "8"),  # the 51st begins another
        ("200", "8"),
        ("201", "12"),
    ],
)
def test_package(quantity, expected):
    terms = {"amount": "4", "package_size": "50", "free_units": "100"}
    assert amount("package", terms, quantity) == Decimal(expected)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("0", "0"), ("5", "0"), ("6", "0.02"), ("1000", "19.9")],  # (1000 − 5) × 0.02
)
def test_standard_with_an_allowance(quantity, expected):
    terms = {"unit_amount": "0.02", "free_units": "5"}
    assert amount("standard", terms, quantity) == Decimal(expected)


@pytest.mark.parametrize("quantity", ["0", "1", "1000000"])
def test_flat(quantity):
    assert amount("flat", {"amount": "49.90"}, quantity) == Decimal("49.9")


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("0", "0"),
        ("1", "2.01"),  # 1 % of 1 + 2
        ("1000", "12"),  # 1 % of 1000 + 2
        ("1000.02", "12.0001"),  # 12 + 0.5 % of 0.02
        ("3000", "22"),  # 12 + 0.5 % of 2000
    ],
)
def test_graduated_percentage(quantity, expected):
    assert amount("graduated_percentage", {"tiers": RATES}, quantity) == Decimal(expected)


def percentage(events, **terms):
    found = read("percentage", {"rate": "2", "fixed_amount": "0.10", **terms})
    return found.rate(Usage.of([Decimal(one) for one in events])).amount


@pytest.mark.parametrize(
    ("events", "terms", "expected"),
    [
        ([], {}, "0"),
        (["0"], {}, "0.1"),  # an event worth nothing is an event
        (["100", "50"], {}, "3.2"),  # 2 % of 150 + 2 × 0.10
        (["100", "50"], {"free_events": 1}, "3.1"),  # 2 % of 150 + 1 × 0.10
        (["100", "50"], {"free_amount": "120"}, "0.8"),  # 2 % of 30 + 2 × 0.10
        (["100", "50"], {"free_events": 2, "free_amount": "120"}, "0.7"),  # 2 % of 30 + 1 × 0.10
        (["100", "50"], {"free_events": 1, "free_amount": "500"}, "1.1"),  # 2 % of 50 + 0.10
        (["10", "1000"], {"minimum": "1"}, "21.1"),  # 0.30 raised to 1, + 20.10
        (["10", "1000"], {"maximum": "5"}, "5.3"),  # 0.30 + 20.10 cut to 5
        (["10", "200", "1000"], {"minimum": "1", "maximum": "5"}, "10.1"),  # 1 + 4.10 + 5
    ],
)
def test_percentage(events, terms, expected):
    assert percentage(events, **terms) == Decimal(expected)


def test_a_minimum_is_not_asked_of_an_event_that_is_free():
    assert percentage(["100"], free_events=1, free_amount="500", minimum="1") == 0


def test_lines_say_how_an_amount_came_about():
    found = read("graduated", {"tiers": TIERS}).rate(Usage(Decimal(21)))
    told = [(line.kind, line.quantity, line.price, line.above, line.up_to) for line in found.lines]
    assert told == [
        ("units", 10, 5, 0, 10),
        ("flat", 1, 100, 0, 10),
        ("units", 10, 3, 10, 20),
        ("units", 1, 1, 20, None),
        ("flat", 1, 7, 20, None),
    ]
    assert found.unit_amount == Decimal("8.952380952381")  # 188 ÷ 21
