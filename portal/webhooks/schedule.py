"""When a message that was not taken is tried again, and how long who takes nothing rests. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

# Seconds before each try, the first included: Standard Webhooks 1.0, “Deliverability and reliability”.
WAITS: Final = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
MOST_TRIES: Final = len(WAITS)
JITTER: Final = 0.1
_SHORTEST_REST, _LONGEST_REST = 5.0, 300.0


def again_at(
    tries: int, *, at: datetime, jitter: Callable[[], float], retry_after: float | None = None
) -> datetime | None:
    """When to try again after failed try number `tries` (1 is the first) at `at`; None: give it up.

    Not before the `retry_after` seconds that were asked for. `jitter` gives numbers in [0, 1) and spreads
    upwards by up to a tenth.
    """
    if tries < 1:
        raise ValueError("tries count from 1")
    if tries >= MOST_TRIES:
        return None
    seconds = max(float(WAITS[tries]), retry_after or 0.0)
    return at + timedelta(seconds=seconds * (1 + JITTER * jitter()))


def rest_until(failures: int, *, at: datetime) -> datetime | None:
    """Until when a receiver that took nothing in so many rounds in a row is left alone; None: it need not be.

    5 s after the first, then twice as long each time up to 5 min: a receiver that is away must not hold a
    worker whenever something happens.
    """
    if failures < 1:
        return None
    steps = min(failures - 1, 10)
    return at + timedelta(seconds=min(_SHORTEST_REST * 2.0**steps, _LONGEST_REST))
