"""A span of time as whole sums: slots of five minutes to the first full hour, hours to the first full
day, days, and down again. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

SLOT: Final = timedelta(minutes=5)
_SPANS: Final = (SLOT, timedelta(hours=1), timedelta(days=1))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Window(NamedTuple):
    """From `start` on, until before `end`."""

    start: datetime
    end: datetime


class Piece(NamedTuple):
    """Sums of one level (0 slots, 1 hours, 2 days) that begin in a window."""

    level: int
    start: datetime
    end: datetime


def outward(start: datetime, end: datetime) -> Window:
    """The window of whole slots around two aware instants."""
    return Window(_floor(start, SLOT), _ceil(end, SLOT))


def pieces(window: Window) -> list[Piece]:
    """The fewest sums that together are exactly the window. ValueError for one that cuts a slot."""
    for edge in window:
        if _floor(edge, SLOT) != edge:
            raise ValueError(f"{edge.isoformat()} is inside a slot of five minutes")
    return _pieces(window, level=2)


def _pieces(window: Window, *, level: int) -> list[Piece]:
    if window.start >= window.end:
        return []
    if level == 0:
        return [Piece(0, *window)]
    first, last = _ceil(window.start, _SPANS[level]), _floor(window.end, _SPANS[level])
    if first >= last:
        return _pieces(window, level=level - 1)
    before, after = Window(window.start, first), Window(last, window.end)
    return [
        *_pieces(before, level=level - 1),
        Piece(level, first, last),
        *_pieces(after, level=level - 1),
    ]


def _floor(at: datetime, span: timedelta) -> datetime:
    return at - (at - _EPOCH) % span


def _ceil(at: datetime, span: timedelta) -> datetime:
    return at + (_EPOCH - at) % span
