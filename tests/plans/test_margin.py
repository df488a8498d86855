"""Retail less wholesale is margin, for each customer and together, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.plans.conversion import convert
from billing.plans.margin import Margin, WholesaleFee, margins
from billing.plans.true_margin import Costs, TrueMargin, true_margins

RETAIL = {"acme": Decimal("200.00"), "bolt": Decimal("50.00"), "core": Decimal("0.00")}


def fee(amount, **weights):
    return WholesaleFee(Decimal(amount), {one: Decimal(weight) for one, weight in weights.items()})


def wholesale(*fees, retail=RETAIL, currency="EUR"):
    found = margins(retail, fees, currency=currency)
    return {one: str(margin.wholesale) for one, margin in found.by_customer.items()}


@pytest.mark.parametrize(
    ("fees", "expected"),
    [
        ([], ("0", "0", "0")),
        ([fee("100.00", acme="3", bolt="1")], ("75.00", "25.00", "0")),
        ([fee("100.00")], ("33.33", "33.33", "33.34")),  # nobody used it: each the same
        ([fee("100.00", acme="0", bolt="0")], ("33.33", "33.33", "33.34")),
        ([fee("0.02", acme="1", bolt="1", core="1")], ("0.01", "0.01", "0.00")),
        ([fee("-10.00", acme="2", bolt="1")], ("-6.67", "-3.33", "0")),  # a discount of ours
        ([fee("9.00", core="5"), fee("6.00", acme="1", core="1")], ("3.00", "0", "12.00")),
    ],
)
def test_what_a_fee_costs_is_shared_by_weights(fees, expected):
    found = wholesale(*fees)
    assert {one: Decimal(cost) for one, cost in found.items()} == dict(
        zip(RETAIL, map(Decimal, expected), strict=True)
    )


def test_a_margin_is_what_is_left_of_retail():
    found = margins(RETAIL, [fee("90.00", acme="1", bolt="1", core="1")], currency="EUR")
    assert found.by_customer == {
        "acme": Margin(Decimal(200), Decimal(30), Decimal(170), Decimal("85.00")),
        "bolt": Margin(Decimal(50), Decimal(30), Decimal(20), Decimal("40.00")),
        "core": Margin(Decimal(0), Decimal(30), Decimal(-30), None),
    }
    assert found.total == Margin(Decimal(250), Decimal(90), Decimal(160), Decimal("64.00"))
    assert found.unshared == 0


def test_who_costs_and_pays_nothing_has_a_margin_too():
    found = margins({}, [fee("5.00", dune="1")], currency="EUR")
    assert found.by_customer == {"dune": Margin(Decimal(0), Decimal(5), Decimal(-5), None)}


def test_what_no_customer_bears_is_in_the_total_alone():
    found = margins({}, [fee("5.00")], currency="EUR")
    assert (found.by_customer, found.unshared, found.total.margin) == ({}, 5, -5)


def test_amounts_finer_than_the_currency_are_refused():
    with pytest.raises(ValueError, match="0.5 is not in whole units of JPY"):
        margins({"acme": Decimal("0.5")}, [], currency="JPY")
    with pytest.raises(ValueError, match="0.005 is not in whole units of EUR"):
        margins({}, [fee("0.005")], currency="EUR")


cents = st.decimals(-10_000, 10_000, places=2)
names = st.sampled_from(["acme", "bolt", "core", "dune"])
weights = st.dictionaries(names, st.decimals(0, 100, places=3))


@given(st.dictionaries(names, cents), st.lists(st.builds(WholesaleFee, cents, weights)))
def test_customers_and_what_nobody_bears_are_the_total(retail, fees):
    found = margins(retail, fees, currency="EUR")
    each = [*found.by_customer.values()]
    for one in [*each, found.total]:
        assert one.retail - one.wholesale == one.margin
    assert sum((one.retail for one in each), Decimal(0)) == found.total.retail
    assert found.total.retail == sum(retail.values(), Decimal(0))
    borne = sum((one.wholesale for one in each), Decimal(0))
    assert borne + found.unshared == found.total.wholesale
    assert found.total.wholesale == sum((fee.amount for fee in fees), Decimal(0))


@pytest.mark.parametrize(
    ("amount", "rate", "currency", "expected"),
    [
        ("100.00", "1.0837", "USD", "108.37"),
        ("0.50", "1.01", "USD", "0.51"),  # 0.505
        ("-0.50", "1.01", "USD", "-0.51"),  # a credit mirrors it
        ("10.00", "162.345", "JPY", "1623"),
        ("10.00", "0.33333", "KWD", "3.333"),
    ],
)
def test_money_is_converted_and_rounded_once(amount, rate, currency, expected):
    assert str(convert(Decimal(amount), Decimal(rate), currency)) == expected


@pytest.mark.parametrize("rate", ["0", "-1"])
def test_a_rate_is_above_0(rate):
    with pytest.raises(ValueError, match="A rate is above 0"):
        convert(Decimal(1), Decimal(rate), "EUR")


def test_a_true_margin_takes_off_work_and_machines():
    found = margins(RETAIL, [fee("90.00")], currency="EUR")
    minutes = {"acme": Decimal(90), "bolt": Decimal("0.5")}
    costs = Costs(minutes, Decimal("0.75"), fee("10.00", acme="3", bolt="1"))
    assert true_margins(found, costs, currency="EUR") == {
        # 170 − 90 × 0.75 − 7.50 = 95, of 200
        "acme": TrueMargin(
            Decimal(170), Decimal("67.50"), Decimal("7.50"), Decimal(95), Decimal("47.50")
        ),
        # 20 − 0.38 (0.375 up) − 2.50 = 17.12, of 50
        "bolt": TrueMargin(
            Decimal(20), Decimal("0.38"), Decimal("2.50"), Decimal("17.12"), Decimal("34.24")
        ),
        "core": TrueMargin(Decimal(-30), Decimal(0), Decimal(0), Decimal(-30), None),
    }


def test_costs_of_nobody_we_know_are_refused():
    found = margins(RETAIL, [], currency="EUR")
    costs = Costs({"dune": Decimal(1)}, Decimal(1), fee("0"))
    with pytest.raises(ValueError, match="There is no margin of dune"):
        true_margins(found, costs, currency="EUR")


def test_nobody_has_no_true_margin():
    found = margins({}, [], currency="EUR")
    assert true_margins(found, Costs({}, Decimal(1), fee("0")), currency="EUR") == {}
