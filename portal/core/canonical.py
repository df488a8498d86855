"""One value, one sequence of bytes: JSON with sorted keys, UTF-8, numbers with decimals as text."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from portal.core.decimals import plain_number


def canonical(value: Any) -> bytes:
    """`value` as bytes that are the same for equal values, in any process and in any order of keys.

    Dataclasses and named tuples are groups of their fields; mappings with text as keys, lists, tuples, text,
    whole numbers, booleans and None stay what they are. Decimals become text without needless zeros, instants
    UTC with a Z, dates and UUIDs text. Raises TypeError for floats and everything else, ValueError for an
    instant without a zone, a number that is not finite, and text that is not Unicode; both say where.
    """
    plain_value = plain(value)
    return json.dumps(
        plain_value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(content: bytes) -> str:
    """SHA-256 (FIPS 180-4) in 64 lower-case hex digits."""
    return hashlib.sha256(content).hexdigest()


def plain(value: Any) -> Any:
    """`value` as JSON knows it; what reading its canonical bytes gives. Raises as `canonical`."""
    try:
        return _plain(value)
    except _UnfitError as unfit:
        # Worked out here only: to carry the place along costs more than the values themselves.
        raise unfit.kind(f"{_place(value) or 'the value'} {unfit}") from None


class _UnfitError(Exception):
    """What has no canonical form. `kind`: what `plain` raises for it."""

    def __init__(self, kind: type[Exception], said: str) -> None:
        super().__init__(said)
        self.kind = kind


def _plain(value: Any) -> Any:
    kind = value.__class__
    if kind is str:
        return _text(value)
    if value is None or kind is int or kind is bool:
        return value
    if kind is dict:
        return {_key(key): _plain(item) for key, item in value.items()}
    if names := _names(kind):
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return _plain(dict(value))
    return _scalar(value)


def _place(value: Any) -> str:
    """Where in a value the first thing without a canonical form stands: `promises[0].actual`."""
    for step, item in _members(value):
        try:
            _plain(item)
        except _UnfitError:
            under = _place(item)
            return f"{step}{'.' if under and not under.startswith('[') else ''}{under}"
    return ""


def _members(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return ((str(key), item) for key, item in value.items())
    if names := _names(value.__class__):
        return ((name, getattr(value, name)) for name in names)
    if isinstance(value, list | tuple):
        return ((f"[{at}]", item) for at, item in enumerate(value))
    return ()


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass or a named tuple; none for anything else."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return getattr(kind, "_fields", ()) if issubclass(kind, tuple) else ()


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise _UnfitError(TypeError, f"has the key {key!r}; keys are text")
    return _text(key)


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    kind = type(value).__name__
    said = f"is a {kind}; a sealed figure is a Decimal, a whole number or text"
    raise _UnfitError(TypeError, said)


def _text(value: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        said = "is no Unicode text: half a character is in it"
        raise _UnfitError(ValueError, said) from None
    return value


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise _UnfitError(ValueError, f"is {value}, which is no number")
    return plain_number(value)


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise _UnfitError(ValueError, f"is {value}, an instant without a time zone")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
