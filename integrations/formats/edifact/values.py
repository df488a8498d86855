"""Single values: what a component may hold, and how a neutral document shows it.

A document holds numbers as decimal strings with a point, and the dates of formats 102, 203 and 204
as 2026-03-03, 2026-03-03T14:05 and 2026-03-03T14:05:30. A value that is not what its type asks for,
or a date of another format, is kept as it was sent.
"""

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from integrations.formats.edifact.elements import NUMERIC, Element
from integrations.formats.numbers import PLAIN_NUMBER, canonical, parse_number
from portal.core.decimals import plain_number

_SHOWN = {"102": "%Y-%m-%d", "203": "%Y-%m-%dT%H:%M", "204": "%Y-%m-%dT%H:%M:%S"}
_SENT = {"102": "%Y%m%d", "203": "%Y%m%d%H%M", "204": "%Y%m%d%H%M%S"}
_DIGITS = {"102": 8, "203": 12, "204": 14}
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?", re.ASCII).fullmatch
_LONGEST_NUMBER = 100


@lru_cache(maxsize=4096)
def shown_date(text: str, kind: str) -> str | None:
    """20260303 in format 102 → 2026-03-03. None for no date of a format we show."""
    if len(text) != _DIGITS.get(kind) or not (text.isascii() and text.isdigit()):
        return None
    try:
        return _written(datetime.strptime(text, _SENT[kind]), _SHOWN[kind])  # noqa: DTZ007
    except ValueError:
        return None


def is_shown(kind: str) -> bool:
    """Whether a document shows dates of this format in ISO 8601."""
    return kind in _SHOWN


def sent_date(text: str, kind: str) -> tuple[str, str]:
    """The value and its format as DTM holds them. Without a format the value decides."""
    match = _ISO(text)
    if match is None:
        return text, kind
    named = "102" if match[1] is None else "203" if match[2] is None else "204"
    if kind not in ("", named):
        return text, kind
    try:
        return _written(datetime.strptime(text, _SHOWN[named]), _SENT[named]), named  # noqa: DTZ007
    except ValueError:
        return text, named


def _written(moment: datetime, pattern: str) -> str:
    return moment.strftime(pattern.replace("%Y", f"{moment.year:04d}"))


def shown_number(text: str) -> str | None:
    """ "12,50" → "12.50"; None for no number. Comma and point are both decimal marks."""
    text = text.strip()
    if "," in text:
        if "." in text or text.count(",") > 1:
            return None
        text = text.replace(",", ".")
    if len(text) > _LONGEST_NUMBER:
        return None
    number = parse_number(text)
    return None if number is None else canonical(text, plain_number(number))


def sent_number(value: str) -> str:
    """The number without exponent and needless zeros; text that is no number stays."""
    number = parse_number(value) if len(value) <= _LONGEST_NUMBER else None
    return value if number is None else plain_number(number)


def as_text(value: object) -> str:
    """Trailing spaces carry nothing and are left out."""
    if value is None:
        return ""
    return (f"{value:f}" if isinstance(value, Decimal) else str(value)).rstrip(" ")


def flaw(element: Element, value: str, *, longest: int) -> str | None:
    """The issue code for a value its component may not hold, None for a good one.

    Numbers are measured in digits, other types in characters.
    """
    length = len(value)
    if element.type in NUMERIC:
        if not PLAIN_NUMBER(value):
            return "number_invalid"
        length = sum(map(str.isdigit, value))
    return "element_too_long" if length > longest else None
