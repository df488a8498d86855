"""Text, numbers, amounts, dates and times as canonical bodies write them.

Each function that an expression can call takes None for undefined and gives a list of one value or
of none. What cannot be read is reported to the current run.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.canonical.problem import shorten
from integrations.mapping.current import current
from portal.core.decimals import plain_number
from portal.core.money import round_money

_DECIMAL: Final = re.compile(r"[+-]?(?=\.?[0-9])[0-9]{0,18}(\.[0-9]{0,18})?([eE][+-]?[0-9]{1,2})?")
_COMPACT: Final = re.compile(r"([0-9]{8})([0-9]{4}|[0-9]{6})")


def code_text(function: str, what: Any) -> str:
    if isinstance(what, str):
        return what.strip()
    if isinstance(what, bool) or not isinstance(what, int | float):
        raise TypeError(f"{function} takes a code, not {shorten(what)}")
    return format(what, ".15g")


def text_of(value: Any) -> list[str]:
    if value is None:
        return []
    text = code_text("$text", value)
    return [text] if text else []


def _parse_decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        number = Decimal(format(value, ".15g"))
        return number if number.is_finite() else None
    text = value.strip() if isinstance(value, str) else ""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def decimal_of(value: Any) -> list[str]:
    if value is None:
        return []
    number = _parse_decimal(value)
    if number is not None:
        return [plain_number(number)]
    current.run.report("wrong_type", value, f"“{shorten(value)}” is not a decimal number.")
    return []


def money_of(value: Any, currency: Any) -> list[str]:
    if value is None:
        return []
    number = _parse_decimal(value)
    if number is None:
        current.run.report("wrong_type", value, f"“{shorten(value)}” is not an amount.")
        return []
    try:
        return [format(round_money(number, currency), "f")]
    except ValueError:
        text = f"“{shorten(currency)}” is not a currency."
        current.run.report("currency_unknown", currency, text)
        return []


def _moment(value: Any) -> datetime | None:
    text = value.strip() if isinstance(value, str) else ""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        compact = _COMPACT.fullmatch(text)
    try:
        return datetime.fromisoformat(f"{compact[1]}T{compact[2]}") if compact else None
    except ValueError:
        return None


def date_of(value: Any) -> list[str]:
    if value is None:
        return []
    moment = _moment(value)
    if moment is not None:
        return [moment.date().isoformat()]
    current.run.report("wrong_type", value, f"“{shorten(value)}” is not a date.")
    return []


def utc_of(value: Any, zone: Any) -> list[str]:
    if value is None:
        return []
    moment = _moment(value)
    if moment is None:
        current.run.report("wrong_type", value, f"“{shorten(value)}” is not a date and time.")
        return []
    if moment.tzinfo is None and zone is None:
        return [moment.isoformat() + "Z"]
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone(zone))
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        current.run.report("wrong_type", value, f"“{shorten(value)}” is outside the calendar.")
        return []
    return [utc.replace(tzinfo=None).isoformat() + "Z"]


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError(f"{shorten(name)} is not a time zone") from None
