"""Database rows as JSON: numbers exact, times with an offset. Pure."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

_EXACT: Final = 2**53
_FRACTION: Final = re.compile(r"\.(\d{1,6})")


def encode_row(row: Mapping[str, Any], zone: ZoneInfo) -> bytes:
    """Compact JSON, columns sorted, so that the same row always gives the same bytes.

    Decimals and floats become text, times without an offset are in `zone` and become UTC.
    """
    plain = {name: _plain(value, zone) for name, value in sorted(row.items())}
    return json.dumps(plain, ensure_ascii=True, separators=(",", ":")).encode()


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if -_EXACT <= value <= _EXACT else str(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, datetime):
        return _utc(value, zone)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, Mapping):
        return {str(name): _plain(inner, zone) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, zone) for inner in value]
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _utc(moment: datetime, zone: ZoneInfo) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def mark_of(value: Any) -> str:
    """A changed-at value as the text a cursor keeps and a database compares with its column."""
    if isinstance(value, datetime):
        # SQL Server's old DATETIME takes no more than three digits behind the point, and gives no more.
        spec = "auto" if value.microsecond % 1000 or not value.microsecond else "milliseconds"
        return value.isoformat(sep=" ", timespec=spec)
    if isinstance(value, bytes | bytearray | memoryview):  # a ROWVERSION, which only counts up
        return str(int.from_bytes(value, "big"))
    return value.isoformat() if isinstance(value, date) else str(value)


def earlier(mark: str, seconds: int) -> str:
    """`mark` set back in its own notation; a mark that is no time, a row version say, stays."""
    try:
        moment = datetime.fromisoformat(mark)
    except ValueError:
        return mark
    if mark.isdigit() or not seconds:
        return mark
    try:
        moment -= timedelta(seconds=seconds)
    except OverflowError:
        return mark
    return _like(moment, mark)


def _like(moment: datetime, mark: str) -> str:
    """In the notation of `mark`: a database that stores times as text compares every character."""
    if len(mark) == 10:
        return moment.date().isoformat()
    fraction = _FRACTION.search(mark)
    spec = "microseconds" if fraction else "seconds"
    text = moment.isoformat(sep=mark[10], timespec=spec)
    if fraction:
        point = text.index(".") + 1
        text = text[:point] + text[point : point + len(fraction[1])] + text[point + 6 :]
    return text.removesuffix("+00:00") + "Z" if mark.endswith("Z") else text
