"""The time axis. Positions are milliseconds of one unbroken time; only the words are in the zone of the
reader, so that a night on which clocks change is as long as it was."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from portal.core.charts.chart import When
from portal.core.words import gettext as _
from portal.core.words import month as month_said

MOST_TICKS = 8
_MINUTES = (1, 5, 10, 15, 30, 60, 120, 180, 360, 720)
_DAYS = (1, 2, 7, 14, 28, 91, 182, 364)


class Tick(NamedTuple):
    position: int
    label: str


def position(when: When) -> int:
    """Milliseconds since 1970, of a day those of its midnight in UTC. Raises ValueError for a naive time."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(), tzinfo=UTC)
    if when.tzinfo is None:
        raise ValueError(f"{when} has no zone; a chart wants aware moments or days")
    return round(when.timestamp() * 1000)


def said(when: When, zone: tzinfo) -> str:
    """8 Apr 10:05 as the reader's clock said, or 8 Apr of a day; the year is said by the page."""
    if not isinstance(when, datetime):
        return _day(when)
    local = when.astimezone(zone)
    return f"{_day(local)} {local:%H:%M}"


def _day(on: date) -> str:
    """8 Apr"""
    return _("%(day)s %(month)s") % {"day": on.day, "month": month_said(on, short=True)}


def zone_name(moments: Sequence[datetime], zone: tzinfo) -> str:
    """CET, or CET and CEST of a time in which clocks changed; blank without moments."""
    names = (at.astimezone(zone).tzname() or "" for at in moments)
    return " and ".join(dict.fromkeys(names))


def ticks(first: When, last: When, zone: tzinfo) -> list[Tick]:
    """At most eight round moments between two, in the zone's own hours and days."""
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return labelled(list(_dates(_as_date(first), _as_date(last))))
    length = last - first
    for minutes in _MINUTES:
        if length <= timedelta(minutes=minutes) * (MOST_TICKS - 1):
            return _clock_ticks(first, last, zone, minutes=minutes)
    began, ended = first.astimezone(zone).date(), last.astimezone(zone).date()
    days = [day for day in _dates(began, ended) if day > began]
    midnights = [datetime.combine(day, time(), tzinfo=zone) for day in days]
    return [
        tick._replace(position=position(midnight))
        for tick, midnight in zip(labelled(days), midnights, strict=True)
    ]


def _as_date(when: When) -> date:
    return when.date() if isinstance(when, datetime) else when


def _dates(first: date, last: date) -> Iterator[date]:
    count = (last - first).days
    step = next((days for days in _DAYS if count <= days * (MOST_TICKS - 1)), 1 + count // 7)
    day = first
    while day <= last:
        yield day
        day += timedelta(days=step)


def labelled(days: Sequence[When]) -> list[Tick]:
    """A tick a day; its month is said where it is another one than before."""
    found, month = [], 0
    for day in days:
        words = f"{day.day}" if day.month == month else _day(day)
        found.append(Tick(position(day), words))
        month = day.month
    return found


def _clock_ticks(first: datetime, last: datetime, zone: tzinfo, *, minutes: int) -> list[Tick]:
    """Where the reader's clock shows a multiple of `minutes`; its midnight is said as the day."""
    step = timedelta(minutes=math.gcd(minutes, 15))  # some zones are a quarter of an hour off
    at = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    found = []
    while at <= last:
        local = at.astimezone(zone)
        since_midnight = local.hour * 60 + local.minute
        if at >= first and since_midnight % minutes == 0:
            found.append(Tick(position(at), _clock(local)))
        at += step
    return found


def _clock(local: datetime) -> str:
    return f"{local:%H:%M}" if local.hour or local.minute else _day(local)
