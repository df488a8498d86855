"""Tryton's own JSON: decimals, days and times as objects with a class. Pure."""

import base64
import json
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from typing import Any, Final


def plain(value: Any) -> Any:
    """The value with decimals as text, days as `2026-11-30`, times as `2026-11-30T17:31:09.767478`.

    An object of a class that is not known, or that lacks a part, stays as it is.
    """
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    read = _READ.get(str(value.get("__class__")))
    if read is None:
        return {name: plain(one) for name, one in value.items()}
    try:
        return read(value)
    except (KeyError, TypeError, ValueError, OverflowError):
        return value


def _date(value: dict[str, Any]) -> str:
    return date(*(int(value[name]) for name in ("year", "month", "day"))).isoformat()


def _datetime(value: dict[str, Any]) -> str:
    day, at = _date(value), (int(value[name]) for name in _TIME[3:])
    hour, minute, second, microsecond = at
    return f"{day}T{time_of_day(hour, minute, second, microsecond).isoformat('microseconds')}"


_TIME: Final = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_READ: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "Decimal": lambda value: str(value["decimal"]),
    "date": _date,
    "datetime": _datetime,
}


def decimal(number: Decimal) -> dict[str, str]:
    return {"__class__": "Decimal", "decimal": format(number, "f")}


def day(value: date) -> dict[str, Any]:
    return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}


def time(value: datetime) -> dict[str, Any]:
    """A time that is in UTC."""
    return {"__class__": "datetime", **{name: getattr(value, name) for name in _TIME}}


def packed(value: Any) -> str:
    """A domain, an order or a context as it stands in an address or a header."""
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()
