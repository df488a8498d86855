"""How long somebody who was wrong has to wait. Pure: the moments come in as arguments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

WINDOW: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(minutes=15)
SHORTEST: Final = timedelta(minutes=1)


class Standing(NamedTuple):
    """`recent`: when somebody was wrong, within the window; `waits`: how many waits in a row; `until`:
    when the last of them ends."""

    recent: Sequence[datetime] = ()
    waits: int = 0
    until: datetime | None = None


def wait_ends(standing: Standing, *, at: datetime) -> datetime | None:
    """When it may be tried again; None for now."""
    return standing.until if standing.until and standing.until > at else None


def after_wrong(standing: Standing, *, at: datetime, most: int) -> Standing:
    """The standing once somebody was wrong again.

    `most` wrong tries within the window make the first wait. Whoever is wrong again within a window of its
    end waits at once, twice as long each time: 1, 2, 4, 8 and then 15 minutes.
    """
    recent = [*(one for one in standing.recent if at - one < WINDOW), at][-most:]
    again = standing.until is not None and at - standing.until < WINDOW
    if not again and len(recent) < most:
        return Standing(recent)
    waits = standing.waits + 1 if again else 1
    wait = min(SHORTEST * 2 ** min(waits - 1, 10), LONGEST)
    return Standing(recent, waits, at + wait)
