"""The calendar of a customer, with the public holidays of where they are."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from portal.core import clock
from portal.customers.calendar import Calendar
from portal.customers.calendar_json import from_json
from portal.customers.holidays import national
from portal.customers.models import Customer

_YEARS_BACK: Final = 10  # statements are made anew for as long
_YEARS_AHEAD: Final = 2


def of(customer: Customer) -> Calendar:
    """The customer's hours in their time zone."""
    return read(customer.calendar, zone=customer.time_zone)


def closed_days(calendar: Calendar, *, since: date, most: int = 5) -> list[tuple[date, str]]:
    """The next days without hours, from `since` on, with their names: the country's and one's own."""
    named = national(calendar.country, calendar.region, range(since.year, since.year + 2))
    named |= {day: name or "closed" for day, name in calendar.closed.items()}
    coming = sorted(day for day in named if day >= since and not calendar.hours_of(day))
    return [(day, named[day]) for day in coming[:most]]


def read(content: Mapping[str, Any], *, zone: str) -> Calendar:
    """The calendar of `content`, see `calendar_json`, with its country's holidays.

    CalendarError with what is wrong.
    """
    return _read(json.dumps(content, sort_keys=True), zone, clock.now().year)


@lru_cache(maxsize=500)
def _read(content: str, zone: str, year: int) -> Calendar:
    # One object for equal calendars: it remembers the days it has counted.
    bare = from_json(json.loads(content), zone=zone, holidays=frozenset())
    return replace(bare, holidays=_dates(bare.country, bare.region, year))


@lru_cache(maxsize=100)
def _dates(country: str, region: str, year: int) -> frozenset[date]:
    years = range(year - _YEARS_BACK, year + _YEARS_AHEAD + 1)
    return frozenset(national(country, region, years))
