"""What the settings of all formats share."""

import re
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.formats.flat.charset import charset_name
from integrations.formats.flat.fields import Fields
from integrations.formats.flat.issues import TOLERABLE
from integrations.formats.flat.profile import NEGATIVES, Profile

DECIMAL_MARKS: Final = (".", ",")
THOUSANDS_MARKS: Final = ("", ".", ",", " ", "'", "’", "\u00a0", "\u202f")
_DIRECTIVE: Final = re.compile("%(.?)")
_KNOWN: Final = frozenset("YymdjHMSfz")
_DAY: Final = ({"Y", "m", "d"}, {"y", "m", "d"}, {"Y", "j"})
_USUAL: Final = Profile()
_MOST: Final = {
    "max_bytes": 500_000_000,
    "max_rows": 5_000_000,
    "max_columns": 16_384,
    "max_line": 10_000_000,
}


def common(fields: Fields, *, charset: str = "utf-8") -> dict[str, Any]:
    """The arguments of `Profile`. `charset` is the usual one; empty: the file's own."""
    found = {
        "charset": _charset(fields, charset),
        "decimal_mark": fields.choice("decimal_mark", DECIMAL_MARKS, "."),
        "thousands_mark": fields.choice("thousands_mark", THOUSANDS_MARKS, ""),
        "negative": fields.choice("negative", NEGATIVES, "leading"),
        "date_formats": formats_of(fields, "date_formats", "date", _USUAL.date_formats),
        "time_formats": formats_of(fields, "time_formats", "time", _USUAL.time_formats),
        "datetime_formats": formats_of(
            fields, "datetime_formats", "datetime", _USUAL.datetime_formats
        ),
        "timezone": _timezone(fields),
        "trim": fields.flag("trim", default=True),
        "tolerate": _tolerated(fields),
    }
    for name, most in _MOST.items():
        found[name] = fields.number(name, getattr(_USUAL, name), least=1, most=most)
    if found["thousands_mark"] == found["decimal_mark"]:
        raise fields.fault("thousands_mark", "This is the decimal mark, too.")
    return found


def _charset(fields: Fields, usual: str) -> str:
    name = fields.text("charset", usual)
    found = charset_name(name) if name else ""
    if found is None or (not found and usual):
        raise fields.fault("charset", f"“{name}” is no charset that is taken.")
    return found


def _timezone(fields: Fields) -> str:
    name = fields.text("timezone", "")
    if name:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            text = f"“{name}” is no time zone. Write it like Europe/Berlin."
            raise fields.fault("timezone", text) from None
    return name


def _tolerated(fields: Fields) -> frozenset[str]:
    found = frozenset(fields.texts("tolerate"))
    beyond = sorted(found - TOLERABLE)
    if beyond:
        known = ", ".join(sorted(TOLERABLE))
        raise fields.fault("tolerate", f"“{beyond[0]}” cannot be tolerated, only {known}.")
    return found


def formats_of(
    fields: Fields, name: str, kind: str, default: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Patterns of dates or times, without those that depend on a language."""
    found = fields.texts(name, default)
    if not found and default:
        raise fields.fault(name, "At least one pattern is needed.")
    for pattern in found:
        marks = _DIRECTIVE.findall(pattern)
        if len(pattern) > 60 or not set(marks) <= _KNOWN or len(set(marks)) < len(marks):
            known = " ".join(f"%{mark}" for mark in sorted(_KNOWN))
            raise fields.fault(name, f"“{pattern}” is no pattern of {known}, each once.")
        has_day = any(day <= set(marks) for day in _DAY)
        if (kind == "time" and "H" not in marks) or (kind != "time" and not has_day):
            wanted = "%H" if kind == "time" else "%Y, %m and %d"
            raise fields.fault(name, f"“{pattern}” has no {wanted}.")
    return found
