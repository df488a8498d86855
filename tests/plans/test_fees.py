"""What one subscription owes for one month, rule by rule, the arithmetic beside the amount."""

from datetime import date
from decimal import Decimal

import pytest

from billing.plans.fees import fees
from billing.plans.month import month
from billing.plans.term import billable_days
from billing.rating import Usage, UsageError
from tests.plans.scenery import APRIL, MAY, TIERS, amounts, fixed, metered, plan, term, used


def test_a_month_of_a_plan():
    content = plan(fixed(due="advance"), metered(included="50"), metered("pages", price="0.007"))
    found = fees(term(content, usage=used(documents="250", pages="101")), APRIL)
    # 310; (250 − 50) × 0.10; 101 × 0.007 = 0.707
    assert amounts(found) == {"base": "310.00", "documents": "20.00", "pages": "0.71"}
    assert [fee.due for fee in found] == ["advance", "arrears", "arrears"]
    assert [fee.quantity for fee in found] == [None, 250, 101]
    assert {(fee.begins, fee.ends) for fee in found} == {(date(2026, 4, 1), date(2026, 5, 1))}


def test_a_fee_shows_how_it_came_about():
    content = plan(metered(model="graduated", terms={"tiers": TIERS}, included="50"))
    (fee,) = fees(term(content, usage=used(documents="170")), APRIL)
    told = [(s.kind, s.quantity, s.price, s.amount, s.above, s.up_to) for s in fee.steps]
    assert told == [
        ("free", 50, 0, 0, 0, 50),
        ("units", 100, Decimal("0.50"), 50, 0, 100),
        ("units", 20, Decimal("0.20"), 4, 100, None),
    ]
    assert (fee.gross, fee.amount) == (54, 54)
    assert str(fee.unit_amount) == "0.317647058824"  # 54 ÷ 170
    assert fee.detail == "50 are included."
    assert (fee.name, fee.metric, fee.charge) == ("Documents", "documents", "documents")


def test_what_was_not_used_is_a_fee_of_nothing():
    (fee,) = fees(term(plan(metered())), APRIL)
    assert (fee.quantity, fee.amount, fee.steps) == (0, 0, ())


@pytest.mark.parametrize(
    ("begins", "ends", "trial", "expected"),
    [
        ("2026-01-01", None, 0, (1, 30)),
        ("2026-04-16", None, 0, (16, 30)),
        ("2026-01-01", "2026-04-16", 0, (1, 15)),
        ("2026-04-10", "2026-04-11", 0, (10, 10)),
        ("2026-04-10", "2026-04-10", 0, None),  # ended before it began
        ("2026-04-01", None, 14, (15, 30)),
        ("2026-03-20", None, 14, (3, 30)),  # the 14th day is 2 April
        ("2026-04-01", None, 30, None),
        ("2026-04-01", "2026-04-10", 14, None),  # ended within the trial
        ("2026-05-01", None, 0, None),
        ("2026-01-01", "2026-04-01", 0, None),
    ],
)
def test_days_that_are_billed(begins, ends, trial, expected):
    found = billable_days(term(plan(fixed(), trial_days=trial), begins=begins, ends=ends), APRIL)
    assert (found and (found[0].day, (found[1] - date(2026, 4, 1)).days)) == expected


@pytest.mark.parametrize(
    ("begins", "ends", "trial", "expected"),
    [
        ("2026-01-01", None, 0, "310.00"),
        ("2026-05-17", None, 0, "150.00"),  # 310 × 15 ÷ 31
        ("2026-01-01", "2026-05-17", 0, "160.00"),  # 310 × 16 ÷ 31
        ("2026-05-01", None, 30, "10.00"),  # the 31st alone
    ],
)
def test_a_fixed_fee_is_for_its_days(begins, ends, trial, expected):
    content = plan(fixed(), trial_days=trial)
    assert amounts(fees(term(content, begins=begins, ends=ends), MAY)) == {"base": expected}


def test_a_part_month_says_its_days():
    (fee,) = fees(term(plan(fixed()), begins="2026-05-17"), MAY)
    (step,) = fee.steps
    assert (step.kind, step.quantity, step.price, step.amount) == ("days", 15, 310, 150)
    assert (step.above, step.up_to) == (16, 31)
    assert fee.detail == "15 of 31 days."


def test_a_month_that_two_plans_share_costs_the_whole():
    content = plan(fixed(amount="100"))
    first = fees(term(content, ends="2026-04-11"), APRIL)  # 100 × 10 ÷ 30 = 33.33
    second = fees(term(content, begins="2026-04-11"), APRIL)  # 100.00 − 33.33
    assert [amounts(first)["base"], amounts(second)["base"]] == ["33.33", "66.67"]


def test_what_is_not_prorated_is_whole_in_a_part_month():
    content = plan(fixed(prorated=False), metered(included="100", minimum="5", prorated=False))
    found = fees(term(content, begins="2026-04-30", usage=used(documents="90")), APRIL)
    assert amounts(found) == {"base": "310.00", "documents": "5.00"}
    assert found[0].detail == ""


@pytest.mark.parametrize(
    ("day", "quantity", "expected"),
    [
        ("01", "101", "0.10"),
        ("02", "97", "0.00"),  # 100 × 29 ÷ 30 = 96.67: 97 are included
        ("02", "98", "0.10"),
        ("30", "5", "0.10"),  # 100 ÷ 30 = 3.33: 4 are included
    ],
)
def test_included_units_are_for_the_days(day, quantity, expected):
    content = plan(metered(included="100"))
    found = fees(term(content, begins=f"2026-04-{day}", usage=used(documents=quantity)), APRIL)
    assert amounts(found) == {"documents": expected}


def test_included_units_of_a_part_month_are_told():
    content = plan(metered(included="100"))
    (fee,) = fees(term(content, begins="2026-04-30"), APRIL)
    assert fee.detail == "1 of 30 days. 4 of 100 are included."


RAMP = [{"months": 2, "terms": {"amount": "10"}}, {"months": 1, "terms": {"amount": "20"}}]


@pytest.mark.parametrize(
    ("key", "expected"),
    [("2026-01", "5.16"), ("2026-02", "10.00"), ("2026-03", "20.00"), ("2026-04", "310.00")],
)  # 10 × 16 ÷ 31: the month of the first day is the first, however short
def test_ramps_count_calendar_months(key, expected):
    content = plan(fixed(ramp=RAMP))
    assert amounts(fees(term(content, begins="2026-01-16"), month(key))) == {"base": expected}


def test_a_ramp_goes_on_over_new_year():
    of = term(plan(fixed(ramp=RAMP)), begins="2025-12-01")
    found = [amounts(fees(of, month(key)))["base"] for key in ("2025-12", "2026-01", "2026-02")]
    assert found == ["10.00", "10.00", "20.00"]


def test_a_ramp_is_of_metered_charges_too():
    content = plan(metered(ramp=[{"months": 4, "terms": {"unit_amount": "0.01"}}]))
    of = term(content, usage=used(documents="100"))
    assert [amounts(fees(of, one))["documents"] for one in (APRIL, MAY)] == ["1.00", "10.00"]


@pytest.mark.parametrize(
    ("begins", "trial", "expected"),
    [
        ("2026-04-30", 0, {"2026-04": "99.00"}),  # never for its days
        ("2026-04-01", 30, {"2026-05": "99.00"}),  # trial days bill nothing
        ("2026-03-31", 0, {}),
    ],
)
def test_a_one_off_charge_is_of_the_first_month_that_is_billed(begins, trial, expected):
    content = plan(fixed("setup", "99", once=True), fixed(), trial_days=trial)
    found = {
        of.key: amounts(fees(term(content, begins=begins), of)).get("setup") for of in (APRIL, MAY)
    }
    assert {key: amount for key, amount in found.items() if amount} == expected


def test_what_goes_on_from_another_subscription_begins_nothing_anew():
    content = plan(fixed("setup", "99", once=True), fixed(ramp=RAMP), trial_days=14)
    first = term(content, begins="2026-03-25", ends="2026-04-16")
    second = term(content, begins="2026-04-16", since=date(2026, 3, 25))
    # The trial ends with 7 April; April is the second month: 10 × 8 ÷ 30 and 10 × 15 ÷ 30.
    assert amounts(fees(first, APRIL)) == {"setup": "99.00", "base": "2.67"}
    assert amounts(fees(second, APRIL)) == {"base": "5.00"}


@pytest.mark.parametrize(
    ("quantity", "begins", "expected"),
    [
        ("0", "2026-01-01", "5.00"),
        ("49", "2026-01-01", "5.00"),  # 4.90 raised
        ("50", "2026-01-01", "5.00"),
        ("51", "2026-01-01", "5.10"),
        ("80", "2026-01-01", "8.00"),
        ("81", "2026-01-01", "8.00"),  # 8.10 cut
        ("0", "2026-04-16", "2.50"),  # 5 × 15 ÷ 30
        ("81", "2026-04-16", "4.00"),  # 8 × 15 ÷ 30
    ],
)
def test_a_charge_costs_between_its_minimum_and_its_cap(quantity, begins, expected):
    content = plan(metered(minimum="5", cap="8"))
    (fee,) = fees(term(content, begins=begins, usage=used(documents=quantity)), APRIL)
    assert str(fee.amount) == expected
    assert sum(step.amount for step in fee.steps) == fee.gross


def test_a_percentage_is_rated_event_by_event():
    content = plan(metered(model="percentage", terms={"rate": "1", "fixed_amount": "0.10"}))
    usage = {"documents": Usage.of([Decimal(100), Decimal(50)])}
    # 1 % of 150 + 2 × 0.10
    assert amounts(fees(term(content, usage=usage), APRIL)) == {"documents": "1.70"}
    with pytest.raises(UsageError, match="Documents is rated event by event"):
        fees(term(content, usage=used(documents="150")), APRIL)


def test_usage_that_no_charge_counts_is_refused():
    with pytest.raises(UsageError, match="No charge of Standard counts base, pages"):
        fees(term(plan(fixed(), metered()), usage=used(base="1", pages="2")), APRIL)
