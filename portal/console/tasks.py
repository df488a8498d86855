"""The doors through which workers come in."""

from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError

from portal.console.domain import exporting, opening, pulse
from portal.core import clock
from portal.jobs.kinds import Turn, kind

EVERY = timedelta(minutes=1)
log = structlog.get_logger()


@kind(pulse.LANE)
def fleet_lane(key: str) -> Turn:
    """Count how the partner of this schema does, for the platform's page."""
    pulse.take()
    return Turn(0, clock.now() + EVERY)


@kind(opening.LANE, for_platform=True)
def opening_lane(key: str) -> Turn:
    """Open the partner that somebody asked for."""
    opening.carry_out(int(key))
    return Turn(0)


@kind(exporting.LANE, for_platform=True)
def export_lane(key: str) -> Turn:
    """Write the next piece of an export. What breaks our own code stops it and says so."""
    try:
        return Turn(exporting.step(int(key)))
    except (OperationalError, InterfaceError):
        raise  # the database: the lane comes back
    except Exception as error:
        log.exception("export failed", export=key)
        exporting.stop(int(key), type(error).__name__)
        return Turn(0)
