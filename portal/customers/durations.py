"""Minutes as people write them: `44 min`, `4 h`, `1 h 26`."""

import re
from typing import Final

_WRITTEN: Final = re.compile(r"(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*(?:m|min)?)?")


def duration_text(minutes: int) -> str:
    """`90` as `1 h 30`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def read_duration(text: str) -> int | None:
    """The minutes of `1 h 30`, `90 min` or `90`; None for anything else."""
    found = _WRITTEN.fullmatch(text.strip().lower())
    if not found or not any(found.groups()):
        return None
    hours, minutes = (int(part or 0) for part in found.groups())
    return hours * 60 + minutes
