"""From run to run: what is said twice is told, what comes back after a correction has another root."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final, NamedTuple

from monitoring.reconcile.amounts import Amount
from monitoring.reconcile.comparing import DIFFERENT, Row
from monitoring.reconcile.levels import Key

LONGEST_TRAIL: Final = 60


class Seen(NamedTuple):
    """A gap that one run saw."""

    at: datetime
    gap: Amount


class Past(NamedTuple):
    """What earlier runs left of a key. `runs`: how many in a row said the same as the last one.

    `trail`: the gaps, oldest first, one for each run, and at most 60. `corrected`: the gap a correction
    was meant to end. `accepted`: the gap somebody said may stay.
    """

    gap: Amount
    runs: int
    first_seen: datetime
    trail: tuple[Seen, ...] = ()
    corrected: Amount | None = None
    accepted: Amount | None = None


class Judged(NamedTuple):
    """A row with its history. `is_told`: enough runs agree, on the gap or on how it grows day by day, and
    nothing is under way, so people hear of it.

    `is_back`: the same gap was corrected before: the cause was not.
    `is_accepted`: somebody let just this gap stand.
    """

    row: Row
    runs: int
    first_seen: datetime
    trail: tuple[Seen, ...]
    is_told: bool
    is_back: bool = False
    is_accepted: bool = False


def judge(
    rows: Iterable[Row], pasts: Mapping[Key, Past], *, at: datetime, agreeing_runs: int
) -> list[Judged]:
    """The rows that differ, each with what earlier runs said of its key. Rows that agree within
    tolerance, are in flight or cannot be compared are left out."""
    return [
        _judge(row, pasts.get(row.key), at=at, agreeing_runs=agreeing_runs)
        for row in rows
        if row.state in DIFFERENT
    ]


def _judge(row: Row, past: Past | None, *, at: datetime, agreeing_runs: int) -> Judged:
    same = past is not None and past.gap == row.gap
    runs = past.runs + 1 if past and same else 1
    is_accepted = past is not None and past.accepted == row.gap
    trail = ((*past.trail, Seen(at, row.gap)) if past else (Seen(at, row.gap),))[-LONGEST_TRAIL:]
    agrees = runs >= agreeing_runs or grows(trail)
    return Judged(
        row=row,
        runs=runs,
        first_seen=past.first_seen if past else at,
        trail=trail,
        is_told=agrees and not row.moved and not is_accepted,
        is_back=past is not None and past.corrected == row.gap,
        is_accepted=is_accepted,
    )


def by_day(trail: Sequence[Seen]) -> list[Seen]:
    """The last gap of each day."""
    return list({seen.at.date(): seen for seen in trail}.values())


def grows(trail: Sequence[Seen]) -> bool:
    """Whether the gap went the same way from day to day, over the last week and at least three times."""
    steps = [after.gap - before.gap for before, after in pairwise(by_day(trail)[-7:])]
    return len(steps) >= 3 and (all(s > 0 for s in steps) or all(s < 0 for s in steps))
