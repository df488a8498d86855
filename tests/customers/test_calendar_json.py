"""A calendar as people write it."""

from datetime import date

import pytest

from portal.customers.calendar import CalendarError
from portal.customers.calendar_json import from_json, to_json
from tests.customers.calendars import calendar, local

pytestmark = pytest.mark.pure

HOURS = {"mon": "07:00-12:00, 13:00-17:00", "sat": "08:00-24:00"}
FULL = {
    "hours": HOURS,
    "holidays": {"country": "US", "region": "CA"},
    "closed": {"2026-12-23": "", "2026-12-24": "Stocktake"},
    "open": {"2026-11-28": "", "2026-12-05": "08:00-12:00"},
}


def test_a_calendar_is_written_as_it_was_read():
    found = from_json(FULL, zone="UTC", holidays=frozenset({date(2026, 12, 25)}))
    assert to_json(found) == FULL


def test_only_what_there_is_is_written():
    assert to_json(calendar({"mon": " 7:00 – 9:30 ,"})) == {"hours": {"mon": "07:00-09:30"}}


def test_an_open_day_without_hours_is_a_closed_day():
    found = from_json(FULL, zone="UTC", holidays=frozenset())
    assert found.hours_of(local("2026-11-28 00:00").date()) == ()


@pytest.mark.parametrize(
    ("content", "path", "sentence"),
    [
        ({"hours": {"tue": "19:00-07:00"}}, ("hours", "tue"),
         "Tuesday closes at 07:00 before it opens at 19:00."),
        ({"hours": {"tue": "7-19"}}, ("hours", "tue"),
         "Tuesday: “7-19” are no hours. Write them like 07:00-19:00."),
        ({"hours": {"tue": "07:00-24:01"}}, ("hours", "tue"),
         "Tuesday: there is no 24:01. A day ends at 24:00."),
        ({"hours": {"tue": "07:60-12:00"}}, ("hours", "tue"),
         "Tuesday: there is no 07:60. A day ends at 24:00."),
        ({"hours": {"tue": "07:00-12:00, 11:00-13:00"}}, ("hours", "tue"),
         "Tuesday opens at 11:00, when it is still open from 07:00–12:00."),
        ({"hours": {"tue": 7}}, ("hours", "tue"),
         "It must be text such as 07:00-12:00, 13:00-17:00."),
        ({"hours": {"tuesday": "07:00-19:00"}}, ("hours", "tuesday"),
         "There is no such key. There are: mon, tue, wed, thu, fri, sat, sun."),
        ({"hours": {}}, ("hours",), "The week has no hours. Give at least one weekday some."),
        ({"hours": HOURS, "closed": {"24.12.2026": ""}}, ("closed", "24.12.2026"),
         "“24.12.2026” is no date. Write it like 2026-12-24."),
        ({"hours": HOURS, "closed": {"20261224": ""}}, ("closed", "20261224"),
         "“20261224” is no date. Write it like 2026-12-24."),
        ({"hours": HOURS, "closed": {"2026-12-24": 5}}, ("closed", "2026-12-24"),
         "It must be text: what the day is called, or blank."),
        ({"hours": HOURS, "closed": ["2026-12-24"]}, ("closed",), "It must be a group of keys."),
        ({"hours": HOURS, "open": {"2026-12-05": "12:00-08:00"}}, ("open", "2026-12-05"),
         "2026-12-05 closes at 08:00 before it opens at 12:00."),
        ({"hours": HOURS, "holidays": {"region": "CA"}}, ("holidays", "region"),
         "A region needs its country."),
        ({"hours": HOURS, "holidays": {"country": 1}}, ("holidays",),
         "Country and region are codes such as US and CA."),
        ({"hours": HOURS, "zone": "UTC"}, ("zone",),
         "There is no such key. There are: hours, holidays, closed, open."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(content, path, sentence):
    with pytest.raises(CalendarError) as refused:
        from_json(content, zone="UTC", holidays=frozenset())
    assert refused.value.problems == ((path, sentence),)


def test_everything_wrong_is_told_at_once():
    wrong = {"hours": {"mon": "7", "tue": "9:00-8:00"}, "closed": {"soon": ""}}
    with pytest.raises(CalendarError) as refused:
        from_json(wrong, zone="UTC", holidays=frozenset())
    assert [path for path, _ in refused.value.problems] == [
        ("hours", "mon"), ("hours", "tue"), ("closed", "soon"),
    ]  # fmt: skip
