"""A run of silence: since the last document so much was to be expected that none of it is no chance."""

from copy import copy
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from monitoring.expect.chance import Expected
from monitoring.expect.profile import Outlook, Profile, Share

ALARMS_A_MONTH: Final = 0.05  # of one feed, by chance alone
FEWEST: Final = 4.0  # arrivals that must have been missed
HORIZON: Final = timedelta(days=21)
_RARE: Final = (1e-9, 1e-3)
_OVER_LONGEST: Final = 1.25
_STEPS: Final = 12  # of an hour


class Quiet(NamedTuple):
    """Nothing since `since`: `expected` documents by `until`, of which none is as likely as `chance`.

    It is silence from `due` on, when `chance` falls below `limit`; None: not in three weeks.
    """

    since: datetime
    until: datetime
    expected: float
    chance: float
    limit: float
    due: datetime | None

    @property
    def is_silence(self) -> bool:
        return self.due is not None and self.due <= self.until


def judge(outlook: Outlook, *, since: datetime, now: datetime) -> Quiet:
    """The quiet that began with the last document, at `since`, as of `now`; both aware, UTC."""
    run = outlook.profile.arrivals()
    for share in outlook.shares(since, now):
        run.add(share.documents, day=share.day, spread=share.spread)
    due = due_at(outlook, since)
    return Quiet(since, now, run.documents, run.chance(0), limit_of(outlook.profile), due)


def due_at(outlook: Outlook, since: datetime) -> datetime | None:
    """When a quiet that began at `since` is silence, to a twelfth of an hour. It is the same whenever it
    is asked."""
    run = outlook.profile.arrivals()
    for share in outlook.shares(since, since + HORIZON):
        before = copy(run)
        run.add(share.documents, day=share.day, spread=share.spread)
        if _is_silence(outlook.profile, run):
            return _within(share, before, outlook.profile)
    return None


def _within(share: Share, before: Expected, profile: Profile) -> datetime:
    length = share.ends - share.begins
    for step in range(1, _STEPS):
        run = copy(before)
        run.add(share.documents * step / _STEPS, day=share.day, spread=share.spread)
        if _is_silence(profile, run):
            return share.begins + step * length / _STEPS
    return share.ends


def limit_of(profile: Profile) -> float:
    """How rare a quiet must be. Every arrival begins one: hardly any of a month's may be taken for
    silence."""
    least, most = _RARE
    return min(most, max(least, ALARMS_A_MONTH / max(1.0, profile.events)))


def _is_silence(profile: Profile, run: Expected) -> bool:
    """More than chance, and more than was seen before and was none."""
    longest = run.documents >= _OVER_LONGEST * profile.longest_quiet
    return longest and run.events >= FEWEST and run.chance(0) < limit_of(profile)
