"""What was counted in a window: good, missed by whom, and what was left out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import chain
from typing import Final, NamedTuple

from monitoring.slo.attribution import Shares
from monitoring.slo.exclusions import LeftOut

ZERO: Final = Fraction(0)


class Miss(NamedTuple):
    """One thing missed. `amount` in the objective's unit, `shares` of it by party.

    `id` is the event's, or that of what proves the bad time; `at` when it was decided. `late`: by how much;
    None for time. `reason` and `proof`: what the most blamed party held it up by.
    """

    id: str
    at: datetime
    amount: Fraction
    shares: Shares
    late: timedelta | None = None
    reason: str = ""
    proof: str = ""
    still_open: bool = False


class Tally(NamedTuple):
    """`total` so far, `planned` in the whole window: the same for things, which nobody plans.

    `durations`: how long each event took, of open ones so far. `pending`: events not decided yet.
    """

    total: Fraction = ZERO
    planned: Fraction = ZERO
    misses: tuple[Miss, ...] = ()
    excluded: tuple[LeftOut, ...] = ()
    durations: tuple[timedelta, ...] = ()
    pending: int = 0

    @property
    def missed(self) -> Shares:
        """By party; together all that was missed."""
        shares = [miss.shares for miss in self.misses]
        return Shares(*(sum(parts, ZERO) for parts in zip(*shares, strict=True)))


def added(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    every = [*tallies]
    return Tally(
        sum((one.total for one in every), ZERO),
        sum((one.planned for one in every), ZERO),
        tuple(chain.from_iterable(one.misses for one in every)),
        tuple(chain.from_iterable(one.excluded for one in every)),
        tuple(chain.from_iterable(one.durations for one in every)),
        sum(one.pending for one in every),
    )


class Scope(NamedTuple):
    """The time a count is about, as of `as_of`, which is not after its end."""

    begins: datetime
    ends: datetime
    as_of: datetime

    def has(self, at: datetime) -> bool:
        """Whether something decided at an instant belongs to it, as far as it has come."""
        return self.begins <= at < self.ends and at <= self.as_of
