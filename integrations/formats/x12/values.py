"""Single values: what an element may hold, and how a neutral document shows it.

A document holds dates as 2026-03-03, times as 14:05 or 14:05:30, numbers as decimal strings. A
value that is not what its type asks for is kept as it was sent.
"""

import re
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache

from integrations.formats.numbers import PLAIN_NUMBER, parse_number
from integrations.formats.x12.elements import NUMERIC, Element
from portal.core.decimals import plain_number

_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d?)?)?", re.ASCII).fullmatch
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII).fullmatch
_ISO_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?", re.ASCII).fullmatch
_EXACT = Context(prec=100)
_MAX_PLACES = 40


def is_date(text: str) -> bool:
    """CCYYMMDD, or the YYMMDD of versions before 004010."""
    if not (text.isascii() and text.isdigit() and len(text) in (6, 8)):
        return False
    year, month, day = int(text[:-4]), int(text[-4:-2]), int(text[-2:])
    try:
        date(year if len(text) == 8 else 2000 + year, month, day)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def shown_date(text: str) -> str:
    """20260303 → 2026-03-03; a six-digit date stays, because its century is a guess."""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and is_date(text) else text


@lru_cache(maxsize=4096)
def shown_time(text: str) -> str:
    """1405 → 14:05, 140530 → 14:05:30; tenths of seconds stay as sent."""
    if len(text) in (4, 6) and _CLOCK(text):
        return ":".join(text[i : i + 2] for i in range(0, len(text), 2))
    return text


def shown_cents(text: str) -> str:
    """154250 → 1542.50. A value with a point was sent unscaled and stays."""
    if "." in text or not PLAIN_NUMBER(text):
        return text
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text)
    digits = digits.zfill(3)
    return f"{sign}{digits[:-2]}.{digits[-2:]}"


def sent_date(text: str) -> str:
    return text.replace("-", "") if _ISO_DATE(text) else text


def sent_time(text: str) -> str:
    return text.replace(":", "") if _ISO_CLOCK(text) else text


def sent_number(text: str, kind: str) -> str:
    """The number as an element holds it, scaled for N2; text that is no number stays."""
    number = parse_number(text)
    if number is None or len(text) > _MAX_PLACES:
        return text
    return plain_number(_EXACT.multiply(number, Decimal(100)) if kind == "N2" else number)


def flaw(element: Element, value: str, *, longest: int) -> str | None:
    """The issue code for a value its element may not hold, None for a good one.

    Numbers are measured in digits (X12.6 3.5.1.2), other types in characters.
    """
    length = len(value)
    if element.type in NUMERIC:
        if not PLAIN_NUMBER(value) or (element.type != "R" and "." in value):
            return "number_invalid"
        length = sum(map(str.isdigit, value))
    if element.type == "DT":
        return None if is_date(value) else "date_invalid"
    if element.type == "TM":
        return None if _CLOCK(value) else "time_invalid"
    if length > longest:
        return "element_too_long"
    return "element_too_short" if length < element.shortest else None
