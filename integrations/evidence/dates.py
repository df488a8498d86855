"""Changed dates and times: a zone, a day, day and month."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from integrations.evidence.verdict import Verdict, alarm, note

_LONGEST: Final = 40
_NOISE: Final = timedelta(seconds=60)
_ZONES: Final = timedelta(hours=14)
_QUARTER: Final = timedelta(minutes=15)
_DAY: Final = timedelta(days=1)
_REAL: Final = range(1990, 2100)


def moment_of(value: Any) -> datetime | None:
    """The moment in ISO 8601 text with its dashes; a date is its midnight, no offset is UTC."""
    if not isinstance(value, str) or not 10 <= len(value) <= _LONGEST or value[4] != "-":
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def judge_date(old: datetime, new: datetime, *, before: str, after: str) -> Verdict:
    """What became of a moment; texts that say a date only have 10 characters."""
    gap = new - old
    if abs(gap) < _NOISE:
        return note("format")
    if old.year not in _REAL:
        return note("filled")
    if old.date() == new.date() and len(after) == 10:
        return note("format")
    if old.date() == new.date() and new.time() == new.time().min and gap % _QUARTER:
        return alarm("time_lost")
    if gap % _DAY == timedelta(0) and (old.day, old.month, old.year) == (
        new.month,
        new.day,
        new.year,
    ):
        return alarm("day_month_swapped")
    if abs(gap) <= _ZONES and not gap % _QUARTER:
        return alarm("date_shifted", _hours(gap))
    if not gap % _DAY:
        days = gap // _DAY
        return alarm("date_shifted", f"{days:+d} {'day' if abs(days) == 1 else 'days'}")
    return alarm("date_changed")


def _hours(gap: timedelta) -> str:
    minutes = int(gap.total_seconds()) // 60
    sign = "+" if minutes > 0 else "−"
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d} h"
