"""One value, one sequence of bytes: JSON with sorted keys, UTF-8, numbers with decimals as text."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


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


def plain(value: Any, *, path: str = "") -> Any:
    """`value` as JSON knows it; what reading its canonical bytes gives. Raises as `canonical`."""
    if isinstance(value, Mapping):
        return {_key(key, path): plain(item, path=_under(path, key)) for key, item in value.items()}
    if (named := _named(value)) is not None:
        return plain(named, path=path)
    if isinstance(value, list | tuple):
        return [plain(item, path=f"{path}[{at}]") for at, item in enumerate(value)]
    return _scalar(value, path or "the value")


def _named(value: Any) -> dict[str, Any] | None:
    """The fields of a dataclass or a named tuple; None for anything else."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value._asdict() if isinstance(value, tuple) and hasattr(value, "_asdict") else None


def _key(key: Any, path: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{path or 'the value'} has the key {key!r}; keys are text")
    return _text(key, path or "the value")


def _under(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _scalar(value: Any, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(str(value), where)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return _decimal(value, where)
    if isinstance(value, datetime):
        return _instant(value, where)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    kind = type(value).__name__
    raise TypeError(f"{where} is a {kind}; a sealed figure is a Decimal, a whole number or text")


def _text(value: str, where: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{where} is no Unicode text: half a character is in it") from None
    return value


def _decimal(value: Decimal, where: str) -> str:
    if not value.is_finite():
        raise ValueError(f"{where} is {value}, which is no number")
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _instant(value: datetime, where: str) -> str:
    if value.tzinfo is None:
        raise ValueError(f"{where} is {value}, an instant without a time zone")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
