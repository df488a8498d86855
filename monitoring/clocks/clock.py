"""One promise of a case, measured: how much of it is used, and when it runs out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from monitoring.clocks.turns import Span, Turn, holder, turns
from portal.customers.calendar import Calendar, after, time_between

State = Literal["running", "near", "late", "paused", "kept", "missed"]
NEAR: Final = 0.75
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """`target`, `used` and `left` in business minutes; `left` is below 0 once the clock is late.

    `due` and `warn_at`: when all and three quarters of it are used, the future ones as if the ball
    stayed with us from now, or from when the clock stopped, on. None when the ball is elsewhere and
    they have not come. `share`: 0 to 1.
    """

    target: int
    used: float
    left: float
    due: datetime | None
    warn_at: datetime | None
    state: State
    share: float
    stopped_at: datetime | None


def measure(
    calendar: Calendar,
    spans: Sequence[Span],
    *,
    target: int,
    start: datetime,
    stopped: datetime | None,
    now: datetime,
) -> Clock:
    """The clock that began at `start`, with `target` business minutes, as of `now` or as it stopped.

    A clock is late from the minute its target is used up, also when the ball has gone elsewhere since.
    Raises ValueError for a target below 1.
    """
    if target < 1:
        raise ValueError(f"a target is at least 1 minute, not {target}")
    end = max(start, now if stopped is None else stopped)
    ours = [turn for turn in turns(spans, start=start, end=end) if turn.party == "us"]
    on_from = end if holder(spans, end) == "us" else None
    used = sum((_held(calendar, turn) for turn in ours), timedelta())
    return Clock(
        target=target,
        used=used / _MINUTE,
        left=target - used / _MINUTE,
        due=_when(calendar, ours, target * _MINUTE, on_from=on_from),
        warn_at=_when(calendar, ours, target * NEAR * _MINUTE, on_from=on_from),
        state=_state(used / (target * _MINUTE), runs=bool(on_from), stopped=stopped is not None),
        share=min(1.0, used / (target * _MINUTE)),
        stopped_at=stopped,
    )


def _held(calendar: Calendar, turn: Turn) -> timedelta:
    return time_between(calendar, turn.begins, turn.ends)


def _when(
    calendar: Calendar, ours: Sequence[Turn], time: timedelta, *, on_from: datetime | None
) -> datetime | None:
    """The instant at which `time` of our turns is used up, or will be if we have the ball on and on."""
    for turn in ours:
        held = _held(calendar, turn)
        if held >= time:
            return after(calendar, turn.begins, time / _MINUTE)
        time -= held
    return after(calendar, on_from, time / _MINUTE) if on_from else None


def _state(share: float, *, runs: bool, stopped: bool) -> State:
    if stopped:
        return "missed" if share >= 1 else "kept"
    if share >= 1:
        return "late"
    if not runs:
        return "paused"
    return "near" if share >= NEAR else "running"
