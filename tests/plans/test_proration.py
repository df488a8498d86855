"""Parts of a month by days: each rounded, and all of them together the whole."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.plans.month import month, month_after, month_of
from billing.plans.proration import Days, share


def part(amount, begins, ends, key="2026-04", currency="EUR"):
    of = month(key)
    days = [of.begins + timedelta(days=number) for number in (begins, ends)]
    return share(Decimal(amount), of, begins=days[0], ends=days[1], currency=currency)


@pytest.mark.parametrize(
    ("amount", "begins", "ends", "key", "expected"),
    [
        ("30", 0, 30, "2026-04", "30.00"),
        ("30", 0, 1, "2026-04", "1.00"),
        ("30", 29, 30, "2026-04", "1.00"),
        ("30", 7, 7, "2026-04", "0.00"),
        ("10", 0, 10, "2026-04", "3.33"),  # 10 × 10 ÷ 30
        ("10", 10, 20, "2026-04", "3.34"),  # 6.67 − 3.33: the middle gets the cent
        ("10", 20, 30, "2026-04", "3.33"),  # 10.00 − 6.67
        ("310", 15, 31, "2026-05", "160.00"),  # 16 of 31 days
        ("28", 0, 14, "2026-02", "14.00"),
        ("29", 0, 14, "2028-02", "14.00"),  # a leap year
        ("0.01", 0, 15, "2026-04", "0.01"),  # 0.005 is half a cent, up
        ("0.01", 15, 30, "2026-04", "0.00"),
        ("33.335", 0, 30, "2026-04", "33.34"),
    ],
)
def test_a_share(amount, begins, ends, key, expected):
    assert str(part(amount, begins, ends, key)) == expected


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("JPY", "333"), ("EUR", "333.33"), ("KWD", "333.333")],  # 1,000 × 10 ÷ 30
)
def test_a_share_is_in_the_minor_unit_of_its_currency(currency, expected):
    assert str(part("1000", 0, 10, currency=currency)) == expected


@pytest.mark.parametrize(("begins", "ends"), [(-1, 5), (5, 31), (6, 5)])
def test_days_of_another_month_have_no_share(begins, ends):
    with pytest.raises(ValueError, match="are no days of 2026-04"):
        part("30", begins, ends)


@given(
    st.decimals(0, 10**9, places=4),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)).map(month_of),
    st.lists(st.integers(1, 27), max_size=6),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_a_month_split_anywhere_is_the_whole(amount, of, splits, currency):
    ends = [0, *sorted(splits), of.days]
    days = [of.begins + timedelta(days=number) for number in ends]
    parts = [
        share(amount, of, begins=begins, ends=ends, currency=currency)
        for begins, ends in pairwise(days)
    ]
    assert sum(parts) == share(amount, of, begins=of.begins, ends=of.ends, currency=currency)
    assert min(parts) >= 0


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        (1, "100.5"),  # a whole month is not rounded
        (2, "98"),  # 100.5 × 29 ÷ 30 = 97.15
        (16, "51"),  # 100.5 × 15 ÷ 30 = 50.25
        (30, "4"),  # 100.5 ÷ 30 = 3.35
    ],
)
def test_units_of_a_part_month_are_whole(begins, expected):
    days = Days(month("2026-04"), date(2026, 4, begins), date(2026, 5, 1), "EUR")
    assert days.units(Decimal("100.5")) == Decimal(expected)


def test_months_follow_each_other():
    assert month("2026-12") == ("2026-12", date(2026, 12, 1), date(2027, 1, 1))
    assert month_after(month("2026-12")) == month("2027-01")
    assert month_of(date(2028, 2, 29)) == month("2028-02")


@pytest.mark.parametrize("key", ["2026-13", "2026-00", "2026-4", "2026-04-01", "٢٠٢٦-04", ""])
def test_what_is_no_month_is_refused(key):
    with pytest.raises(ValueError, match="is no month; write it like 2026-04"):
        month(key)
