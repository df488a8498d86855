"""Calendars that tests count with."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.customers.calendar import Calendar
from portal.customers.calendar_json import from_json

WEEKDAYS = {day: "07:00-19:00" for day in ("mon", "tue", "wed", "thu", "fri")}
ALL_HOURS = {day: "00:00-24:00" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def calendar(
    hours: dict[str, str] | None = None,
    *,
    zone: str = "America/Los_Angeles",
    holidays: tuple[str, ...] = (),
    **content: object,
) -> Calendar:
    dates = frozenset(map(date.fromisoformat, holidays))
    return from_json({"hours": hours or WEEKDAYS, **content}, zone=zone, holidays=dates)


def local(text: str, zone: str = "America/Los_Angeles", *, fold: int = 0) -> datetime:
    """`2026-11-01 01:30` on the clocks of `zone`; fold=1 is the second time they show it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def utc(text: str) -> datetime:
    return local(text, "UTC")
