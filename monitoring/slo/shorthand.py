"""OpenSLO's way to write a duration: `5m`, `1h`, `30d`; for calendars also `1w`, `1M`, `1Q`."""

import re
from datetime import timedelta
from typing import Final, NamedTuple

_WRITTEN: Final = re.compile(r"([1-9]\d{0,4})([smhdwMQ])")
_LENGTHS: Final = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}


class Shorthand(NamedTuple):
    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


def read(text: object) -> Shorthand | None:
    """A count and a unit; None for what is no shorthand."""
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    return Shorthand(int(found.group(1)), found.group(2)) if found else None


def read_length(text: object) -> timedelta | None:
    """Elapsed time; None for what has no fixed length, such as a month."""
    found = read(text)
    return found.number * _LENGTHS[found.unit] if found and found.unit in _LENGTHS else None


def write(length: timedelta) -> str:
    """In the largest unit that it is a whole number of."""
    unit = next(unit for unit, size in _LENGTHS.items() if length % size == timedelta(0))
    return str(Shorthand(length // _LENGTHS[unit], unit))
