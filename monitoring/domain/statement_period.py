"""The months of a customer: which is over, and when its statement is due."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from monitoring.statements import words
from monitoring.statements.content import Period
from portal.core import clock
from portal.customers import calendars
from portal.customers.models import Customer


class NoSuchMonthError(ValueError):
    """It is no month, or it is not over; the text says what to do."""


def month_of(key: str, zone: str) -> Period:
    """The local month YYYY-MM. NoSuchMonthError for what is none."""
    try:
        first = date.fromisoformat(f"{key}-01")
    except ValueError:
        raise NoSuchMonthError(f"{key} is no month. Write it like 2026-04.") from None
    return Period(key, _midnight(first, zone), _midnight(_next(first), zone), zone)


def last_over(customer: Customer) -> Period:
    """The newest month of a customer that is over."""
    today = words.local(clock.now(), customer.time_zone).date().replace(day=1)
    before = today.replace(year=today.year - 1, month=12) if today.month == 1 else None
    return month_of(f"{before or today.replace(month=today.month - 1):%Y-%m}", customer.time_zone)


def must_be_over(period: Period) -> None:
    if period.ends > clock.now():
        ends = words.full_moment(period.ends, period.zone)
        raise NoSuchMonthError(f"{words.month(period.key)} is not over. It ends {ends}.")


def due_at(customer: Customer, period: Period) -> datetime:
    """When the first business day after the month begins, by the customer's hours."""
    windows = calendars.of(customer).windows(period.ends)
    return next(opens for opens, _ in windows if opens >= period.ends)


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
