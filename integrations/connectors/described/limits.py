"""The `rate` and `limits` of a description: how much a system takes, and how much we take of it. Pure."""

import re
from typing import Final

from integrations.connectors.described.entries import Entries
from integrations.connectors.described.system import Rate

_UNITS: Final = ("seconds", "milliseconds", "time")
_HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,80}")


def read_rate(group: Entries | None) -> Rate:
    """Without one, calls are made as they come."""
    if group is None:
        return Rate()
    per_second = float(group.number("per_second", 0.0, least=0.1, most=1000))
    burst = group.whole("burst", 1, least=1, most=1000)
    if burst > 1 and not per_second:
        group.refuse("burst", "It goes with per_second.")
    remaining, reset = _header(group, "remaining"), _header(group, "reset")
    if bool(remaining) != bool(reset):
        group.refuse("remaining", "remaining and reset go together.")
    unit = group.choice("unit", _UNITS, "seconds")
    group.done()
    return Rate(per_second, burst, remaining, reset, unit)


def _header(group: Entries, key: str) -> str:
    name = group.text(key, "")
    if name and not _HEADER.fullmatch(name):
        group.refuse(key, "It must be the name of a header.")
    return name


def read_limits(group: Entries | None) -> tuple[int, int]:
    """Pages of one list before it counts as endless, and rows of one answer."""
    if group is None:
        return 10_000, 5_000
    pages = group.whole("pages", 10_000, least=1, most=100_000)
    rows = group.whole("rows", 5_000, least=1, most=20_000)
    group.done()
    return pages, rows
