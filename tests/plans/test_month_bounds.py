"""Discounts, caps and commitments of a month, and what holds of every month."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.plans.fees import fees
from billing.plans.term import Discount, billable_days
from portal.core.money import add_up, round_money
from tests.plans.scenery import APRIL, MAY, TIERS, amounts, fixed, metered, plan, term, used


def percent(value, name="Launch"):
    return Discount(name, percent=Decimal(value))


def off(value, name="Goodwill"):
    return Discount(name, amount=Decimal(value))


@pytest.mark.parametrize(
    ("discounts", "expected"),
    [
        ([], {"base": "100.00", "documents": "10.05"}),
        ([percent("10")], {"base": "90.00", "documents": "9.04"}),  # 10.05 − 1.01 (1.005 up)
        ([percent("10"), percent("20")], {"base": "70.00", "documents": "7.03"}),  # − 3.02 (3.015)
        ([percent("70"), percent("50")], {"base": "0.00", "documents": "0.00"}),  # at most 100 %
        ([off("30")], {"base": "100.00", "documents": "10.05", "#discount/0": "-30.00"}),
        (
            [off("100"), percent("50"), off("30")],  # 50 + 5.02 = 55.02 are left for the first
            {"base": "50.00", "documents": "5.02", "#discount/0": "-55.02"},
        ),
        (
            [off("100"), off("30")],  # 110.05 − 100 = 10.05 are left for the second
            {
                "base": "100.00",
                "documents": "10.05",
                "#discount/0": "-100.00",
                "#discount/1": "-10.05",
            },
        ),
        ([off("0")], {"base": "100.00", "documents": "10.05"}),
    ],
)
def test_discounts(discounts, expected):
    content = plan(fixed(amount="100"), metered(price="0.01005"))
    of = term(content, usage=used(documents="1000"), discounts=tuple(discounts))
    assert amounts(fees(of, APRIL)) == expected


def test_a_discount_is_told_with_its_name():
    of = term(plan(fixed(amount="100")), discounts=(percent("10"), percent("2.5", "Loyalty")))
    (fee,) = fees(of, APRIL)
    assert fee.detail == "10 % off: Launch; 2.5 % off: Loyalty."
    assert (fee.gross, fee.discount, fee.amount) == (100, Decimal("12.50"), Decimal("87.50"))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"percent": Decimal(1), "amount": Decimal(1)},
        {"percent": Decimal(-1)},
        {"amount": Decimal(-1)},
    ],
)
def test_a_discount_is_a_percentage_or_an_amount(wrong):
    with pytest.raises(ValueError, match="Launch: a discount"):
        Discount("Launch", **wrong)


@pytest.mark.parametrize(
    ("quantity", "begins", "discounts", "expected"),
    [
        ("400", "2026-01-01", [], {"documents": "40.00", "#commitment": "10.00"}),
        ("500", "2026-01-01", [], {"documents": "50.00"}),
        ("800", "2026-01-01", [], {"documents": "80.00"}),
        ("900", "2026-01-01", [], {"documents": "90.00", "#cap": "-10.00"}),
        ("100", "2026-04-16", [], {"documents": "10.00", "#commitment": "15.00"}),  # 50 × 15 ÷ 30
        ("500", "2026-04-16", [], {"documents": "50.00", "#cap": "-10.00"}),  # 80 × 15 ÷ 30
        # What is given off stays given: 50 are used, though 45 are paid.
        ("500", "2026-01-01", [percent("10")], {"documents": "45.00"}),
        (
            "400",
            "2026-01-01",
            [off("5")],
            {"documents": "40.00", "#discount/0": "-5.00", "#commitment": "10.00"},
        ),
        # The cap is of what is paid: 90 − 10 % = 81, and 90 − 15 = 75.
        ("900", "2026-01-01", [percent("10")], {"documents": "81.00", "#cap": "-1.00"}),
        ("900", "2026-01-01", [off("15")], {"documents": "90.00", "#discount/0": "-15.00"}),
    ],
)
def test_a_month_costs_between_its_commitment_and_its_cap(quantity, begins, discounts, expected):
    content = plan(metered(), commitment="50", cap="80")
    of = term(content, begins=begins, usage=used(documents=quantity), discounts=tuple(discounts))
    assert amounts(fees(of, APRIL)) == expected


def test_one_off_charges_are_outside_of_commitment_and_cap():
    setup = fixed("setup", "500", once=True)
    content = plan(setup, metered(), commitment="50", cap="80")
    of = term(content, begins="2026-04-01", usage=used(documents="100"))
    assert amounts(fees(of, APRIL)) == {
        "setup": "500.00", "documents": "10.00", "#commitment": "40.00",
    }  # fmt: skip
    of = term(content, begins="2026-04-01", usage=used(documents="1000"))
    assert amounts(fees(of, APRIL))["#cap"] == "-20.00"  # 80 − 100


def test_a_commitment_is_not_a_cent_above_the_cap_where_both_are_rounded():
    content = plan(metered(), commitment="1.009", cap="1.011")
    found = fees(term(content, begins="2026-04-16"), APRIL)
    # For 15 of 30 days 1.01 − 0.50 (0.5045) = 0.51 are agreed on, and 1.01 − 0.51 (0.5055) = 0.50 are the most.
    assert amounts(found) == {"documents": "0.00", "#commitment": "0.50"}


def test_commitment_and_cap_say_why():
    content = plan(metered(), commitment="50", cap="80")
    found = fees(term(content, begins="2026-04-16", usage=used(documents="100")), APRIL)
    assert (found[1].name, found[1].origin) == ("Minimum commitment", "commitment")
    assert found[1].detail == (
        "15 of 30 days. 25.00 EUR were agreed on; charges before discounts are 10.00 EUR."
    )
    found = fees(term(content, usage=used(documents="1000")), APRIL)
    assert (found[1].name, found[1].origin) == ("Monthly cap", "cap")
    assert found[1].detail == "A month costs 80.00 EUR at most."


money = st.decimals(0, 5000, places=3).map(lambda amount: f"{amount:f}")
discounts = st.lists(
    st.one_of(
        st.builds(Discount, st.just("p"), percent=st.decimals(0, 120, places=2)),
        st.builds(Discount, st.just("a"), amount=st.decimals(0, 3000, places=2)),
    ),
    max_size=4,
)


@st.composite
def terms(draw):
    bounds = sorted([draw(money), draw(money)], key=Decimal)
    charge_bounds = sorted([draw(money), draw(money)], key=Decimal)
    content = plan(
        fixed("setup", draw(money), once=True),
        fixed(amount=draw(money), prorated=draw(st.booleans())),
        metered(included=draw(money), minimum=charge_bounds[0], cap=charge_bounds[1]),
        metered("pages", model="volume", terms={"tiers": TIERS}),
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        commitment=draw(st.none() | st.just(bounds[0])),
        cap=draw(st.none() | st.just(bounds[1])),
        trial_days=draw(st.integers(0, 40)),
    )
    begins = draw(st.dates(date(2026, 3, 1), date(2026, 4, 30)))
    return term(
        content,
        begins=begins.isoformat(),
        ends=draw(st.none() | st.dates(begins, date(2026, 6, 1)).map(date.isoformat)),
        usage=used(documents=draw(money), pages=draw(money)),
        discounts=tuple(draw(discounts)),
    )


@given(terms(), st.sampled_from([APRIL, MAY]))
def test_a_fee_is_gross_less_discount_in_whole_minor_units(of, in_month):
    for fee in fees(of, in_month):
        assert fee.gross - fee.discount == fee.amount
        assert round_money(add_up(s.amount for s in fee.steps), of.content.currency) == fee.gross
        assert fee.amount == round_money(fee.amount, of.content.currency)
        assert billable_days(of, in_month) == (fee.begins, fee.ends)


@given(terms(), st.sampled_from([APRIL, MAY]))
def test_a_month_costs_never_less_than_nothing_and_monthly_charges_not_more_than_the_cap(
    of, in_month
):
    found = fees(of, in_month)
    assert sum(fee.amount for fee in found) >= 0
    if of.content.cap is not None:
        # A cent more for the days of a part month, which are rounded.
        most = of.content.cap + Decimal("0.5")
        assert sum(fee.amount for fee in found if fee.charge != "setup") <= most


@given(st.lists(money, min_size=2, max_size=2), money, money, discounts)
def test_a_commitment_is_reached(bounds, included, quantity, given_discounts):
    least, most = sorted(bounds, key=Decimal)
    content = plan(
        fixed("setup", once=True), metered(included=included), commitment=least, cap=most
    )
    found = fees(
        term(
            content,
            begins="2026-04-01",
            usage=used(documents=quantity),
            discounts=tuple(given_discounts),
        ),
        APRIL,
    )
    counted = [fee.gross for fee in found if fee.key in ("documents", "#commitment")]
    assert sum(counted) >= round_money(Decimal(least), "EUR")
    assert ("#commitment" in amounts(found)) == (
        round_money(Decimal(least), "EUR") > found[1].gross
    )
