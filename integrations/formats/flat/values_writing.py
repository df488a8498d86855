"""A JSON value → a cell's text, as its column says. What does not fit names an issue and is not cut."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.formats.flat.profile import Column, Profile
from portal.core.decimals import plain_number

# The text, and the code of what is wrong (empty: nothing).
Write = Callable[[Any], tuple[str, str]]

_NUMBER: Final = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_MOST_DIGITS: Final = 100
_WRONG: Final = "value_unwritable"


def writer_of(column: Column, profile: Profile) -> Write:
    """How values of the column are written. None is an empty cell."""
    write = _WRITERS[column.kind](column, profile)
    nothing = frozenset(column.nothing)

    def writer(value: Any) -> tuple[str, str]:
        if value is None or value == "":
            return "", "value_missing" if column.required else ""
        if isinstance(value, dict | list):
            return "", "not_a_value"
        text, wrong = write(value)
        return (text, _WRONG) if text in nothing else (text, wrong)

    return writer


def _text(column: Column, profile: Profile) -> Write:
    def write(value: Any) -> tuple[str, str]:
        text = "true" if value is True else "false" if value is False else str(value)
        return text, ""

    return write


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    text = repr(value) if isinstance(value, float) else str(value)
    if isinstance(value, float) and "e" in text:
        text = plain_number(Decimal(text))
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_DIGITS:
        return None
    return Decimal(text)


def _decimal(column: Column, profile: Profile) -> Write:
    def write(value: Any) -> tuple[str, str]:
        number = _number(value)
        if number is None:
            return str(value), _WRONG
        # `abs` would round to the digits of the context.
        whole, _, behind = plain_number(number.copy_abs()).partition(".")
        too_fine = len(behind) > column.places if column.places else column.kind == "integer"
        if behind and too_fine:
            return str(value), _WRONG
        if column.places:
            text = f"{whole}{behind.ljust(column.places, '0')}"
        else:
            behind = behind.ljust(column.decimals, "0")
            text = f"{whole}{profile.decimal_mark}{behind}" if behind else whole
        return (_signed(text, profile) if number < 0 else text), ""

    return write


def _signed(text: str, profile: Profile) -> str:
    return {"leading": f"-{text}", "trailing": f"{text}-", "brackets": f"({text})"}[
        profile.negative
    ]


def _boolean(column: Column, profile: Profile) -> Write:
    def write(value: Any) -> tuple[str, str]:
        if not isinstance(value, bool):
            return str(value), _WRONG
        return (column.yes if value else column.no)[0], ""

    return write


def _date(column: Column, profile: Profile) -> Write:
    pattern = (column.formats or profile.date_formats)[0]
    return _written(lambda text: datetime.combine(date.fromisoformat(text), time()), pattern)


def _time(column: Column, profile: Profile) -> Write:
    pattern = (column.formats or profile.time_formats)[0]
    return _written(
        lambda text: datetime.combine(date(2000, 1, 1), time.fromisoformat(text)), pattern
    )


def _datetime(column: Column, profile: Profile) -> Write:
    pattern = (column.formats or profile.datetime_formats)[0]
    zone = ZoneInfo(profile.timezone) if profile.timezone else None

    def moment(text: str) -> datetime:
        found = datetime.fromisoformat(text)
        if "%z" in pattern and found.tzinfo is None:
            raise ValueError("a zone is asked for, and the time has none")
        return found.astimezone(zone) if zone and found.tzinfo else found

    return _written(moment, pattern)


def _written(read: Callable[[str], datetime], pattern: str) -> Write:
    """A pattern says how exactly a moment is told: seconds it does not ask for are not written."""

    def write(value: Any) -> tuple[str, str]:
        try:
            moment = read(value if isinstance(value, str) else "")
            text = _strftime(moment, pattern)
        except (ValueError, OverflowError):
            return str(value), _WRONG
        return (str(value), _WRONG) if _other_century(moment, text, pattern) else (text, "")

    return write


def _strftime(moment: datetime, pattern: str) -> str:
    """`strftime` of some systems writes the year 999 in three digits."""
    return moment.strftime(pattern.replace("%Y", f"{moment.year:04d}"))


def _other_century(moment: datetime, text: str, pattern: str) -> bool:
    """Whether two digits of a year would be read as another year than is meant (1950 as 2050)."""
    return "%y" in pattern and datetime.strptime(text, pattern).year != moment.year  # noqa: DTZ007


_WRITERS: Final[dict[str, Callable[[Column, Profile], Write]]] = {
    "text": _text,
    "integer": _decimal,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
}
