"""Values between a database and JSON: decimals as text, times with an offset, bytes never.

What goes to the database goes as bound values: whole numbers and yes or no as such, everything else as text
that the database itself reads as its column wants it.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

LONGEST: Final = 1000
_MOST_PLACES: Final = 1000
_LONGEST_NOTED: Final = 200
_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?")
_WORDS: Final = {"true": True, "false": False}
_BIGGEST: Final = 2**63


class UnfitValueError(ValueError):
    """This value cannot be shown, or taken, as its type; the text says why."""


def shown(value: Any, type_: str, zone: ZoneInfo) -> Any:
    """A value of the database as JSON of `type_`. Times without an offset are in `zone`."""
    if value is None:
        return None
    if isinstance(value, bytes | bytearray | memoryview):
        raise UnfitValueError("It holds bytes.")
    try:
        return _SHOWN[type_](value, zone)
    except (ValueError, OverflowError, InvalidOperation):
        raise UnfitValueError(f"{str(value)[:40]!r} is no {type_}.") from None


def _text(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return _moment(value, zone)
    if isinstance(value, Decimal | float):
        return _decimal(value, zone)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | date | time | UUID):
        return value.isoformat() if isinstance(value, date | time) else str(value)
    raise UnfitValueError(f"It holds {type(value).__name__}.")


def _integer(value: Any, zone: ZoneInfo) -> int:
    number = value if isinstance(value, int) else _number(value)
    if number != int(number):
        raise ValueError
    return int(number)


def _decimal(value: Any, zone: ZoneInfo) -> str:
    return format(_number(value), "f")


def _number(value: Any) -> Decimal:
    """Some databases keep any text in a column of numbers, and few letters can stand for endless digits."""
    number = Decimal(repr(value) if isinstance(value, float) else str(value))
    if not number.is_finite() or abs(number.adjusted()) > _MOST_PLACES:
        raise ValueError
    return number


def _boolean(value: Any, zone: ZoneInfo) -> bool:
    if value in (0, 1):
        return bool(value)
    return _WORDS[str(value).lower()] if str(value).lower() in _WORDS else _no_boolean()


def _no_boolean() -> bool:
    raise ValueError


def _date(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return (
        value.isoformat() if isinstance(value, date) else date.fromisoformat(str(value)).isoformat()
    )


def _moment(value: Any, zone: ZoneInfo) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


_SHOWN: Final = {
    "string": _text, "integer": _integer, "decimal": _decimal, "boolean": _boolean, "date": _date,
    "datetime": _moment,
}  # fmt: skip


def bound(value: Any, kind: str, zone: ZoneInfo, *, with_offset: bool = False) -> Any:
    """What a caller gave, as it is bound for a column of `kind`. Text of an address, or JSON.

    `with_offset`: the column keeps offsets; otherwise its times are in `zone`.
    """
    if isinstance(value, float):
        raise UnfitValueError('Write the number as decimal text, such as "12.50".')
    if isinstance(value, str) and len(value) > LONGEST:
        raise UnfitValueError(f"It is longer than {LONGEST} characters.")
    if isinstance(value, str) and "\0" in value:
        raise UnfitValueError("It holds a character that cannot be stored.")
    if kind == "string" and isinstance(value, str):
        return value
    if kind == "datetime":
        return _bound_moment(value, zone, with_offset=with_offset)
    return _BOUND[kind](value)


def _bound_integer(value: Any) -> int:
    text = value if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not _INTEGER.fullmatch(text) or abs(int(text)) >= _BIGGEST:
        raise UnfitValueError("It has to be a whole number.")
    return int(text)


def _bound_decimal(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not _DECIMAL.fullmatch(text):
        raise UnfitValueError('It has to be decimal text, such as "12.50".')
    return text


def _bound_boolean(value: Any) -> bool:
    found = value if isinstance(value, bool) else _WORDS.get(str(value))
    if found is None:
        raise UnfitValueError("It is true or false.")
    return found


def _bound_date(value: Any) -> str:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "").isoformat()
    except ValueError:
        raise UnfitValueError("It has to be a date such as 2026-03-02.") from None


def _bound_text(value: Any) -> str:
    raise UnfitValueError("It has to be text.")


def _bound_moment(value: Any, zone: ZoneInfo, *, with_offset: bool) -> str:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        if moment.tzinfo is None:
            raise ValueError
        found = moment.astimezone(UTC if with_offset else zone)
    except (ValueError, OverflowError):
        raise UnfitValueError(
            "It has to be a time with an offset, such as 2026-03-02T13:58:04Z."
        ) from None
    kept = found if with_offset else found.replace(tzinfo=None)
    return kept.isoformat(sep=" ")


_BOUND: Final[Mapping[str, Any]] = {
    "string": _bound_text, "integer": _bound_integer, "decimal": _bound_decimal,
    "boolean": _bound_boolean, "date": _bound_date,
}  # fmt: skip


def mark(value: Any) -> Any:
    """A value that was read, as a cursor keeps it and a database compares it with its own column."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def address(values: list[Any]) -> str:
    """The values of a key as one segment of an address: `~0` is `~`, `~1` is `/`, `~2` is a comma."""
    return ",".join(
        str(one).replace("~", "~0").replace("/", "~1").replace(",", "~2") for one in values
    )


def noted(key: str) -> str:
    """A key as the record of rows keeps it: of a long one its beginning, and what tells it from its like."""
    if len(key) <= _LONGEST_NOTED:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{key[: _LONGEST_NOTED - len(digest) - 1]}…{digest}"


def from_address(text: str) -> list[str]:
    """The values that `address` made a segment of."""
    return [one.replace("~2", ",").replace("~1", "/").replace("~0", "~") for one in text.split(",")]
