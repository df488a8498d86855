"""When something is to come: every so often, or in a window of the day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from portal.customers.calendar import FULL_DAY, Calendar, after, as_time, minutes_between

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_FAR: Final = 30  # days to look ahead for the next window
LONGEST: Final = 60 * 24 * 14


@dataclass(frozen=True, slots=True)
class Every:
    """Every `minutes`, of the open hours alone where `in_hours`, else of all. `grace` minutes on top.

    Raises ValueError for minutes not from 1 to two weeks, or a grace below 0.
    """

    minutes: float
    grace: float = 0
    in_hours: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= LONGEST:
            raise ValueError(f"Every {self.minutes:g} minutes is not from 1 minute to 14 days.")
        _check_grace(self.grace)


@dataclass(frozen=True, slots=True)
class Daily:
    """Once between `begins` and `ends` (local minutes after midnight; an end that is not later is the
    next day's) on `weekdays` (Monday is 0). On holidays only where `on_holidays`.

    Raises ValueError for times that are none, no weekday, or a grace below 0.
    """

    begins: int
    ends: int
    weekdays: frozenset[int] = frozenset(range(7))
    grace: float = 0
    on_holidays: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.begins < FULL_DAY and 0 < self.ends <= FULL_DAY):
            raise ValueError("A window is from 00:00 to 24:00.")
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ValueError("Choose at least one day of the week.")
        _check_grace(self.grace)

    def __str__(self) -> str:
        return f"{as_time(self.begins)}–{as_time(self.ends)}"


def _check_grace(grace: float) -> None:
    if not 0 <= grace <= LONGEST:
        raise ValueError(f"A grace of {grace:g} minutes is not from none to 14 days.")


Schedule = Every | Daily


class Due(NamedTuple):
    """What is awaited after the last that came: from `begins`, to `ends`, and missed at `missed`."""

    begins: datetime
    ends: datetime
    missed: datetime


def next_due(schedule: Schedule, calendar: Calendar, last: datetime) -> Due | None:
    """The window after a document that came at `last`, an aware UTC instant; None: not in 30 days.

    A document that came in a window or its grace, or up to an hour before it, is that window's.
    """
    if isinstance(schedule, Every):
        ends = _later(schedule, calendar, last, schedule.minutes)
        return Due(ends, ends, _later(schedule, calendar, ends, schedule.grace))
    windows = _windows(schedule, calendar, last)
    return next((due for due in windows if due.begins - timedelta(hours=1) > last), None)


def to_judge(
    schedule: Schedule,
    calendar: Calendar,
    last: datetime,
    *,
    now: datetime,
    counts: Callable[[datetime], bool],
) -> Due | None:
    """The first window after `last` that went by without a document and `counts` by its end; else the one
    that is still to come. None: there is none in 30 days."""
    at = last
    while (due := next_due(schedule, calendar, at)) and due.missed <= now and not counts(due.ends):
        at = due.ends if isinstance(schedule, Every) else due.begins
    return due


def _later(schedule: Every, calendar: Calendar, at: datetime, minutes: float) -> datetime:
    return after(calendar, at, minutes) if schedule.in_hours else at + minutes * _MINUTE


def _windows(schedule: Daily, calendar: Calendar, since: datetime) -> Iterator[Due]:
    zone = ZoneInfo(calendar.zone)
    first = since.astimezone(zone).date() - _DAY
    for n in range(_FAR):
        day = first + n * _DAY
        if day.weekday() in schedule.weekdays and (
            schedule.on_holidays or not _is_off(calendar, day)
        ):
            yield _window(schedule, day, zone)


def _is_off(calendar: Calendar, day: date) -> bool:
    return day in calendar.holidays or day in calendar.closed


def _window(schedule: Daily, day: date, zone: ZoneInfo) -> Due:
    over = _DAY if schedule.ends <= schedule.begins else timedelta(0)
    begins, ends = _at(day, schedule.begins, zone), _at(day + over, schedule.ends, zone)
    return Due(begins, ends, ends + schedule.grace * _MINUTE)


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant clocks show so many minutes after midnight; what they skip is the jump's end."""
    wall = datetime.combine(day, time()) + minute * _MINUTE
    return wall.replace(tzinfo=zone).astimezone(UTC)


def minutes_of(schedule: Every, calendar: Calendar, start: datetime, end: datetime) -> float:
    """The time between two instants as the schedule counts it."""
    if schedule.in_hours:
        return minutes_between(calendar, start, end)
    return (end - start) / _MINUTE
