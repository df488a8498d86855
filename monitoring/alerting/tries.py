"""When a message that could not be sent is tried again, and when it is given up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

FIRST: Final = 15.0  # seconds
LONGEST: Final = 300.0
GIVEN_UP_AFTER: Final = timedelta(hours=24)
_JITTER: Final = 0.1


def again_at(
    tries: int,
    *,
    at: datetime,
    made_at: datetime,
    jitter: Callable[[], float],
    retry_after: float | None = None,
) -> datetime | None:
    """When to try next after failed try number `tries` (1 is the first) at `at`; None: give it up.

    15 s, then twice as long each time up to 5 min, because an alert that comes late is worth little; not
    before the `retry_after` seconds that were asked for. `jitter` gives numbers in [0, 1): spread upwards.
    """
    if tries < 1:
        raise ValueError("tries count from 1")
    planned = min(FIRST * 2.0 ** min(tries - 1, 10), LONGEST)
    seconds = max(planned, retry_after or 0.0) * (1 + _JITTER * jitter())
    then = at + timedelta(seconds=seconds)
    return then if then <= made_at + GIVEN_UP_AFTER else None
