"""When an order is too late. Denver is seven hours behind UTC, six from 8 March to 1 November 2026."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.cutoffs import FIELDS, Cutoff, cutoff, pickup_from

pytestmark = pytest.mark.pure

DENVER = pickup_from({"time": "14:00"}, site="DEN1", zone="America/Denver")
RENO = pickup_from({"time": "15:30", "days": "mon-sat"}, site="RNO1", zone="America/Los_Angeles")
FRIDAY_NOON = datetime(2026, 3, 6, 19, 0, tzinfo=UTC)


def of(body, *pickups, zone="America/Denver", now=FRIDAY_NOON):
    found = cutoff(body, pickups=pickups, zone=ZoneInfo(zone), now=now)
    return found and (f"{found.at:%Y-%m-%dT%H:%M:%S%z}", found.kind, found.site)


@pytest.mark.parametrize(
    ("asked", "at"),
    [
        ("2026-03-06", "2026-03-06T21:00:00+0000"),  # Friday, 14:00 − 7
        ("2026-03-07", "2026-03-06T21:00:00+0000"),  # on Saturday no truck leaves
        ("2026-03-08", "2026-03-06T21:00:00+0000"),
        ("2026-03-09", "2026-03-09T20:00:00+0000"),  # Monday, 14:00 − 6
        ("2026-10-30", "2026-10-30T20:00:00+0000"),
        ("2026-11-02", "2026-11-02T21:00:00+0000"),
        ("2025-01-02", "2025-01-02T21:00:00+0000"),  # long past
    ],
)
def test_a_day_of_shipment_ends_with_its_last_truck(asked, at):
    assert of({"requested_ship": asked}, DENVER) == (at, "ship_by", "DEN1")


def test_a_day_without_a_known_truck_ends_at_midnight_of_the_customer():
    assert of({"requested_ship": "2026-03-07"}) == ("2026-03-08T06:59:59+0000", "ship_by", "")
    assert of({"requested_ship": "2026-03-08"}) == ("2026-03-09T05:59:59+0000", "ship_by", "")


def test_an_hour_that_comes_twice_belongs_to_the_day_it_ends():
    """In Beirut Saturday 24 October 2026 has 25 hours: the last is two hours ahead of UTC."""
    found = of({"requested_ship": "2026-10-24"}, zone="Asia/Beirut")
    assert found == ("2026-10-24T21:59:59+0000", "ship_by", "")


def test_a_moment_of_shipment_is_itself():
    body = {"requested_ship": "2026-03-07T10:15:00Z"}
    assert of(body, DENVER) == ("2026-03-07T10:15:00+0000", "ship_by", "")


def test_a_moment_without_a_zone_is_the_customers():
    body = {"requested_ship": "2026-03-07T10:15:00"}
    assert of(body, DENVER) == ("2026-03-07T17:15:00+0000", "ship_by", "")


@pytest.mark.parametrize(
    ("asked", "at"),
    [
        ("2026-03-12", "2026-03-09T20:00:00+0000"),  # Thursday − 3 = Monday
        ("2026-03-09", "2026-03-04T21:00:00+0000"),  # Monday − 3 = Wednesday before
        ("2026-03-08", "2026-03-04T21:00:00+0000"),  # Sunday: Friday, Thursday, Wednesday
        ("2026-03-13T05:30:00Z", "2026-03-09T20:00:00+0000"),  # still Thursday in Denver
    ],
)
def test_a_delivery_leaves_three_working_days_before(asked, at):
    assert of({"requested_delivery": asked}, DENVER) == (at, "delivery", "DEN1")


def test_the_days_on_the_way_are_those_of_the_site():
    near = pickup_from({"time": "14:00", "transit_days": 1}, site="DEN1", zone="America/Denver")
    found = of({"requested_delivery": "2026-03-09"}, near)
    assert found == ("2026-03-06T21:00:00+0000", "delivery", "DEN1")


@pytest.mark.parametrize(
    ("service", "day"),
    [
        ("Same day", "12"), ("same_day", "12"), ("SAMEDAY", "12"),
        ("UPS Next Day Air", "11"), ("Overnight", "11"), ("1-day", "11"), ("one business day", "11"),
        ("FedEx 2Day", "10"), ("2nd Day Air", "10"), ("Two days", "10"), ("1-2 days", "10"),
        ("2 business days", "10"),
        ("Ground", "09"), ("12 days", "09"), ("", "09"), (None, "09"), (2, "09"),
    ],
)  # fmt: skip
def test_a_faster_service_leaves_later(service, day):
    body = {"requested_delivery": "2026-03-12", "service_level": service}
    assert of(body, DENVER) == (f"2026-03-{day}T20:00:00+0000", "delivery", "DEN1")


def test_a_delivery_on_the_same_day_is_no_later_than_itself():
    body = {"requested_delivery": "2026-03-06T17:00:00Z", "service_level": "same day"}
    assert of(body, DENVER) == ("2026-03-06T17:00:00+0000", "delivery", "DEN1")


def test_a_delivery_without_a_known_truck_leaves_by_the_end_of_a_day():
    found = of({"requested_delivery": "2026-03-12"})
    assert found == ("2026-03-10T05:59:59+0000", "delivery", "")


def test_a_day_after_which_it_is_cancelled_counts_to_its_end():
    body = {"cancel_after": "2026-03-06"}
    assert of(body, DENVER) == ("2026-03-07T06:59:59+0000", "cancel_after", "")
    body = {"cancel_after": "2026-03-06T12:00:00Z"}
    assert of(body, DENVER) == ("2026-03-06T12:00:00+0000", "cancel_after", "")


def test_the_earliest_of_what_an_order_asks_for_counts():
    body = {"requested_ship": "2026-03-10", "requested_delivery": "2026-03-12"}
    assert of(body, DENVER) == ("2026-03-09T20:00:00+0000", "delivery", "DEN1")
    body["cancel_after"] = "2026-03-05"
    assert of(body, DENVER) == ("2026-03-06T06:59:59+0000", "cancel_after", "")


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (datetime(2026, 3, 6, 20, 59, 59, tzinfo=UTC), "2026-03-06T21:00:00+0000"),
        (datetime(2026, 3, 6, 21, 0, tzinfo=UTC), "2026-03-09T20:00:00+0000"),  # it has left
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), "2026-03-09T20:00:00+0000"),
        (datetime(2026, 11, 1, 12, 0, tzinfo=UTC), "2026-11-02T21:00:00+0000"),
    ],
)
def test_an_order_that_asks_for_nothing_makes_the_next_truck(now, at):
    assert of({"number": "1001"}, DENVER, now=now) == (at, "pickup", "DEN1")


def test_of_several_sites_the_earliest_truck_counts():
    assert of({}, RENO, DENVER) == ("2026-03-06T21:00:00+0000", "pickup", "DEN1")
    assert of({}, RENO, DENVER, now=datetime(2026, 3, 6, 22, 0, tzinfo=UTC)) == (
        "2026-03-06T23:30:00+0000", "pickup", "RNO1",
    )  # fmt: skip
    assert of({"requested_ship": "2026-03-07"}, RENO, DENVER) == (
        "2026-03-06T21:00:00+0000", "ship_by", "DEN1",
    )  # fmt: skip
    assert of({"requested_ship": "2026-03-07"}, RENO) == (
        "2026-03-07T23:30:00+0000", "ship_by", "RNO1",
    )  # fmt: skip


def test_an_order_that_asks_for_nothing_and_has_no_truck_has_no_cut_off():
    assert cutoff({}, pickups=[], zone=ZoneInfo("UTC"), now=FRIDAY_NOON) is None


@pytest.mark.parametrize(
    "wrong",
    [None, "", 20260306, ["2026-03-06"], {"date": "2026-03-06"}, "tomorrow", "2026-02-30",
     "2026-03-06T99:00:00Z", "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00",
     "9999-12-31T23:59:59-12:00", "T", "\u0000"],
)  # fmt: skip
def test_what_is_no_date_counts_as_missing(wrong):
    body = dict.fromkeys(("requested_ship", "requested_delivery", "cancel_after"), wrong)
    assert of(body, DENVER) == ("2026-03-06T21:00:00+0000", "pickup", "DEN1")
    assert of(body) is None


def test_a_cutoff_is_in_utc():
    found = cutoff({}, pickups=[DENVER], zone=ZoneInfo("UTC"), now=FRIDAY_NOON)
    assert found == Cutoff(datetime(2026, 3, 6, 21, 0, tzinfo=UTC), "pickup", "DEN1")
    assert found.at.tzinfo is UTC


LIKE_DATES = st.from_regex(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?", fullmatch=True
)
JSON = st.none() | st.booleans() | st.integers() | st.text() | LIKE_DATES | st.lists(st.text())


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
@example({"requested_ship": "2100-12-31T23:59:59-23:59"})
@example({"requested_delivery": "2000-01-01", "service_level": "ground"})
def test_whatever_stands_in_an_order_there_is_an_answer(body):
    found = cutoff(body, pickups=[DENVER, RENO], zone=ZoneInfo("UTC"), now=FRIDAY_NOON)
    assert 1999 <= found.at.year <= 2101
