"""The schedule a feed keeps without anybody having given one, from when it came."""

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from monitoring.expect.schedule import Daily, Every, Schedule, minutes_of
from portal.customers.calendar import FULL_DAY, Calendar

FEWEST: Final = 12  # arrivals
_TOGETHER: Final = timedelta(minutes=15)
_REGULAR: Final = 1.5  # 95 in 100 gaps are at most so many times the middle one
_KEPT: Final = 0.9  # of the days of a weekday
_DAYS_OF_A_WEEKDAY: Final = 3
_WINDOW: Final = 4 * 60  # minutes; what comes at any time of the day has no time of day
_SPARE: Final = 0.25
_LEAST_GRACE: Final = 10.0
_OFTEN: Final = 6 * 60  # minutes: of what comes so often, one may be left out
_SLOT: Final = 5  # minutes: arrivals are known no finer


def learn(arrivals: Sequence[datetime], calendar: Calendar) -> Schedule | None:
    """From the instants of the last weeks, in order, at which something came; None where they keep none.

    What comes within a quarter of an hour is one arrival.
    """
    apart = _apart(arrivals)
    if len(apart) < FEWEST:
        return None
    return _daily(apart, calendar) or _every(apart, calendar)


def _apart(arrivals: Sequence[datetime]) -> list[datetime]:
    found: list[datetime] = []
    before: datetime | None = None
    for at in arrivals:
        if before is None or at - before > _TOGETHER:
            found.append(at)
        before = at
    return found


def _every(arrivals: Sequence[datetime], calendar: Calendar) -> Every | None:
    """The same time apart, of all hours or of the open ones."""
    for in_hours in (False, True):
        trial = Every(1, in_hours=in_hours)
        gaps = sorted(minutes_of(trial, calendar, a, b) for a, b in pairwise(arrivals))
        usual = median(gaps)
        if usual >= 1 and _ranked(gaps, 0.95) <= _REGULAR * usual:
            worst = gaps[-2] if len(gaps) > 20 else gaps[-1]
            once = (1 + _SPARE) * usual if usual <= _OFTEN else _SPARE * usual
            grace = max(_LEAST_GRACE, once, (1 + _SPARE) * worst - usual)
            return Every(round(usual), grace=math.ceil(grace), in_hours=in_hours)
    return None


def _ranked(values: Sequence[float], share: float) -> float:
    return values[math.ceil(share * len(values)) - 1]


def _daily(arrivals: Sequence[datetime], calendar: Calendar) -> Daily | None:
    """At one time of the day, on the weekdays that have it nearly always."""
    local = [at.astimezone(ZoneInfo(calendar.zone)) for at in arrivals]
    minutes = [at.hour * 60 + at.minute for at in local]
    cut = _widest_pause(minutes)
    by_day: dict[date, list[int]] = defaultdict(list)
    for at, minute in zip(local, minutes, strict=True):
        past = (minute - cut) % FULL_DAY
        by_day[(at - timedelta(minutes=past)).date()].append(past)
    weekdays = _kept(by_day, calendar)
    times = [past for day, of_day in by_day.items() if day.weekday() in weekdays for past in of_day]
    if not weekdays or max(times) - min(times) > _WINDOW:
        return None
    first, last = min(times), max(times) + _SLOT
    grace = max(_LEAST_GRACE, _SPARE * (last - first))
    return Daily(
        (first + cut) % FULL_DAY, (last + cut) % FULL_DAY or FULL_DAY,
        weekdays=frozenset(weekdays), grace=math.ceil(grace),
    )  # fmt: skip


def _widest_pause(minutes: Sequence[int]) -> int:
    """The minute of the day at which the longest pause between times of day ends."""
    times = sorted(set(minutes))
    pauses = [
        ((b - a) % FULL_DAY or FULL_DAY, b)
        for a, b in zip(times, [*times[1:], times[0]], strict=True)
    ]
    return max(pauses)[1]


def _kept(by_day: dict[date, list[int]], calendar: Calendar) -> set[int]:
    """The weekdays on nearly all of which something came, holidays left aside."""
    first, last = min(by_day), max(by_day)
    kept: dict[int, list[bool]] = defaultdict(list)
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if day not in calendar.holidays and day not in calendar.closed:
            kept[day.weekday()].append(day in by_day)
    return {
        weekday
        for weekday, came in kept.items()
        if len(came) >= _DAYS_OF_A_WEEKDAY and sum(came) >= _KEPT * len(came)
    }
