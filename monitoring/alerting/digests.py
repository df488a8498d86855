"""When a digest goes out that gathers what came since the last one."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.customers.local_time import instant

_HOUR: Final = 60
_DAY: Final = timedelta(days=1)


def next_hourly(at: datetime, *, zone: ZoneInfo) -> datetime:
    """The next full local hour after the instant `at`, in UTC."""
    local = at.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return (at + timedelta(minutes=_HOUR) - past).astimezone(UTC)


def next_daily(at: datetime, *, minute: int, zone: ZoneInfo) -> datetime:
    """The next time after the instant `at` that it is `minute` after local midnight, in UTC."""
    day = at.astimezone(zone).date()
    found = instant(day, minute, zone=zone)
    return found if found > at else instant(day + _DAY, minute, zone=zone)
