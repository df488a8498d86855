"""The doors through which workers come in."""

from datetime import timedelta

from billing.domain import metering, metering_days, metering_work, runs
from portal.core import clock
from portal.jobs.kinds import Turn, kind

METER, METER_DAYS = "meter", "meter_days"
WHEN_QUIET = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@kind(METER, linger_seconds=0.25)
def meter_lane(key: str) -> Turn:
    """What moved, and what people did, becomes usage."""
    done = metering.meter() + metering_work.meter()
    return Turn(done, clock.now() + WHEN_QUIET)


@kind(METER_DAYS)
def meter_days_lane(key: str) -> Turn:
    """What holds for a day becomes usage."""
    metering_days.meter()
    return Turn(0, clock.now() + HOUR)


@kind(runs.LANE)
def invoice_run_lane(key: str) -> Turn:
    """Draft for the next accounts of the run at work."""
    return Turn(runs.work())
