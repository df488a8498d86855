"""The lane looks whether what should have come has come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring import tasks
from monitoring.domain import expecting, expecting_known, expecting_learn
from monitoring.models import ExceptionCase, Expectation, MarkedDays, Outage, Silence
from portal.core import clock
from portal.customers.models import Customer
from tests.monitoring.expecting import DAY, HOUR, SLOT, came

pytestmark = [pytest.mark.db, pytest.mark.long]

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def learn(now: datetime) -> None:
    expecting_known.discover(now)
    while expecting_learn.learn_due(now):
        pass


def every_ten_minutes(start: datetime, end: datetime, *, uneven: int = 7) -> list[datetime]:
    """Six an hour, not quite evenly, so that no schedule is kept."""
    found, n = [], 0
    at = start
    while at < end:
        found.append(at)
        n += 1
        at += (1 + n * n * uneven % 29 % 4) * SLOT
    return found


@pytest.fixture
def shop(harbor: Any) -> Any:
    """A shop whose orders come day and night for six weeks, the last at 09:00."""
    came(harbor.shop, every_ten_minutes(MONDAY - 42 * DAY, MONDAY + 9 * HOUR))
    learn(MONDAY + 9 * HOUR)
    return harbor.shop


def the_feed() -> Expectation:
    return Expectation.objects.get(kind="feed")


def test_what_moved_is_expected_and_learned(shop: Any) -> None:
    feed = the_feed()
    assert (feed.endpoint_id, feed.object_type) == (shop.pk, "order")
    assert feed.profile["weeks"] == pytest.approx(6, abs=0.1)
    assert feed.rhythm is None


def test_nothing_is_late_while_orders_come(shop: Any) -> None:
    expecting.look(MONDAY + 9 * HOUR + 10 * MINUTE)
    feed = the_feed()
    assert feed.state == "well"
    assert feed.due_at > MONDAY + 9 * HOUR + 30 * MINUTE
    assert not Silence.objects.exists()


def test_a_silence_is_a_case_as_soon_as_it_is_no_chance(shop: Any) -> None:
    expecting.look(MONDAY + 9 * HOUR + 10 * MINUTE)
    due = the_feed().due_at
    expecting.look(due - MINUTE)
    assert not Silence.objects.exists()
    expecting.look(due + 5 * MINUTE)
    silence = Silence.objects.get()
    case = ExceptionCase.objects.get()
    assert silence.case == case
    assert (case.code, case.origin, case.title) == (
        "volume_silent", "silence", f"{shop.label} sends no orders",
    )  # fmt: skip
    assert (silence.window_ended_at, silence.found_at) == (due, due + 5 * MINUTE)
    assert case.evidence["lines"][0][1].startswith("Expected ")
    assert "seen 0, since 09:00" in case.evidence["lines"][0][1]
    assert case.evidence["url"] == f"/expectations/silences/{silence.pk}/"


def silent(shop: Any, *, hours: int = 6) -> datetime:
    now = MONDAY + (9 + hours) * HOUR
    expecting.look(now)
    return now


def test_a_silence_is_one_case_however_often_it_is_looked_at(shop: Any) -> None:
    now = silent(shop)
    for n in range(1, 4):
        expecting.look(now + n * 20 * MINUTE)
    assert Silence.objects.count() == ExceptionCase.objects.count() == 1
    assert Silence.objects.get().seen_at == now + HOUR


def test_what_comes_again_ends_it_and_says_how_long_it_lasted(shop: Any) -> None:
    now = silent(shop)
    came(shop, [now + 5 * MINUTE])
    expecting.look(now + 10 * MINUTE)
    silence, case = Silence.objects.get(), ExceptionCase.objects.get()
    assert silence.ended_at == now + 5 * MINUTE
    assert case.state == "resolved"
    assert case.resolution.startswith("Documents came again. It lasted from 09:00")
    assert case.resolution.endswith("to 15:05, 6 h 05")
    assert the_feed().state == "well"


def test_nothing_is_silent_where_a_person_expects_nothing(shop: Any) -> None:
    Expectation.objects.update(mode="off", reason="Moved to the new shop")
    silent(shop)
    assert not Silence.objects.exists()
    assert (the_feed().state, the_feed().said) == ("off", "Moved to the new shop")


def test_switching_it_off_ends_its_silence(shop: Any) -> None:
    now = silent(shop)
    Expectation.objects.update(mode="off", look_at=now)
    expecting.look(now + 5 * MINUTE)
    assert Silence.objects.get().ended_at == now + 5 * MINUTE
    assert ExceptionCase.objects.get().resolution.startswith("It is not expected any more")


def test_an_endpoint_that_is_down_is_the_cause_and_not_a_second_case(shop: Any) -> None:
    outage = Outage.objects.create(
        customer_id=shop.customer_id, endpoint=shop, code="unavailable", began_at=MONDAY + 9 * HOUR
    )
    now = silent(shop)
    assert not Silence.objects.exists()
    assert the_feed().state == "explained"
    assert the_feed().said == f"{shop.label} cannot be reached since 09:00"
    outage.ended_at = now
    outage.save()
    expecting.look(now + 10 * MINUTE)
    assert the_feed().state == "well"  # the quiet is counted from when it could be reached again
    expecting.look(now + 6 * HOUR)
    assert Silence.objects.count() == 1


def test_a_paused_endpoint_is_expected_to_be_quiet(shop: Any) -> None:
    type(shop).objects.filter(pk=shop.pk).update(state="paused")
    silent(shop)
    assert not Silence.objects.exists()
    assert the_feed().said == "The endpoint is paused"


def test_far_fewer_than_usual_are_told_of_and_end(shop: Any) -> None:
    start = MONDAY + 9 * HOUR
    few = every_ten_minutes(start, start + 30 * HOUR)[::4]
    came(shop, few)
    for hour in range(2, 31):
        expecting.look(start + hour * HOUR + 3 * MINUTE)
    silence, case = Silence.objects.get(), ExceptionCase.objects.get()
    assert (silence.code, case.title) == (
        "volume_low", f"{shop.label} sends far fewer orders than usual",
    )  # fmt: skip
    lines = dict(case.evidence["lines"])
    assert (
        lines["Decided"] == f"E{silence.decided[1:]}" != lines["By now"] == f"E{silence.said[1:]}"
    )
    assert f"seen {silence.seen}, since" in silence.decided
    assert f"expected {silence.expected:.0f}, " in silence.decided
    found = silence.found_at
    came(shop, every_ten_minutes(start + 30 * HOUR, start + 60 * HOUR))
    for hour in range(31, 61):
        expecting.look(start + hour * HOUR + 3 * MINUTE)
    assert Silence.objects.get().ended_at > found
    assert ExceptionCase.objects.get().state == "resolved"
    assert the_feed().state == "well"


def test_documents_are_counted_once_an_hour(shop: Any) -> None:
    for minutes in range(0, 125, 5):
        came(shop, [MONDAY + 9 * HOUR + minutes * MINUTE])
        expecting.look(MONDAY + 9 * HOUR + (minutes + 5) * MINUTE)
    assert the_feed().counted_at == MONDAY + 11 * HOUR


def test_a_drop_is_over_when_that_is_clear(shop: Any) -> None:
    """As many as usual came in the six hours up to nine: what follows from it is explained from then on."""
    found = MONDAY + 8 * HOUR + 30 * MINUTE
    Silence.objects.create(
        expectation=the_feed(), code="volume_low", began_at=MONDAY - DAY, window_ended_at=found,
        found_at=found, seen_at=found, title="Few", decided="", said="",
        fingerprint="00000000-0000-0000-0000-000000000001",
    )  # fmt: skip
    expecting.look(MONDAY + 9 * HOUR + 3 * MINUTE)
    assert Silence.objects.get().ended_at == MONDAY + 9 * HOUR


def test_feeds_of_zones_whose_hours_begin_together_are_counted_at_once(
    harbor: Any, maris: Any
) -> None:
    Customer.objects.filter(pk=maris.customer_id).update(time_zone="Europe/Madrid")
    for shop in (harbor.shop, maris.shop):
        came(shop, every_ten_minutes(MONDAY - 42 * DAY, MONDAY + 9 * HOUR))
    learn(MONDAY + 9 * HOUR)
    with CaptureQueriesContext(connection) as queries:
        expecting.look(MONDAY + 9 * HOUR + 3 * MINUTE)
    assert sum("date_bin('1 hour', t.at" in one["sql"] for one in queries) == 1
    assert {one.counted_at for one in Expectation.objects.all()} == {MONDAY + 9 * HOUR}


def test_the_lane_learns_what_is_new_at_once_and_then_rests_for_an_hour(harbor: Any) -> None:
    now = MONDAY + 9 * HOUR
    came(harbor.shop, every_ten_minutes(MONDAY - 42 * DAY, now))
    with clock.freeze(now):
        turns = [tasks.expect_learn_lane("") for _ in range(3)]
    assert [(turn.done, turn.next_due - now) for turn in turns] == [
        (1, 0 * HOUR), (1, 0 * HOUR), (0, HOUR),
    ]  # fmt: skip
    assert the_feed().learned_at == now


def reports(shop: Any, *, days: int = 28, until: datetime = MONDAY) -> None:
    """A stock report each night at 22:30."""
    nights = [until - n * DAY - HOUR - 30 * MINUTE for n in range(days)]
    came(shop, reversed(nights), object_type="inventory")


def test_a_nightly_report_is_missed_when_its_window_is_over(harbor: Any) -> None:
    reports(harbor.shop)
    learn(MONDAY + 9 * HOUR)
    feed = the_feed()
    assert (feed.rhythm["begins"], feed.rhythm["ends"]) == (22 * 60 + 30, 22 * 60 + 35)
    expecting.look(MONDAY + 22 * HOUR + 44 * MINUTE)
    assert the_feed().state == "due"
    expecting.look(MONDAY + 22 * HOUR + 46 * MINUTE)
    silence, case = Silence.objects.get(), ExceptionCase.objects.get()
    assert (silence.code, case.code) == ("stale_feed", "stale_feed")
    assert silence.window_ended_at == MONDAY + 22 * HOUR + 45 * MINUTE
    assert silence.said == "expected 22:30–22:35, every day, nothing since Sun 22:30"


def test_a_report_that_stops_on_a_quiet_day_is_missed_on_the_next_that_counts(harbor: Any) -> None:
    reports(harbor.shop)
    learn(MONDAY + 9 * HOUR)
    MarkedDays.objects.create(
        customer_id=harbor.shop.customer_id, first=MONDAY.date(), last=MONDAY.date(), factor="0.1",
        reason="Stocktaking", author_name="Ana",
    )  # fmt: skip
    expecting.look(MONDAY + 23 * HOUR)
    assert not Silence.objects.exists()
    assert the_feed().due_at == MONDAY + DAY + 22 * HOUR + 45 * MINUTE
    expecting.look(MONDAY + DAY + 22 * HOUR + 44 * MINUTE)
    assert not Silence.objects.exists()
    expecting.look(MONDAY + DAY + 22 * HOUR + 46 * MINUTE)
    assert Silence.objects.get().window_ended_at == MONDAY + DAY + 22 * HOUR + 45 * MINUTE


def test_what_was_agreed_goes_before_what_was_learned(harbor: Any) -> None:
    reports(harbor.shop)
    learn(MONDAY + 9 * HOUR)
    agreed = {"every": 60.0, "grace": 10, "in_hours": False}
    Expectation.objects.update(mode="given", schedule=agreed)
    expecting.look(MONDAY + 9 * HOUR + MINUTE)
    # it came in the five minutes from 22:30; an hour, and ten minutes of grace
    assert Silence.objects.get().window_ended_at == MONDAY - 15 * MINUTE


def test_a_flow_is_not_silent_when_nothing_comes_that_could_go(shop: Any) -> None:
    from integrations.models import Flow
    from tests.monitoring.expecting import went

    went(Flow.objects.get(), every_ten_minutes(MONDAY - 42 * DAY, MONDAY + 9 * HOUR))
    learn(MONDAY + 9 * HOUR)
    now = silent(shop)
    expecting.look(now + 10 * MINUTE)
    assert Silence.objects.get().expectation.kind == "feed"
    flow = Expectation.objects.get(kind="flow")
    assert (flow.state, flow.said) == ("explained", f"Explained: {shop.label} sends no orders")


def test_orders_keep_no_schedule_however_regular(harbor: Any) -> None:
    came(harbor.shop, [MONDAY - n * HOUR for n in range(24 * 28, 0, -1)])
    learn(MONDAY)
    assert (the_feed().rhythm, bool(the_feed().profile)) == (None, True)


def test_what_follows_from_a_silence_is_no_case_of_its_own(shop: Any, harbor: Any) -> None:
    """Nothing is invoiced where nothing was ordered, also for a day after orders came again."""
    came(
        harbor.erp, every_ten_minutes(MONDAY - 42 * DAY, MONDAY + 10 * HOUR), object_type="invoice"
    )
    learn(MONDAY + 9 * HOUR)
    now = silent(shop)
    came(shop, [now + 5 * MINUTE])
    expecting.look(now + 10 * MINUTE)
    assert Silence.objects.get().ended_at
    expecting.look(now + 60 * MINUTE)
    invoices = Expectation.objects.get(object_type="invoice")
    assert (invoices.state, Silence.objects.count()) == ("explained", 1)
    assert invoices.said == f"Explained: {shop.label} sends no orders"


def test_a_flow_whose_source_gave_nothing_is_not_silent_before_its_source_is(harbor: Any) -> None:
    from integrations.models import Flow
    from tests.monitoring.expecting import went

    flow = Flow.objects.get()
    went(flow, every_ten_minutes(MONDAY - 42 * DAY, MONDAY + 9 * HOUR))
    learn(MONDAY + 9 * HOUR)
    now = silent(harbor.shop)
    assert not Silence.objects.exists()
    assert Expectation.objects.get().said == "Nothing came that could go on"
    came(harbor.shop, [now])
    expecting.look(now + 10 * MINUTE)
    assert Silence.objects.get().expectation.flow_id == flow.pk
