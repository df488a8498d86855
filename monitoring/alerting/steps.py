"""Escalation: whom an alert goes to first, who is next, and when it is said again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple


class Move(NamedTuple):
    """What comes next: the step number `step` (0 is the first), at an instant."""

    step: int
    at: datetime


def first(waits: Sequence[int], *, raised_at: datetime) -> Move | None:
    """The first move of an alert. `waits`: for each step the minutes after the one before."""
    return Move(0, raised_at + timedelta(minutes=waits[0])) if waits else None


def following(
    waits: Sequence[int], *, step: int, told_at: datetime, repeat: int | None
) -> Move | None:
    """What comes after `step`, of which people hear at `told_at`, while nobody acknowledges.

    Past the last step it is told again every `repeat` minutes; None: it is left at that.
    """
    after = step + 1
    if after < len(waits):
        return Move(after, told_at + timedelta(minutes=waits[after]))
    return Move(step, told_at + timedelta(minutes=repeat)) if repeat and waits else None
