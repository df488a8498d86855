"""How numbers, days and times are written for whoever reads: their own choice, else that of the language.

Pages are written in the reader's manner. Documents (PDF, CSV, sealed months) are not: they are the same bytes
for everybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import dateformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_THIN: Final = "\u202f"
# Separator of thousands and decimal mark.
NUMBERS: Final = {"en": (",", "."), "de": (".", ","), "ch": ("’", "."), "fr": (_THIN, ",")}
# With the year and without it; "words" is written as the language does.
_DAYS: Final = {
    "iso": ("Y-m-d", "m-d"),
    "dots": ("d.m.Y", "d.m."),
    "day_first": ("d/m/Y", "d/m"),
    "month_first": ("m/d/Y", "m/d"),
}
WORDS: Final = "words"
DAYS: Final = (WORDS, *_DAYS)
CLOCKS: Final = ("24", "12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """`numbers`: a key of NUMBERS; `days`: one of DAYS; `clock`: one of CLOCKS."""

    numbers: str = "en"
    days: str = WORDS
    clock: str = "24"


_current: ContextVar[Manner | None] = ContextVar("manner", default=None)


def of_language() -> Manner:
    """What readers of the active language are used to."""
    german = (get_language() or "en").startswith("de")
    return Manner(numbers="de") if german else Manner()


def current() -> Manner:
    """The reader's, inside `override`; else their language's."""
    return _current.get() or of_language()


@contextmanager
def override(manner: Manner) -> Iterator[None]:
    """Write as `manner` says within the block."""
    token = _current.set(manner)
    try:
        yield
    finally:
        _current.reset(token)


def marks() -> dict[int, str]:
    """For `str.translate`: from 1,234.5 as Python writes it to the reader's marks."""
    thousands, point = NUMBERS[current().numbers]
    return str.maketrans({",": thousands, ".": point})


def number(value: Decimal | float, digits: int = 0) -> str:
    """1234.5 with two digits as 1,234.50 or 1.234,50. Rounds as Python formats."""
    return f"{value:,.{digits}f}".translate(marks())


def day(on: date, *, with_year: bool) -> str:
    """3 Mar 2025, 2025-03-03, 03.03.2025 …; without its year 3 Mar, 03-03, 03.03."""
    chosen = current().days
    if chosen == WORDS:
        return dateformat.format(on, _("j M Y") if with_year else _("j M"))
    return dateformat.format(on, _DAYS[chosen][0 if with_year else 1])


def time(at: datetime, *, seconds: bool = False) -> str:
    """13:58, 13:58:07, 1:58 pm: of an instant that is in the reader's zone already."""
    if current().clock == "24":
        return f"{at:%H:%M:%S}" if seconds else f"{at:%H:%M}"
    half = "pm" if at.hour >= 12 else "am"
    return (
        f"{at.hour % 12 or 12}:{at:%M:%S} {half}"
        if seconds
        else f"{at.hour % 12 or 12}:{at:%M} {half}"
    )


def weekday(on: date) -> str:
    """Mon, in German Mo."""
    return dateformat.format(on, "D")


def month(on: date, *, with_year: bool = False) -> str:
    """March, or March 2025, in the reader's language."""
    return dateformat.format(on, "F Y" if with_year else "F")
