from datetime import time
from zoneinfo import ZoneInfo

import pytest

from integrations.cutoffs import Pickup, pickup_faults, pickup_from

pytestmark = pytest.mark.pure


def test_a_time_is_enough():
    assert pickup_from({"time": "14:00"}, site="RNO1", zone="America/Denver") == Pickup(
        "RNO1", time(14), ZoneInfo("America/Denver"), frozenset({0, 1, 2, 3, 4}), 3
    )


def test_everything_can_be_said():
    data = {"time": "09:45", "zone": "Europe/Oslo", "days": "mon-sat", "transit_days": 0}
    assert pickup_from(data, site="OSL1", zone="America/Denver") == Pickup(
        "OSL1", time(9, 45), ZoneInfo("Europe/Oslo"), frozenset({0, 1, 2, 3, 4, 5}), 0
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sun-thu", {6, 0, 1, 2, 3}),
        ("Mon, Wed,fri", {0, 2, 4}),
        ("mon-tue,sat", {0, 1, 5}),
        ("sun", {6}),
        ("mon-sun", {0, 1, 2, 3, 4, 5, 6}),
    ],
)
def test_days_are_ranges_and_lists(days, expected):
    found = pickup_from({"time": "14:00", "days": days}, site="RNO1", zone="UTC")
    assert found.days == expected


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        ({"time": "14:00"}, []),
        ({"time": "00:00", "zone": "America/Denver", "days": "sat", "transit_days": 60}, []),
        ({}, ["time"]),
        ({"time": "24:00"}, ["time"]),
        ({"time": "2 pm"}, ["time"]),
        ({"time": "14:00", "zone": "Denver"}, ["zone"]),
        ({"time": "14:00", "days": "weekdays"}, ["days"]),
        ({"time": "14:00", "days": "mon-fri,"}, ["days"]),
        ({"time": "14:00", "days": "mon-fri-sat"}, ["days"]),
        ({"time": "14:00", "transit_days": -1}, ["transit_days"]),
        ({"time": "14:00", "transit_days": 61}, ["transit_days"]),
    ],
)
def test_what_is_wrong_is_said_by_its_key(data, keys):
    assert [key for key, _ in pickup_faults(data)] == keys
