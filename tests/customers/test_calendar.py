"""Counting business minutes."""

from datetime import date, datetime, timedelta

import pytest

from portal.customers.calendar import (
    Calendar,
    CalendarError,
    Hours,
    after,
    minutes_between,
    time_between,
)
from tests.customers.calendars import ALL_HOURS, WEEKDAYS, calendar, local, utc

pytestmark = pytest.mark.pure

SPLIT = {"wed": "07:00-12:00, 13:00-17:00"}
BERLIN, KOLKATA, APIA = "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia"


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-25 08:00", "2026-11-25 09:30", 90),  # a Wednesday
        ("2026-11-25 05:00", "2026-11-25 07:10", 10),  # begins before opening
        ("2026-11-25 18:50", "2026-11-25 23:00", 10),
        ("2026-11-25 20:00", "2026-11-26 06:00", 0),  # overnight
        ("2026-11-25 18:00", "2026-11-26 08:00", 120),
        ("2026-11-27 18:00", "2026-11-30 08:00", 120),  # a weekend between
        ("2026-11-28 08:00", "2026-11-29 20:00", 0),
        ("2026-11-25 09:00", "2026-11-25 08:00", 0),  # backwards
        ("2026-11-02 00:00", "2026-11-30 00:00", 20 * 720),  # four whole weeks
    ],
)
def test_minutes_count_while_somebody_works(start, end, minutes):
    assert minutes_between(calendar(), local(start), local(end)) == minutes


def test_a_lunch_hour_does_not_count():
    found = minutes_between(calendar(SPLIT), local("2026-11-25 11:30"), local("2026-11-25 13:45"))
    assert found == 30 + 45


def test_holidays_and_own_closed_days_do_not_count():
    thanksgiving = calendar(holidays=("2026-11-26",), closed={"2026-11-25": "Stocktake"})
    span = local("2026-11-24 18:00"), local("2026-11-27 08:00")
    assert minutes_between(thanksgiving, *span) == 60 + 60


def test_an_extra_day_goes_before_a_holiday_and_the_weekend():
    busy = calendar(
        holidays=("2026-11-27",), open={"2026-11-27": "08:00-10:00", "2026-11-28": "09:00-09:30"}
    )
    assert minutes_between(busy, local("2026-11-27 00:00"), local("2026-11-30 00:00")) == 150


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Los_Angeles", "2026-03-08", 23),
        ("America/Los_Angeles", "2026-11-01", 25),
        (BERLIN, "2026-03-29", 23),
        (BERLIN, "2026-10-25", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),  # half an hour back
        ("America/Havana", "2026-11-01", 25),
        ("America/Sao_Paulo", "2018-11-04", 23),  # midnight itself is skipped
        ("America/Sao_Paulo", "2018-02-17", 25),  # the evening before comes twice
        (APIA, "2011-12-30", 0),  # a date that never was
        (KOLKATA, "2026-03-08", 24),
    ],
)
def test_a_day_is_as_long_as_clocks_make_it(zone, day, hours):
    always = calendar(ALL_HOURS, zone=zone)
    following = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    span = local(f"{day} 00:00", zone), local(f"{following} 00:00", zone)
    assert minutes_between(always, *span) == hours * 60


@pytest.mark.parametrize(
    ("day", "hours", "minutes"),
    [
        ("2026-03-08", "01:00-02:30", 60),  # 2:00 to 3:00 is skipped: open for the first hour
        ("2026-03-08", "02:30-05:00", 120),
        ("2026-03-08", "02:15-02:45", 0),
        ("2026-11-01", "00:30-01:30", 60),  # 1:00 to 2:00 comes twice: closes the first time
        ("2026-11-01", "01:30-02:00", 90),
        ("2026-11-01", "01:00-02:00", 120),
    ],
)
def test_hours_that_meet_the_change_of_clocks_count_as_they_pass(day, hours, minutes):
    sundays = calendar({"sun": hours})
    assert minutes_between(sundays, local(f"{day} 00:00"), local(f"{day} 23:00")) == minutes


def test_the_second_of_two_equal_times_is_later():
    sundays = calendar({"sun": "00:00-24:00"})
    once, again = local("2026-11-01 01:30"), local("2026-11-01 01:30", fold=1)
    assert minutes_between(sundays, once, again) == 60
    assert after(sundays, once, 60) == utc("2026-11-01 09:30")


def test_zones_off_the_hour_are_exact():
    office = calendar({"mon": "09:00-17:30"}, zone=KOLKATA)
    assert minutes_between(office, utc("2026-11-30 03:00"), utc("2026-11-30 04:00")) == 30
    assert after(office, utc("2026-11-30 03:00"), 1) == utc("2026-11-30 03:31")


def test_a_leap_day_is_a_day():
    assert minutes_between(calendar(), local("2028-02-28 18:00"), local("2028-03-01 08:00")) == 840


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-25 08:00", 90, "2026-11-25 09:30"),
        ("2026-11-25 05:00", 60, "2026-11-25 08:00"),
        ("2026-11-25 18:00", 60, "2026-11-25 19:00"),  # used up at closing time, not next morning
        ("2026-11-25 18:00", 61, "2026-11-26 07:01"),
        ("2026-11-27 18:30", 60, "2026-11-30 07:30"),
        ("2026-11-28 12:00", 0, "2026-11-28 12:00"),
        ("2026-11-25 08:00", -5, "2026-11-25 08:00"),
        ("2026-11-02 07:00", 20 * 720, "2026-11-27 19:00"),
        ("2026-10-30 18:00", 120, "2026-11-02 08:00"),  # clocks go back on the weekend
    ],
)
def test_minutes_are_used_up_at(start, minutes, due):
    assert after(calendar(), local(start), minutes) == local(due)


def test_what_is_used_up_is_told_in_utc():
    assert after(calendar(), local("2026-11-25 08:00"), 60).isoformat() == (
        "2026-11-25T17:00:00+00:00"
    )


def test_lunch_moves_what_is_due():
    due = after(calendar(SPLIT), local("2026-11-25 11:30"), 45)
    assert due == local("2026-11-25 13:15")


def test_microseconds_are_kept():
    start = local("2026-11-25 08:00") + timedelta(microseconds=1)
    assert time_between(calendar(), start, local("2026-11-25 08:01")) == timedelta(
        seconds=59, microseconds=999_999
    )


def test_a_time_without_a_zone_is_no_instant():
    naive = datetime(2026, 11, 25, 8)
    with pytest.raises(ValueError, match="no instant"):
        minutes_between(calendar(), naive, local("2026-11-25 09:00"))
    with pytest.raises(ValueError, match="no instant"):
        after(calendar(), naive, 5)


@pytest.mark.parametrize(
    ("zone", "week", "sentence"),
    [
        ("UTC", ((),) * 7, "The week has no hours. Give at least one weekday some."),
        ("UTC", ((), (Hours(1140, 420),), *((),) * 5),
         "Tuesday closes at 07:00 before it opens at 19:00."),
        ("UTC", ((Hours(420, 420),), *((),) * 6), "Monday opens and closes at 07:00."),
        ("UTC", ((Hours(420, 840), Hours(780, 1020)), *((),) * 6),
         "Monday opens at 13:00, when it is still open from 07:00–14:00."),
        ("America", ((Hours(0, 1440),), *((),) * 6),
         "There is no time zone America. Use one like Europe/Oslo."),
        ("../etc/passwd", ((Hours(0, 1440),), *((),) * 6),
         "There is no time zone ../etc/passwd. Use one like Europe/Oslo."),
    ],
)  # fmt: skip
def test_a_calendar_nobody_can_work_by_is_refused(zone, week, sentence):
    with pytest.raises(CalendarError) as refused:
        Calendar(zone=zone, week=week)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("hours", "zone", "words"),
    [
        (WEEKDAYS, "America/Los_Angeles", "Mon–Fri 07:00–19:00, Los Angeles time"),
        (ALL_HOURS, "UTC", "Mon–Sun all day, UTC"),
        ({**WEEKDAYS, "fri": "07:00-12:00"}, BERLIN, "Mon–Thu 07:00–19:00, Fri 07:00–12:00, Berlin time"),
        (SPLIT, "America/Argentina/Buenos_Aires",
         "Wed 07:00–12:00 and 13:00–17:00, Buenos Aires time"),
        ({"sat": "08:00-12:00", "sun": "08:00-12:00"}, "UTC", "Sat and Sun 08:00–12:00, UTC"),
        ({"mon": "08:00-12:00", "wed": "08:00-12:00"}, "UTC", "Mon 08:00–12:00, Wed 08:00–12:00, UTC"),
    ],
)  # fmt: skip
def test_a_calendar_is_told_in_words(hours, zone, words):
    assert calendar(hours, zone=zone).words == words
