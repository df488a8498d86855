"""When to try again, as data. Pure: chance comes in as an argument."""

from collections.abc import Callable
from typing import Final

SCHEDULE: Final = (0, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)  # seconds
JITTER: Final = 0.1


def next_delay(
    attempt: int, *, jitter: Callable[[], float], retry_after: float | None = None
) -> float | None:
    """Seconds to wait after failed attempt number `attempt` (1 is the first), None when spent.

    `jitter` gives numbers in [0, 1); the schedule is spread by ±10 % with them. `retry_after`, the
    seconds the other side asked for, is a floor and never shortens the schedule: a server that
    always says "1" would otherwise use up every attempt within seconds.
    """
    if attempt < 1:
        raise ValueError("attempts count from 1")
    if attempt > len(SCHEDULE):
        return None
    chance = jitter()
    planned = SCHEDULE[attempt - 1] * (1 - JITTER + 2 * JITTER * chance)
    # Spread upwards only, so that nobody comes back before the time that was asked for.
    asked = (retry_after or 0) * (1 + JITTER * chance)
    return max(planned, asked)
