"""What a channel is told when the stock figures are old."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.availability import Freshness, fresh_quantity

pytestmark = pytest.mark.pure

RULE = Freshness(limit=timedelta(minutes=60), zero_after=timedelta(hours=4), caution=Decimal("1.5"))


def published(last: int, *, minutes: int, a_item: bool = True) -> int:
    return fresh_quantity(
        last,
        age=timedelta(minutes=minutes),
        freshness=RULE,
        hourly_sales=Decimal(4),
        a_item=a_item,
    )


def test_a_figure_within_the_limit_is_published_as_it_is() -> None:
    assert published(100, minutes=60) == 100


def test_expected_sales_come_off_an_old_figure() -> None:
    assert published(100, minutes=120) == 88  # 100 − 1.5 × 4 × 2
    assert published(100, minutes=61) == 93  # 100 − 6.1, rounded down


def test_an_old_figure_never_falls_below_zero() -> None:
    assert published(10, minutes=239) == 0  # 10 − 23.9


def test_a_fast_seller_is_sold_out_beyond_the_second_limit() -> None:
    assert published(100, minutes=240) == 76  # 100 − 1.5 × 4 × 4
    assert published(100, minutes=241) == 0


def test_a_slow_seller_keeps_its_reduced_figure_beyond_the_second_limit() -> None:
    assert published(100, minutes=600, a_item=False) == 40  # 100 − 1.5 × 4 × 10


@pytest.mark.parametrize("zero_after", [timedelta(minutes=59), timedelta(minutes=-5)])
def test_limits_out_of_order_are_refused(zero_after: timedelta) -> None:
    with pytest.raises(ValueError, match="limit must not be below zero nor above zero_after"):
        Freshness(limit=timedelta(minutes=60), zero_after=zero_after)


def test_negative_caution_is_refused() -> None:
    with pytest.raises(ValueError, match="caution must not be below 0, not -1"):
        Freshness(caution=Decimal(-1))


@given(st.integers(0, 10_000), st.integers(0, 2_000), st.integers(0, 500), st.booleans())
def test_an_older_figure_never_publishes_more(
    last: int, minutes: int, longer: int, a_item: bool
) -> None:
    newer = published(last, minutes=minutes, a_item=a_item)
    assert 0 <= published(last, minutes=minutes + longer, a_item=a_item) <= newer <= last
