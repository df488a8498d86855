"""Values as OData writes them, and as the rest of the portal does. Pure.

Version 2 writes a time as `/Date(1756512000000)/`, a list as `{"results": […]}` and decimals as text.
Version 4 writes ISO 8601, lists, and decimals as numbers, which stay the text they were sent as.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

# Minutes behind the number are the zone the time was entered in; the number itself is UTC.
_DATE: Final = re.compile(r"/Date\((-?[0-9]{1,15})(?:[+-][0-9]{1,4})?\)/")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEFT_OUT: Final = "__metadata"
_DEFERRED: Final = "__deferred"
_DEEPEST: Final = 40


def literal(text: str) -> str:
    """A text in a filter or a key: `'O''Brien'`."""
    return "'" + text.replace("'", "''") + "'"


def key(text: str) -> str:
    """A text as the key in a path: it cannot reach another segment."""
    return quote(literal(text), safe="'")


def query(parameters: dict[str, str]) -> str:
    """What stands behind the `?`: blanks as %20, as a plus is not read as one everywhere."""
    return "&".join(
        f"{name}={quote(value, safe='$,:()')}" for name, value in parameters.items() if value
    )


def moment(value: Any) -> datetime | None:
    """The time in a value of either version; None for a missing one. ValueError for what is no time."""
    if value in (None, ""):
        return None
    text = str(value)
    if found := _DATE.fullmatch(text):
        try:
            return _EPOCH + timedelta(milliseconds=int(found[1]))
        except OverflowError:
            raise ValueError(f"“{text[:40]}” is no time") from None
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def plain(value: Any, *, depth: int = 0) -> Any:
    """A document of version 2 as any JSON says it: lists are lists, times ISO 8601, and what only names
    other addresses is left out. ValueError for one that is nested beyond reason."""
    if depth > _DEEPEST:
        raise ValueError("The document is nested too deeply.")
    if isinstance(value, list):
        return [plain(one, depth=depth + 1) for one in value]
    if isinstance(value, str):
        return _spoken(value)
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("results"), list):
        return [plain(one, depth=depth + 1) for one in value["results"]]
    return {
        name: plain(one, depth=depth + 1)
        for name, one in value.items()
        if name != _LEFT_OUT and not (isinstance(one, dict) and _DEFERRED in one)
    }


def is_cut(value: Any) -> bool:
    """Whether a list inside a document of version 2 goes on elsewhere."""
    if isinstance(value, list):
        return any(map(is_cut, value))
    if not isinstance(value, dict):
        return False
    return ("results" in value and "__next" in value) or any(map(is_cut, value.values()))


def _spoken(text: str) -> str:
    if not _DATE.fullmatch(text):
        return text
    at = moment(text)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else text


def written(value: Any) -> Any:
    """A document as version 2 takes it: days under names that end in Date as `/Date(…)/`."""
    if isinstance(value, list):
        return [written(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _day(name, one) for name, one in value.items()}


def _day(name: str, value: Any) -> Any:
    if name.endswith("Date") and isinstance(value, str) and _DAY.fullmatch(value):
        at = datetime.fromisoformat(value).replace(tzinfo=UTC)
        return f"/Date({int(at.timestamp()) * 1000})/"
    return written(value)


def encode(value: Any) -> bytes:
    """JSON in which a Decimal is a number with just its digits: no float comes between."""
    return _json(value).encode()


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return json.dumps(value)
