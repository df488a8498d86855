"""The kinds of work there are. An app registers its handlers in its `tasks` module."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple


class Turn(NamedTuple):
    """What one pass did, and when the lane wants the next one (None: when somebody wakes it)."""

    done: int
    next_due: datetime | None = None


Handler = Callable[[str], Turn]


class Kind(NamedTuple):
    handler: Handler
    linger_seconds: float
    for_platform: bool = False


_kinds: dict[str, Kind] = {}


def kind(
    name: str, *, linger_seconds: float = 0.0, for_platform: bool = False
) -> Callable[[Handler], Handler]:
    """Register the handler of a kind. It takes the lane's key and does one bounded bite of work.

    `linger_seconds`: how long a runner without work waits for more before it gives the lane back.
    `for_platform`: it works in the public schema, and in no partner's.
    """

    def register(handler: Handler) -> Handler:
        _kinds[name] = Kind(handler, linger_seconds, for_platform)
        return handler

    return register


def get(name: str) -> Kind:
    """The kind `name`; KeyError if no app registered it."""
    return _kinds[name]
