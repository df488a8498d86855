"""The `rate` and `limits` of a description: how much a system takes, and how much we take of it. Pure."""

import re
from typing import Final

from integrations.connectors.described.entries import Entries
from integrations.connectors.described.system import Operation, Rate

_UNITS: Final = ("seconds", "milliseconds", "time", "time_ms")
_METHODS: Final = ("GET", "POST", "PUT", "PATCH")
_PATH: Final = re.compile(r"(/([A-Za-z0-9_.~:@-]+|\*))+", re.ASCII)
_HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,80}")


def read_rate(group: Entries | None) -> Rate:
    """Without one, calls are made as they come."""
    if group is None:
        return Rate()
    rate = _rate(group)
    group.done()
    return rate


def read_rates(whole: Entries) -> tuple[Operation, ...]:
    """The `rates` of a description: the paces of single operations."""
    return tuple(map(_operation, whole.entries("rates")))


def _operation(group: Entries) -> Operation:
    method, path = group.choice("method", _METHODS, "GET"), group.text("path")
    if path and not _PATH.fullmatch(path):
        group.refuse("path", "It must be a path such as /orders/*/items; * stands for one segment.")
    rate = _rate(group)
    group.done()
    return Operation(method, path, rate)


def _rate(group: Entries) -> Rate:
    per_second = float(group.number("per_second", 0.0, least=0.001, most=1000))
    burst = group.whole("burst", 1, least=1, most=1000)
    if burst > 1 and not per_second:
        group.refuse("burst", "It goes with per_second.")
    remaining, reset = _header(group, "remaining"), _header(group, "reset")
    if bool(remaining) != bool(reset):
        group.refuse("remaining", "remaining and reset go together.")
    limit = _header(group, "limit")
    if limit and not per_second:
        group.refuse(
            "limit", "It goes with per_second, which counts until the system says its own."
        )
    unit = group.choice("unit", _UNITS, "seconds")
    return Rate(per_second, burst, remaining, reset, unit, limit)


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
