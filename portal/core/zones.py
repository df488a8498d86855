"""The time zones people choose from: places and UTC, without the names that machines go by."""

from collections.abc import Iterable
from functools import cache
from typing import Final
from zoneinfo import available_timezones

_AREAS: Final = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/",
    "Indian/", "Pacific/",
)  # fmt: skip


@cache
def places() -> tuple[str, ...]:
    """Names like Europe/Berlin in their order, and UTC last."""
    return (*sorted(name for name in available_timezones() if name.startswith(_AREAS)), "UTC")


def choices(*kept: str) -> list[tuple[str, str]]:
    """(name, words) of the places. `kept`: names that are chosen already, whatever they are."""
    other = [name for name in dict.fromkeys(kept) if name and name not in places()]
    return _worded([*other, *places()])


def _worded(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in names]
