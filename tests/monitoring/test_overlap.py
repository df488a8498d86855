"""What stands in several cases is at risk once: counted at once on a small desk, measured for a large."""

from datetime import timedelta
from decimal import Decimal

import pytest

from monitoring.domain import overlap
from monitoring.models import ExceptionCase, Overlap
from monitoring.queries import risk
from monitoring.tasks import desk_lane
from portal.core import clock
from tests import pipeline
from tests.monitoring.desk import NOON
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db
LARGE = risk.COUNTED_AT_ONCE + 1


@pytest.fixture
def two_wrongs(harbor):
    """Two orders of 128.00, each with two items nobody knows: two cases, each with both orders."""
    order = pipeline.order("1001")["lines"][0]
    lines = [{**order, "sku": "OLD-A"}, {**order, "line_no": "2", "sku": "OLD-B"}]
    pipeline.store(harbor.shop, *[pipeline.order(n, lines=lines) for n in ("1001", "1002")])
    pipeline.run(harbor.customer_id)
    found = ExceptionCase.objects.order_by("value")
    assert [(c.value, c.documents, str(c.at_risk)) for c in found] == [
        ("OLD-A", 2, "256.0000"),
        ("OLD-B", 2, "256.0000"),
    ]
    return list(found)


def at_stake(documents):
    found = risk.stake(documents=documents)
    return [(currency, str(amount)) for currency, amount in found.amounts], found.as_of


def test_an_order_in_two_cases_is_at_risk_once(operator, two_wrongs):
    assert risk.overlap() == {"USD": Decimal("256.0000")}  # 2 × 256 counted, 256 at risk
    assert at_stake(4) == ([("USD", "256.0000")], None)
    assert "$256.00 at risk" in texts(page(operator.get("/desk/")), "#desk-facts span")


def test_a_large_desk_says_when_it_was_measured(operator, two_wrongs):
    ExceptionCase.objects.filter(pk=two_wrongs[0].pk).update(documents=LARGE)
    assert at_stake(LARGE) == ([("USD", "512.0000")], None)  # not measured yet
    with clock.freeze(NOON) as now:
        assert overlap.measure() is True
        now.move(60)
        assert at_stake(LARGE) == ([("USD", "256.0000")], NOON)
        fact = page(operator.get("/desk/")).select_one("#desk-facts span[title]")
    assert fact["title"] == "each order once, as of 12:00:00"


def test_it_is_measured_for_a_thirtieth_of_the_time_at_most(two_wrongs):
    ExceptionCase.objects.filter(pk=two_wrongs[0].pk).update(documents=LARGE)
    with clock.freeze(NOON) as now:
        assert overlap.measure() is True
        Overlap.objects.update(seconds=2)
        now.move(59)
        assert overlap.measure() is False
        now.move(1)
        assert overlap.measure() is True
    assert Overlap.objects.get().measured_at == NOON + timedelta(minutes=1)


def test_a_small_desk_needs_no_measuring_and_the_desks_own_lane_does_it_for_a_large(two_wrongs):
    desk_lane("")
    assert not Overlap.objects.exists()
    ExceptionCase.objects.filter(pk=two_wrongs[0].pk).update(documents=LARGE)
    desk_lane("")
    assert Overlap.objects.get().amounts == {"USD": "256.0000"}


def test_a_stale_measurement_takes_off_no_more_than_there_is(two_wrongs):
    Overlap.objects.create(amounts={"USD": "900.00"}, measured_at=NOON, seconds=1)
    assert at_stake(LARGE) == ([], NOON)
