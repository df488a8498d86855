"""Lengths of time as people write them: `5 s`, `44 min`, `4 h`, `1 h 26`, `3 d`."""

import re
from datetime import timedelta
from typing import Final

# A number without a unit is minutes, and stands at the end: `90`, `1 h 30`.
_WRITTEN: Final = re.compile(
    r"(?:(\d{1,4})\s*d)?\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*(?:m|min|\Z))?\s*(?:(\d{1,6})\s*s)?"
)
_MINUTE: Final = timedelta(minutes=1)


def duration_text(minutes: int) -> str:
    """`90` as `1 h 30`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def length_text(length: timedelta) -> str:
    """In whole seconds, as `read_length` reads it back: `5 s`, `1 min 30 s`, `1 h 30`."""
    minutes, rest = divmod(length, _MINUTE)
    if not rest:
        return duration_text(minutes)
    seconds = f"{int(rest.total_seconds())} s"
    return f"{minutes} min {seconds}" if minutes else seconds


def read_length(text: str) -> timedelta | None:
    """Elapsed time: `5 s`, `1 min 30 s`, `1 h 30` or `3 d`, a day being 24 hours; None for anything else."""
    parts = _parts(text)
    if parts is None:
        return None
    days, hours, minutes, seconds = parts
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def read_duration(text: str) -> int | None:
    """The minutes of `1 h 30`, `90 min` or `90`; None for anything else. No days: of working time nobody
    knows how long one is."""
    parts = _parts(text)
    if parts is None or parts[0] or parts[3]:
        return None
    return parts[1] * 60 + parts[2]


def _parts(text: str) -> tuple[int, int, int, int] | None:
    """Days, hours, minutes and seconds."""
    found = _WRITTEN.fullmatch(text.strip().lower())
    if not found or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return days, hours, minutes, seconds
