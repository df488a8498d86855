"""The doors through which workers come in."""

from datetime import timedelta

from portal.core import clock
from portal.jobs.kinds import Turn, kind
from portal.privacy.domain import erasing, retention

HOUR = timedelta(hours=1)


@kind(retention.LANE)
def retention_lane(key: str) -> Turn:
    """Remove a bite of what is old enough."""
    return Turn(retention.work(), clock.now() + HOUR)


@kind(erasing.LANE)
def erasure_lane(key: str) -> Turn:
    """Look for a person's data, or erase it: one table after the other."""
    done, again = erasing.step(int(key))
    return Turn(done, again)
