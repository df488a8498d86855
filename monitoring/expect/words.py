"""What was decided, in numbers and words."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitoring.expect.awaited import Missing
from monitoring.expect.drop import Drop
from monitoring.expect.schedule import Daily, Every, Schedule
from monitoring.expect.silence import Quiet
from portal.customers.calendar import WEEKDAYS
from portal.customers.durations import duration_text

WEEKDAY_NAMES: Final = tuple(name[:3] for name in WEEKDAYS)
_MINUTE: Final = timedelta(minutes=1)
_TWO_DAYS: Final = 2 * 24 * 60
_NEVER: Final = 1e-9
_WEEK: Final = timedelta(days=6)


def quiet_words(quiet: Quiet, zone: str) -> str:
    """Such as `expected 42, seen 0, since 09:12, chance by itself 1 in 20,000`."""
    since = at_words(quiet.since, zone, quiet.until)
    return _numbers(quiet.expected, 0, since, quiet.chance)


def drop_words(drop: Drop, zone: str) -> str:
    since = at_words(drop.since, zone, drop.until)
    return _numbers(drop.expected, drop.seen, since, drop.chance)


def _numbers(expected: float, seen: int, since: str, chance: float) -> str:
    return (
        f"expected {about(expected)}, seen {seen:,}, since {since},"
        f" chance by itself {chance_words(chance)}"
    )


def missing_words(missing: Missing, what: str, zone: str, now: datetime) -> str:
    """Such as `12 orders wait for it, the oldest, SO-1, since Tue 09:12`."""
    oldest = missing.oldest.number
    since = at_words(missing.oldest.began, zone, now)
    return (
        f"{counted(missing.documents, what)} {'waits' if missing.documents == 1 else 'wait'} too long,"
        f" the oldest{f', {oldest},' if oldest else ''} since {since}"
    )


def schedule_words(schedule: Schedule) -> str:
    """Such as `every 1 h in business hours`, `22:00–23:30, Mon–Fri`."""
    if isinstance(schedule, Every):
        every = f"every {duration_text(round(schedule.minutes))}"
        return f"{every} in business hours" if schedule.in_hours else every
    return f"{schedule}, {_weekday_words(schedule)}"


def _weekday_words(schedule: Daily) -> str:
    days = sorted(schedule.weekdays)
    if len(days) == len(WEEKDAY_NAMES):
        return "every day"
    names = [WEEKDAY_NAMES[day] for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}–{names[-1]}"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def chance_words(chance: float) -> str:
    """`1 in 20,000`, to two figures."""
    if chance >= 0.5:
        return "more than 1 in 2"
    if chance < _NEVER:
        return "less than 1 in 1,000,000,000"
    odds = 1 / chance
    step = 10 ** max(0, len(str(int(odds))) - 2)
    return f"1 in {round(odds / step) * step:,}"


def about(number: float) -> str:
    """Whole from 10 on, one place below."""
    return f"{number:,.0f}" if number >= 9.95 else f"{number:.1f}".removesuffix(".0")


def at_words(at: datetime, zone: str, now: datetime) -> str:
    """`09:12` today, `Tue 09:12` this week, `3 Mar 09:12` before, on the clocks of `zone`."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if timedelta(0) <= today.date() - local.date() <= _WEEK:
        return f"{local:%a %H:%M}"
    return f"{on_words(local.date())} {local:%H:%M}"


def on_words(day: date) -> str:
    """`3 Mar`."""
    return f"{day.day} {day:%b}"


def span_words(span: timedelta) -> str:
    """`44 min`, `1 h 26`, `3 days`."""
    minutes = max(0, round(span / _MINUTE))
    if minutes >= _TWO_DAYS:
        return counted(round(minutes / (24 * 60)), "day")
    return duration_text(minutes)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
