"""The doors through which workers come in."""

from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError

from billing.domain import (
    accounts,
    figures,
    leakage,
    metering,
    metering_days,
    metering_work,
    runs,
    simulate,
    spending,
    wholesale,
)
from billing.plans.month import month
from portal.core import clock
from portal.jobs.kinds import Turn, kind

METER, METER_DAYS, MONEY = "meter", "meter_days", "money"
WHEN_QUIET = timedelta(minutes=1)
HOUR = timedelta(hours=1)
log = structlog.get_logger()


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


@kind(simulate.LANE)
def simulate_lane(key: str) -> Turn:
    """What a draft would have brought, a few accounts at a time."""
    return Turn(simulate.work())


@kind(runs.LANE)
def invoice_run_lane(key: str) -> Turn:
    """Draft for the next accounts of the run at work."""
    return Turn(runs.work())


@kind(MONEY)
def money_lane(key: str) -> Turn:
    """What follows from usage, once an hour. A step that breaks our own code holds up no other."""
    this = month(accounts.month_now())
    steps = (
        wholesale.tell,
        lambda: figures.keep_due(this),
        leakage.look,
        spending.look,
    )
    for step in steps:
        try:
            step()
        except (OperationalError, InterfaceError):
            raise  # the database: the lane comes back
        except Exception:
            log.exception("money step failed")
    return Turn(0, clock.now() + HOUR)
