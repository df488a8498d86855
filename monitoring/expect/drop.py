"""A drop: documents come, but far fewer than were to be expected. One of two channels may be lost."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from monitoring.expect.hours import begin_of
from monitoring.expect.profile import Outlook, Profile

SPANS: Final = tuple(timedelta(hours=n) for n in (6, 12, 24, 48, 96))
FEWEST: Final = 12.0  # arrivals to be expected, before a few missing mean anything
FAR_BELOW: Final = 0.6  # of what was to be expected; less of a drop is no fault
RECOVERED: Final = 0.75
# An hour by hour look at five spans that overlap is like 200 looks a month: 0.04 alarms by chance.
_LIMIT: Final = 2e-4
_UNDER_LEAST: Final = 0.3
_HINT: Final = 0.02
_HINT_FEWEST: Final = 4.0


class Drop(NamedTuple):
    """From `since` to `until` `seen` documents, where `expected` were to come: as likely as `chance`."""

    since: datetime
    until: datetime
    seen: int
    expected: float
    chance: float
    limit: float

    @property
    def is_one(self) -> bool:
        return self.chance < self.limit and self.is_far_below

    @property
    def is_far_below(self) -> bool:
        return self.seen <= FAR_BELOW * self.expected

    @property
    def is_over(self) -> bool:
        """Enough came again of what was to be expected."""
        return self.seen >= RECOVERED * self.expected


def judge(
    outlook: Outlook, seen: Mapping[datetime, int], *, earliest: datetime, now: datetime
) -> Drop | None:
    """The least likely of the spans of 6 hours to 4 days that end with the last whole local hour.

    `seen`: documents by the beginning of the local hour, UTC; an hour that is missing had none.
    `earliest`: nothing before it counts. None where too little was to be expected in any of them.
    """
    return min(_spans(outlook, seen, earliest, now), key=lambda one: one.chance, default=None)


def is_scarce(
    outlook: Outlook, seen: Mapping[datetime, int], *, earliest: datetime, now: datetime
) -> bool:
    """Whether far fewer came in any of the spans than should, though it may be chance: what follows from it
    is likely to be missing, too."""
    spans = _spans(outlook, seen, earliest, now, fewest=_HINT_FEWEST)
    return any(one.chance < _HINT and one.is_far_below for one in spans)


def latest(
    outlook: Outlook, seen: Mapping[datetime, int], *, earliest: datetime, now: datetime
) -> Drop | None:
    """The shortest of the spans in which enough was to be expected to tell whether a drop is over."""
    return next(_spans(outlook, seen, earliest, now, fewest=2 * FEWEST), None)


def _spans(
    outlook: Outlook,
    seen: Mapping[datetime, int],
    earliest: datetime,
    now: datetime,
    *,
    fewest: float = FEWEST,
) -> Iterator[Drop]:
    """The spans with enough in them, the shortest first."""
    until = begin_of(outlook.days.zone, now)
    run, count = outlook.profile.counts(), 0
    lengths = list(SPANS)
    for share in reversed([*outlook.shares(until - SPANS[-1], until)]):
        if share.begins < earliest:
            return
        run.add(share.documents, day=share.day, spread=share.spread)
        count += seen.get(share.begins, 0)
        if until - share.begins >= lengths[0]:
            del lengths[0]
            if run.events >= fewest:
                limit = limit_of(outlook.profile)
                yield Drop(share.begins, until, count, run.documents, run.chance(count), limit)
        if not lengths:
            return


def limit_of(profile: Profile) -> float:
    """How rare a drop must be: rarer, too, than the scarcest days that were none."""
    return min(_LIMIT, _UNDER_LEAST * profile.least_chance)
