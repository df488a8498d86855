"""The one clock. Everything that asks for the time asks here, so a test can stop it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class FrozenClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("freeze wants an aware datetime")
        self.at = at.astimezone(UTC)
        self.ticks = time.monotonic()

    def move(self, seconds: float) -> None:
        """Let `seconds` pass, on both the wall clock and the monotonic one."""
        if seconds < 0:
            raise ValueError("time does not run backwards; freeze an earlier moment instead")
        self.at += timedelta(seconds=seconds)
        self.ticks += seconds


_frozen: FrozenClock | None = None


def now() -> datetime:
    """This moment as an aware UTC datetime."""
    return _frozen.at if _frozen else datetime.now(UTC)


def monotonic() -> float:
    """Seconds from an arbitrary start, never going back: for durations and deadlines."""
    return _frozen.ticks if _frozen else time.monotonic()


@contextmanager
def freeze(at: datetime) -> Iterator[FrozenClock]:
    """Stop the clock of the whole process, all threads, at `at` (aware). For tests."""
    global _frozen
    before, _frozen = _frozen, FrozenClock(at)
    try:
        yield _frozen
    finally:
        _frozen = before
