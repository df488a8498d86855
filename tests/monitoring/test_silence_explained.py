"""What follows from something that is missing is not told of beside it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import expecting, silence_explained
from monitoring.models import ExceptionCase, Expectation, Silence
from tests.monitoring.expecting import DAY, HOUR, came
from tests.monitoring.test_expecting_feeds import MONDAY, every_ten_minutes, learn

pytestmark = [pytest.mark.db, pytest.mark.long]

MINUTE = timedelta(minutes=1)
NINE = MONDAY + 9 * HOUR
PAST = (MONDAY - 42 * DAY, NINE)


@pytest.fixture
def two(harbor: Any) -> Any:
    """A shop that sends orders and an ERP that sends invoices, both day and night until nine."""
    came(harbor.shop, every_ten_minutes(*PAST))
    came(harbor.erp, every_ten_minutes(*PAST), object_type="invoice")
    learn(NINE)
    return harbor


def expectation(object_type: str) -> Expectation:
    return Expectation.objects.select_related("customer", "endpoint", "flow").get(
        object_type=object_type, kind="feed"
    )


def test_invoices_wait_while_it_is_not_sure_that_orders_are_missing(two: Any) -> None:
    # 6 orders in four hours instead of 24: far fewer, and no drop yet of six hours or more
    came(two.shop, [NINE + n * 45 * MINUTE for n in range(6)])
    expecting.look(NINE + 4 * HOUR + 3 * MINUTE)
    assert not Silence.objects.exists()
    invoices = expectation("invoice")
    assert invoices.state == "explained"
    assert invoices.said == f"Few came that could go on, of {two.shop.label}"


def test_invoices_do_not_wait_where_orders_come_as_usual(two: Any) -> None:
    came(two.shop, every_ten_minutes(NINE, NINE + 4 * HOUR))
    expecting.look(NINE + 4 * HOUR + 3 * MINUTE)
    assert Silence.objects.get().expectation == expectation("invoice")


def silence(object_type: str, began: datetime, **changes: Any) -> Silence:
    one = expectation(object_type)
    made = {
        "expectation": one, "code": "volume_silent", "began_at": began, "window_ended_at": began,
        "found_at": began, "seen_at": began, "title": object_type, "decided": "", "said": "",
        "fingerprint": f"00000000-0000-0000-0000-{one.pk:012}",
    }  # fmt: skip
    return Silence.objects.create(**made | changes)


def test_a_cause_that_is_found_later_joins_the_case_of_what_follows_from_it(two: Any) -> None:
    came(two.shop, every_ten_minutes(NINE, NINE + 4 * HOUR))
    expecting.look(NINE + 4 * HOUR + 3 * MINUTE)
    assert Silence.objects.get().expectation == expectation("invoice")
    expecting.look(NINE + 10 * HOUR)
    orders = Silence.objects.get(expectation=expectation("order"))
    case = ExceptionCase.objects.get()
    assert orders.case == case
    assert case.evidence["lines"][0][1] == f"E{orders.decided[1:]}"  # the cause goes first


def test_what_ended_a_day_ago_explains_nothing_any_more(two: Any) -> None:
    ended = silence("order", NINE - 30 * HOUR, ended_at=NINE - 25 * HOUR)
    invoices = expectation("invoice")
    asked = silence_explained.Explanations([(invoices, NINE)], NINE)
    assert asked.of(invoices) == ""
    Silence.objects.filter(pk=ended.pk).update(ended_at=NINE - 23 * HOUR)
    assert (
        silence_explained.Explanations([(invoices, NINE)], NINE).of(invoices) == "Explained: order"
    )


def test_orders_are_not_explained_by_invoices_nor_by_themselves(two: Any) -> None:
    silence("invoice", NINE)
    silence("order", NINE)
    orders = expectation("order")
    assert silence_explained.Explanations([(orders, NINE)], NINE).of(orders) == ""


def test_however_much_is_missing_it_is_asked_about_at_once(two: Any) -> None:
    silence("order", NINE)
    invoices = expectation("invoice")
    counts = []
    for many in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            asked = silence_explained.Explanations([(invoices, NINE)] * many, NINE)
            assert [asked.of(invoices) for _ in range(many)] == ["Explained: order"] * many
        counts.append(len(queries))
    assert counts == [1, 1]
