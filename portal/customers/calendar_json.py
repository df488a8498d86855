"""A calendar as plain JSON, as people write it and as it is stored.

{"hours": {"mon": "07:00-12:00, 13:00-17:00", "sat": "00:00-24:00"},
 "holidays": {"country": "US", "region": "CA"},
 "closed": {"2026-12-24": "Stocktake"},
 "open": {"2026-11-27": "08:00-12:00"}}
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from portal.customers.calendar import (
    WEEKDAYS,
    Calendar,
    CalendarError,
    Day,
    Hours,
    Path,
    as_time,
    day_problems,
    key_of,
)

Content = Mapping[str, Any]
Problems = list[tuple[Path, str]]
Value = TypeVar("Value")

KEYS: Final = {key_of(name): name for name in WEEKDAYS}
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_LONGEST_NAME: Final = 60


def from_json(content: Content, *, zone: str, holidays: frozenset[date]) -> Calendar:
    """The calendar of `content` in `zone`, closed on `holidays` besides its own days.

    CalendarError with everything that is wrong.
    """
    problems: Problems = []
    _refuse_unknown((), content, ("hours", "holidays", "closed", "open"), problems)
    week = _week(_group(content, "hours", problems), problems)
    closed = _by_date(content, "closed", _name, problems)
    extra = _by_date(content, "open", _day, problems)
    country, region = _place(_group(content, "holidays", problems), problems)
    if problems:
        raise CalendarError(*problems)
    return Calendar(
        zone=zone,
        week=week,
        holidays=holidays,
        closed=closed,
        extra=extra,
        country=country,
        region=region,
    )


def to_json(calendar: Calendar) -> dict[str, Any]:
    """What `from_json` makes the calendar of. The zone and the country's dates are not part of it."""
    place = {"country": calendar.country, "region": calendar.region}
    named = {
        "hours": {
            key: hours_text(day) for key, day in zip(KEYS, calendar.week, strict=True) if day
        },
        "holidays": {key: text for key, text in place.items() if text},
        "closed": {day.isoformat(): name for day, name in sorted(calendar.closed.items())},
        "open": {
            day.isoformat(): hours_text(hours) for day, hours in sorted(calendar.extra.items())
        },
    }
    return {key: value for key, value in named.items() if value}


def hours_text(day: Day) -> str:
    """`07:00-12:00, 13:00-17:00`, blank for a closed day."""
    return ", ".join(f"{as_time(hours.opens)}-{as_time(hours.closes)}" for hours in day)


def _group(content: Content, key: str, problems: Problems) -> Content:
    found = content.get(key) or {}
    if isinstance(found, Mapping):
        return found
    problems.append(((key,), "It must be a group of keys."))
    return {}


def _refuse_unknown(
    path: Path, content: Content, known: tuple[str, ...], problems: Problems
) -> None:
    for key in content:
        if key not in known:
            sentence = f"There is no such key. There are: {', '.join(known)}."
            problems.append(((*path, key), sentence))


def _week(hours: Content, problems: Problems) -> tuple[Day, ...]:
    _refuse_unknown(("hours",), hours, tuple(KEYS), problems)
    return tuple(
        _read(_day, hours.get(key, ""), name, ("hours", key), problems) or ()
        for key, name in KEYS.items()
    )


def _by_date(
    content: Content, key: str, read: Callable[[str, Any], Value], problems: Problems
) -> dict[date, Value]:
    found: dict[date, Value] = {}
    for text, value in _group(content, key, problems).items():
        day = _read(_date, text, text, (key, text), problems)
        what = _read(read, value, text, (key, text), problems)
        if day is not None and what is not None:
            found[day] = what
    return found


def _read(
    read: Callable[[str, Any], Value], value: Any, name: str, path: Path, problems: Problems
) -> Value | None:
    try:
        return read(name, value)
    except CalendarError as error:
        problems.extend((path, text) for _, text in error.problems)
        return None


def _date(name: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise CalendarError(((), f"“{text}” is no date. Write it like 2026-12-24."))
    return found


def _name(name: str, text: Any) -> str:
    if not isinstance(text, str):
        raise CalendarError(((), "It must be text: what the day is called, or blank."))
    if len(text) > _LONGEST_NAME:
        raise CalendarError(((), f"It may have at most {_LONGEST_NAME} characters."))
    return text.strip()


def _day(name: str, text: Any) -> Day:
    if not isinstance(text, str):
        raise CalendarError(((), "It must be text such as 07:00-12:00, 13:00-17:00."))
    day = tuple(_spans(name, text))
    if problems := [*day_problems(name, day)]:
        raise CalendarError(*(((), problem) for problem in problems))
    return day


def _spans(name: str, text: str) -> Iterator[Hours]:
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _SPAN.fullmatch(part)
        if not found:
            raise CalendarError(
                ((), f"{name}: “{part}” are no hours. Write them like 07:00-19:00.")
            )
        first, second = found.group(1, 2), found.group(3, 4)
        yield Hours(_minute(name, *first), _minute(name, *second))


def _minute(name: str, hour: str, minute: str) -> int:
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > 24 * 60:
        raise CalendarError(((), f"{name}: there is no {hour}:{minute}. A day ends at 24:00."))
    return found


def _place(found: Content, problems: Problems) -> tuple[str, str]:
    _refuse_unknown(("holidays",), found, ("country", "region"), problems)
    country, region = (found.get(key) or "" for key in ("country", "region"))
    if not (isinstance(country, str) and isinstance(region, str)):
        problems.append((("holidays",), "Country and region are codes such as US and CA."))
        return "", ""
    if region and not country:
        problems.append((("holidays", "region"), "A region needs its country."))
    return country, region
