"""The doors through which workers come in."""

from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError

from monitoring.domain import carrying, clocks, leases, overlap, states
from monitoring.domain.deeds import NotDoneError
from monitoring.models import Fix
from portal.core import clock
from portal.jobs.kinds import Turn, kind

TICK = timedelta(seconds=15)
log = structlog.get_logger()


STOPPED = "It stopped over an error of ours. What had gone on goes on; an engineer can see why."


@kind("fix")
def fix_lane(key: str) -> Turn:
    """Move one fix on. What cannot be done, or breaks our own code, stops it and says so."""
    try:
        return carrying.step(int(key))
    except (OperationalError, InterfaceError):
        raise  # the database: the lane comes back
    except NotDoneError as error:
        _stop(int(key), str(error))
    except Exception:
        log.exception("fix failed", fix=key)
        _stop(int(key), STOPPED)
    return Turn(0)


def _stop(fix_id: int, text: str) -> None:
    Fix.objects.filter(pk=fix_id, state__in=Fix.LIVE).update(
        state=Fix.State.FAILED, trouble=text[:300], finished_at=clock.now()
    )


@kind("desk")
def desk_lane(key: str) -> Turn:
    """What time does to cases: leases end, put-off cases come back, clocks warn. What stands in several
    of them is measured."""
    leases.return_abandoned()
    states.wake_snoozed()
    clocks.warn()
    overlap.measure()
    return Turn(0, clock.now() + TICK)
