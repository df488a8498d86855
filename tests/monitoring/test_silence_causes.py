"""What is asked about the time around a silence, and the cause that speaks for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations.models import ChangeRequest, DoorRefusal, Message, PollCursor
from monitoring.domain import silence_causes
from monitoring.domain.expecting_days import days_of
from monitoring.models import Expectation, MarkedDays, Outage
from portal.customers.models import Customer
from tests.monitoring.expecting import DAY, HOUR, came

pytestmark = pytest.mark.db

SINCE = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = SINCE + 3 * HOUR
MINUTE = timedelta(minutes=1)


@pytest.fixture
def feed(harbor: Any) -> Expectation:
    made = Expectation.objects.create(
        customer_id=harbor.customer_id, endpoint=harbor.shop, kind="feed", object_type="order"
    )
    return Expectation.objects.select_related("endpoint").get(pk=made.pk)


def causes(feed: Expectation) -> list[tuple[str, str]]:
    customer = Customer.objects.get(pk=feed.customer_id)
    found = silence_causes.of(feed, SINCE, days=days_of([customer])[customer.pk], now=NOW)
    return [(one.code, one.sentence) for one in found]


def test_nothing_known_is_said_so(feed: Expectation) -> None:
    assert causes(feed) == [("unknown", "Nothing we know explains it")]


def test_polls_that_fail_are_our_fault_and_polls_without_documents_are_theirs(feed: Any) -> None:
    cursor = PollCursor.objects.create(
        endpoint=feed.endpoint, stream="orders", every_seconds=60, due_at=NOW, last_run_at=NOW
    )
    assert causes(feed) == [("upstream_quiet", "Web shop is reached and gives no orders")]
    PollCursor.objects.filter(pk=cursor.pk).update(attempts=4)
    assert causes(feed) == [("our_poll", "Our fault: the poll of orders failed 4 times in a row")]


def test_what_our_door_refuses_is_told_first(feed: Any) -> None:
    DoorRefusal.objects.create(endpoint=feed.endpoint, hour=SINCE, reason="signature", count=12)
    assert causes(feed)[0] == (
        "our_door", "Our fault: our door refused 12 of its documents: signature",
    )  # fmt: skip


def test_documents_that_lie_with_us_are_our_backlog(feed: Any) -> None:
    Message.objects.create(
        id="00000000-0000-7000-8000-000000000077", direction="in", endpoint=feed.endpoint,
        customer_id=feed.customer_id, object_type="order", state="received", created_at=SINCE,
    )  # fmt: skip
    assert causes(feed) == [("our_backlog", "Our fault: 1 document not taken up yet")]


def test_a_change_shortly_before_is_named(feed: Any) -> None:
    change = ChangeRequest.objects.create(
        customer_id=feed.customer_id, kind="mapping", key="shop order in", state="live",
        author_name="Ben", published_at=SINCE - 20 * MINUTE,
    )  # fmt: skip
    assert causes(feed) == [("our_change", f"Our fault: {change}: mapping shop order in went live")]


def test_an_endpoint_that_was_down_meanwhile_is_named(feed: Any) -> None:
    Outage.objects.create(
        customer_id=feed.customer_id, endpoint=feed.endpoint, code="timeout", text="No answer",
        began_at=SINCE,
    )  # fmt: skip
    assert causes(feed) == [("endpoint_down", "Web shop cannot be reached since 09:00")]


def test_others_that_go_on_are_counted(feed: Any, maris: Any) -> None:
    Expectation.objects.create(
        customer_id=maris.customer_id, endpoint=maris.shop, kind="feed", object_type="order",
        last_at=NOW,
    )  # fmt: skip
    week = timedelta(weeks=1)
    came(maris.shop, [SINCE + n * 10 * MINUTE for n in range(12)])
    came(maris.shop, [SINCE - week + n * 15 * MINUTE for n in range(8)])
    customer = Customer.objects.get(pk=feed.customer_id)
    (found,) = silence_causes.of(feed, SINCE, days=days_of([customer])[customer.pk], now=NOW)
    assert found.sentence == "Web shop sends no orders while others go on"
    assert found.lines == (f"{maris.shop.label}: 12 documents where about 8 were expected",)


def test_a_closed_day_and_a_promotion_that_is_over_are_reasons(feed: Any) -> None:
    Customer.objects.filter(pk=feed.customer_id).update(
        calendar={"hours": {"mon": "08:00-18:00"}, "closed": {"2026-03-02": "Founder's day"}}
    )
    MarkedDays.objects.create(
        customer_id=feed.customer_id, first=date(2026, 2, 26), last=date(2026, 3, 1), factor=3,
        reason="Winter sale", author_name="Ana",
    )  # fmt: skip
    assert causes(feed) == [
        ("closed", "The calendar is closed: Founder's day"),
        ("promotion_over", "A promotion is over: Winter sale, until 1 Mar"),
    ]


def test_a_day_that_was_quiet_in_former_years_is_found(feed: Any) -> None:
    then = datetime(2025, 3, 2, 12, tzinfo=UTC)
    around = [then + n * DAY + m * MINUTE for n in (-3, -2, -1, 1, 2, 3) for m in range(0, 60, 5)]
    came(feed.endpoint, [then, *around])
    assert causes(feed) == [("quiet_before", "2 Mar was quiet in former years, too")]
