"""What metrics count of facts."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.domain import intake
from billing.metering import Point, time_weighted
from billing.models import Account, Metric
from billing.queries.measured import Days, measure
from portal.core import clock
from tests.billing.usage import account, at, event
from tests.people import Site

A = Metric.Aggregation
APRIL = Days(at("2026-04-01").date(), at("2026-05-01").date())


def metric(aggregation: str, **more: Any) -> Metric:
    return Metric(code="m", kinds=more.pop("kinds", ["document"]), aggregation=aggregation, **more)


def of(one: Account, metric: Metric, **more: Any) -> Decimal:
    return measure(one, [metric], APRIL, **more)["m"].quantity


@pytest.fixture
def harbor(kestrel: Site):  # type: ignore[no-untyped-def]
    with clock.freeze(at("2026-06-01 12:00")):
        one = account(kestrel.harbor)
        orders = {"properties": {"object_type": "order", "endpoint": "7"}}
        stock = {"properties": {"object_type": "inventory", "endpoint": "8"}}
        intake.note(
            [
                event(one, "a", "2026-04-01 00:00", quantity="2", **orders),
                event(one, "b", "2026-04-10 12:00", quantity="5", **orders),
                event(one, "c", "2026-04-30 23:59", quantity="3", **stock),
                event(one, "d", "2026-05-01 00:00", quantity="100", **orders),
                event(one, "e", "2026-04-11 00:00", quantity="50", free="a test", **orders),
                event(account(kestrel.maris), "f", "2026-04-11 00:00", quantity="70", **orders),
                event(one, "g", "2026-04-12 00:00", kind="storage", quantity="9"),
            ]
        )
        yield one


@pytest.mark.db
@pytest.mark.parametrize(
    ("asked", "quantity"),
    [
        (metric(A.COUNT), 3),  # a, b, c: neither May's, nor the free one, nor another's
        (metric(A.SUM), 10),  # 2 + 5 + 3
        (metric(A.MAX), 5),
        (metric(A.UNIQUE, field="endpoint"), 2),
        (metric(A.SUM, filters={"object_type": ["order"]}), 7),
        (metric(A.COUNT, kinds=["document", "storage"]), 4),
        (metric(A.COUNT, filters={"object_type": ["return"]}), 0),
        (metric(A.LATEST), 3),
    ],
)
def test_each_aggregation_counts_what_it_says(
    harbor: Account, asked: Metric, quantity: int
) -> None:
    assert of(harbor, asked) == quantity


@pytest.mark.db
def test_the_average_is_over_the_time_that_it_held(harbor: Account) -> None:
    """9 GB from 12 April on: 19 of 30 days. 9 × 19 / 30 = 5.7"""
    assert of(harbor, metric(A.TIME_WEIGHTED, kinds=["storage"])) == Decimal("5.7")


@pytest.mark.db
def test_each_event_comes_in_the_order_it_happened(harbor: Account) -> None:
    usage = measure(harbor, [metric(A.SUM)], APRIL, each=True)["m"]
    assert usage.events == (2, 5, 3)


@pytest.mark.db
def test_an_amendment_counts_instead_of_what_it_amends(harbor: Account) -> None:
    orders = {"properties": {"object_type": "order", "endpoint": "7"}}
    intake.note([event(harbor, "b", "2026-04-10 12:00", quantity="1", revision=1, **orders)])
    assert of(harbor, metric(A.SUM)) == 6  # 2 + 1 + 3
    intake.note([event(harbor, "b", "2026-04-10 12:00", quantity="0", times=0, revision=2)])
    assert of(harbor, metric(A.COUNT)) == 2


@pytest.mark.db
def test_an_invoice_knows_what_was_noted_before_its_month_closed(harbor: Account) -> None:
    harbor.open_from = "2026-05"
    harbor.save()
    intake.note([event(harbor, "late", "2026-04-20 10:00", quantity="4")])
    intake.note([event(harbor, "a", "2026-04-01 00:00", quantity="1", revision=1)])
    assert of(harbor, metric(A.SUM), known_by="2026-04") == 10
    assert of(harbor, metric(A.SUM), known_by="2026-05") == 13  # 1 + 5 + 3 + 4


def test_the_average_over_time_by_hand() -> None:
    """10 for 10 of 30 days, then 40 for 20: (100 + 800) / 30 = 30; what held before counts from the start."""
    begins, ends = at("2026-04-01"), at("2026-05-01")
    points = [Point(at("2026-03-05"), Decimal(10)), Point(at("2026-04-11"), Decimal(40))]
    assert time_weighted(points, begins=begins, ends=ends) == 30
    assert time_weighted([], begins=begins, ends=ends) == 0
    with pytest.raises(ValueError, match="some time"):
        time_weighted(points, begins=begins, ends=begins)


@given(st.lists(st.tuples(st.integers(0, 59), st.integers(0, 1000)), max_size=8))
@settings(max_examples=100)
def test_the_average_is_between_the_lowest_and_the_highest(made: list[tuple[int, int]]) -> None:
    begins, ends = at("2026-04-01"), at("2026-05-01")
    points = [Point(at(f"2026-04-01 10:{minute:02}"), Decimal(value)) for minute, value in made]
    average = time_weighted(points, begins=begins, ends=ends)
    values = [one.value for one in points] + [Decimal(0)]
    assert min(values) <= average <= max(values)
