"""Months by the calendar: what is billed is of one of them."""

import re
from datetime import date, timedelta
from typing import NamedTuple

_KEY = re.compile(r"2[01][0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)


class Month(NamedTuple):
    """`key` is YYYY-MM; its days are from `begins` up to and without `ends`."""

    key: str
    begins: date
    ends: date

    @property
    def days(self) -> int:
        return (self.ends - self.begins).days


def month(key: str) -> Month:
    """The month "2026-04". ValueError for what is none, or not between 2000 and 2199."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no month; write it like 2026-04.")
    return month_of(date(int(key[:4]), int(key[5:]), 1))


def month_of(day: date) -> Month:
    """The month that a day is in."""
    begins = day.replace(day=1)
    ends = (begins + timedelta(days=31)).replace(day=1)
    return Month(f"{begins:%Y-%m}", begins, ends)


def month_after(before: Month) -> Month:
    return month_of(before.ends)


def months_back(of: Month, count: int) -> Month:
    """The month so many months before."""
    years, index = divmod(of.begins.year * 12 + of.begins.month - 1 - count, 12)
    return month_of(date(years, index + 1, 1))
