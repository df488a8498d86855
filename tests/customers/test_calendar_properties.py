"""What holds for every calendar, zone and span."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.customers.calendar import Calendar, Hours, after, minutes_between, time_between
from portal.customers.calendar_json import from_json, to_json

pytestmark = pytest.mark.pure

ZONES = (
    "UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe",
    "America/Havana", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu",
)  # fmt: skip
# Around the changes of clocks of 2011, when Apia left out a day and St. John's turned back at 00:01.
DATES = st.dates(date(2011, 1, 1), date(2012, 1, 31))


@st.composite
def days(draw: st.DrawFn) -> tuple[Hours, ...]:
    times = sorted(draw(st.lists(st.integers(0, 1440), unique=True, max_size=6)))
    return tuple(Hours(*pair) for pair in zip(times[::2], times[1::2], strict=False))


calendars = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    week=st.tuples(*[days()] * 7).filter(any),
    holidays=st.frozensets(DATES, max_size=5),
    closed=st.dictionaries(DATES, st.text(max_size=5).map(str.strip), max_size=3),
    extra=st.dictionaries(DATES, days(), max_size=3),
)
instants = st.datetimes(
    datetime(2011, 1, 1), datetime(2012, 1, 31), timezones=st.just(UTC), allow_imaginary=False
)
minutes = st.integers(0, 3000)


@given(calendars, instants, instants, instants)
def test_a_span_is_the_sum_of_its_parts(calendar, one, two, three):
    a, b, c = sorted((one, two, three))
    whole = time_between(calendar, a, c)
    assert time_between(calendar, a, b) + time_between(calendar, b, c) == whole
    assert timedelta() <= whole <= c - a


@given(calendars, instants, minutes)
def test_so_many_minutes_lie_before_the_instant_they_are_used_up(calendar, start, used):
    end = after(calendar, start, used)
    assert minutes_between(calendar, start, end) == used
    if used:
        assert minutes_between(calendar, start, end - timedelta(microseconds=1)) < used


@given(calendars, instants, instants)
def test_what_a_span_holds_is_used_up_no_later_than_its_end(calendar, one, two):
    start, end = sorted((one, two))
    found = after(calendar, start, minutes_between(calendar, start, end))
    assert found <= end
    assert time_between(calendar, found, end) == timedelta()


@given(calendars, instants, st.integers(1, 60 * 48))
def test_counting_minute_by_minute_over_local_clocks_gives_the_same(calendar, start, length):
    """By brute force, where clocks do not change: a minute counts when its local time is open."""
    start = start.replace(second=0, microsecond=0)
    zone = calendar._zone
    walls = [(start + timedelta(minutes=n)).astimezone(zone) for n in range(length + 1)]
    if len({wall.utcoffset() for wall in walls}) > 1:
        return
    counted = sum(
        any(
            hours.opens <= wall.hour * 60 + wall.minute < hours.closes
            for hours in calendar.hours_of(wall.date())
        )
        for wall in walls[:-1]
    )
    assert minutes_between(calendar, start, start + timedelta(minutes=length)) == counted


@given(calendars)
def test_a_calendar_survives_being_written(calendar):
    again = from_json(to_json(calendar), zone=calendar.zone, holidays=calendar.holidays)
    assert again == calendar
