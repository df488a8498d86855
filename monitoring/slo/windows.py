"""The time an objective is about: a day, week, month or quarter by the local calendar, or the last N.

Calendar windows begin at local midnight, so that the month in which clocks change is as long as it really
is. Rolling ones are elapsed time: a day of theirs is 24 hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitoring.slo.intervals import Interval
from portal.customers.local_time import instant

ROLLING_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
CALENDAR_UNITS: Final = {"d": "day", "w": "week", "M": "month", "Q": "quarter"}
SLOT: Final = timedelta(minutes=5)
_DAY: Final = timedelta(days=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """`count` units of `h` `d` `w` (rolling), or one `d` `w` `M` `Q` by the calendar of `zone`."""

    unit: str
    count: int = 1
    rolling: bool = False
    zone: str = "UTC"

    def of(self, at: datetime) -> Interval:
        """The window that holds an instant; of a rolling one that which ends with it."""
        if self.rolling:
            return Interval(at - self.count * ROLLING_UNITS[self.unit], at)
        first = _first_day(at.astimezone(ZoneInfo(self.zone)).date(), self.unit)
        return Interval(self._midnight(first), self._midnight(_next_first(first, self.unit)))

    def before(self, window: Interval) -> Interval:
        """The window just before another."""
        return self.of(window.begins if self.rolling else window.begins - timedelta(microseconds=1))

    def _midnight(self, day: date) -> datetime:
        return instant(day, 0, zone=ZoneInfo(self.zone))


def _first_day(day: date, unit: str) -> date:
    if unit == "d":
        return day
    if unit == "w":
        return day - day.weekday() * _DAY
    return day.replace(day=1, month=day.month if unit == "M" else (day.month - 1) // 3 * 3 + 1)


def _next_first(first: date, unit: str) -> date:
    if unit in ("d", "w"):
        return first + (1 if unit == "d" else 7) * _DAY
    months = 1 if unit == "M" else 3
    return _first_day(first + months * 31 * _DAY, "M")


def days(window: Interval, zone: str) -> Iterator[tuple[date, Interval]]:
    """The local days of a window in order, the first and the last as far as they are part of it."""
    local = TimeWindow("d", zone=zone)
    at = window.begins
    while at < window.ends:
        day = local.of(at)
        yield at.astimezone(ZoneInfo(zone)).date(), Interval(at, min(day.ends, window.ends))
        at = day.ends


def slots(window: Interval, step: timedelta = SLOT) -> Iterator[Interval]:
    """The whole slots of a window, from full multiples of `step` on in UTC."""
    at = window.begins + (_EPOCH - window.begins) % step
    while at + step <= window.ends:
        yield Interval(at, at + step)
        at += step


def slot_of(at: datetime, step: timedelta = SLOT) -> datetime:
    """When the slot that holds an instant began."""
    return at - (at - _EPOCH) % step
