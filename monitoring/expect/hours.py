"""Local hours as spans of real time.

The hour from one to two on the clocks comes twice on the night they are turned back and not at all on
the one they are turned on. Each span here is real time with the name its clocks give it, so either night
is as long as it is.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

HOUR: Final = timedelta(hours=1)


class Hour(NamedTuple):
    """Real time from `begins` to `ends` (UTC) that clocks in the zone show as `hour` of `day`."""

    begins: datetime
    ends: datetime
    day: date
    hour: int


def hours(zone: str, start: datetime, end: datetime) -> Iterator[Hour]:
    """The hours that touch the time from `start` to `end`, whole, in order."""
    at = begin_of(zone, start)
    while at < end:
        hour = hour_from(zone, at)
        yield hour
        at = hour.ends


def begin_of(zone: str, instant: datetime) -> datetime:
    """When the local hour began in which an aware instant is, as UTC."""
    local = instant.astimezone(ZoneInfo(zone))
    return instant.astimezone(UTC) - timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )


@lru_cache(maxsize=50_000)
def hour_from(zone: str, at: datetime) -> Hour:
    """The one that begins at `at`, where another ends."""
    local = at.astimezone(ZoneInfo(zone))
    return Hour(at, max(begin_of(zone, at + HOUR), at + HOUR / 2), local.date(), local.hour)
