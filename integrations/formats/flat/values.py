"""A cell's text → a JSON value, as its column says.

What cannot be read keeps its text and names an issue: nothing is guessed, and nothing is lost.
"""

import re
from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.formats.flat.profile import Column, Profile
from portal.core.decimals import plain_number

# The value, and the code of what is wrong with it (empty: nothing).
Read = Callable[[str], tuple[Any, str]]

FORMULA: Final = "formula"
_MOST_DIGITS: Final = 100
_LONGEST_MOMENT: Final = 64
_CANONICAL: Final = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_NATIVE: Final = {"TRUE": True, "FALSE": False}
_ADJACENT: Final = re.compile(r"%\w%[^z]")


class Native(str):
    """A cell that its file holds as a number, a date or yes and no; the text is the canonical one.

    `doubt` is the code of what may be wrong with it: a formula always, digits and dates for codes.
    """

    __slots__ = ("doubt",)
    doubt: str

    def __new__(cls, text: str, doubt: str = "") -> "Native":
        made = super().__new__(cls, text)
        made.doubt = doubt
        return made


def reader_of(column: Column, profile: Profile, *, agreed: bool = True) -> Read:
    """How cells of the column are read. One that was not agreed says nothing of what it should hold."""
    read = _READERS[column.kind](column, profile)
    nothing, trim = frozenset(column.nothing), profile.trim

    def reader(cell: str) -> tuple[Any, str]:
        native = isinstance(cell, Native)
        text = cell.strip() if trim and not native else cell
        if not text or text in nothing:
            return None, "value_missing" if column.required else ""
        value, wrong = read(text)
        if native and not wrong:
            return value, _doubt(cell, column, agreed=agreed)
        return value, wrong

    return reader


def _doubt(cell: str, column: Column, *, agreed: bool) -> str:
    doubt = cell.doubt if isinstance(cell, Native) else ""
    concerns = doubt == FORMULA or (agreed and column.kind == "text")
    return doubt if concerns else ""


def _text(column: Column, profile: Profile) -> Read:
    return lambda text: (str(text), "")


def _decimal(column: Column, profile: Profile) -> Read:
    agreed = _number_pattern(profile)
    thousands, mark = profile.thousands_mark, profile.decimal_mark

    def read(text: str) -> tuple[Any, str]:
        native = isinstance(text, Native)
        pattern = _CANONICAL if native else agreed
        if len(text) > _MOST_DIGITS or not pattern.fullmatch(text):
            return str(text), "not_a_number"
        plain, negative = _unsigned(text)
        if not native:
            plain = plain.replace(thousands, "") if thousands else plain
            if column.places and mark in plain:
                return text, "not_a_number"
            plain = plain.replace(mark, ".")
        number = Decimal(f"-{plain}" if negative else plain)
        if column.places and not native:
            sign, digits, _ = number.as_tuple()
            number = Decimal((sign, digits, -column.places))
        return plain_number(number), ""

    return read


def _unsigned(text: str) -> tuple[str, bool]:
    plain = text.strip("+-()").strip()
    return plain, "-" in text or "(" in text


def _number_pattern(profile: Profile) -> re.Pattern[str]:
    mark, thousands = re.escape(profile.decimal_mark), re.escape(profile.thousands_mark)
    whole = rf"(?:\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)" if thousands else r"\d+"
    number = rf"(?:{whole}(?:{mark}\d*)?|{mark}\d+)"
    signed = {
        "leading": rf"[+-]?\s*{number}",
        "trailing": rf"{number}\s*[+-]?",
        "brackets": rf"(?:{number}|\({number}\))",
    }
    return re.compile(signed[profile.negative], re.ASCII)


def _integer(column: Column, profile: Profile) -> Read:
    decimal = _decimal(column, profile)

    def read(text: str) -> tuple[Any, str]:
        value, wrong = decimal(text)
        return (str(text), "not_whole") if not wrong and "." in value else (value, wrong)

    return read


def _boolean(column: Column, profile: Profile) -> Read:
    known = {word.casefold(): False for word in column.no}
    known |= {word.casefold(): True for word in column.yes}

    def read(text: str) -> tuple[Any, str]:
        if isinstance(text, Native) and text in _NATIVE:
            return _NATIVE[text], ""
        value = known.get(text.casefold())
        return (str(text), "not_yes_or_no") if value is None else (value, "")

    return read


def _date(column: Column, profile: Profile) -> Read:
    formats = column.formats or profile.date_formats

    def read(text: str) -> tuple[Any, str]:
        if isinstance(text, Native):
            return _native_date(text)
        moment = _said(text, formats)
        return (text, "not_a_date") if moment is None else (moment.date().isoformat(), "")

    return read


def _native_date(text: str) -> tuple[Any, str]:
    try:
        return datetime.strptime(text[:10], "%Y-%m-%d").date().isoformat(), ""  # noqa: DTZ007  a day
    except ValueError:
        return str(text), "not_a_date"


def _datetime(column: Column, profile: Profile) -> Read:
    formats = column.formats or profile.datetime_formats
    zone = ZoneInfo(profile.timezone) if profile.timezone else None

    def read(text: str) -> tuple[Any, str]:
        moment = _iso_moment(text) if isinstance(text, Native) else _said(text, formats)
        if moment is None:
            return str(text), "not_a_date"
        if moment.tzinfo is None and zone is not None:
            moment = moment.replace(tzinfo=zone)
        return moment.isoformat(), ""

    return read


def _time(column: Column, profile: Profile) -> Read:
    formats = column.formats or profile.time_formats

    def read(text: str) -> tuple[Any, str]:
        if isinstance(text, Native):
            try:
                return time.fromisoformat(text).isoformat(), ""
            except ValueError:
                return str(text), "not_a_time"
        moment = _said(text, formats)
        return (text, "not_a_time") if moment is None else (moment.time().isoformat(), "")

    return read


def _iso_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _said(text: str, formats: tuple[str, ...]) -> datetime | None:
    return _moment(text, formats) if len(text) <= _LONGEST_MOMENT and text.isascii() else None


@lru_cache(maxsize=4096)  # a file says the same few days over and over
def _moment(text: str, formats: tuple[str, ...]) -> datetime | None:
    for pattern in formats:
        try:
            moment = datetime.strptime(text, pattern)  # noqa: DTZ007  a zone is set where one is agreed
        except ValueError:
            continue
        # `strptime` takes 2026113 for the third of November where %Y%m%d is asked for.
        if not _ADJACENT.search(pattern) or moment.strftime(pattern) == text:
            return moment
    return None


_READERS: Final[dict[str, Callable[[Column, Profile], Read]]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
}
