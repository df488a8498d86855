"""The doors through which workers come in."""

from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError

from integrations.domain.foresee import BusyError
from monitoring.domain import (
    bulk,
    carrying,
    clocks,
    counting,
    escalating,
    leases,
    questions,
    states,
)
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
    except (NotDoneError, BusyError) as error:
        _stop(int(key), str(error))
    except Exception:
        log.exception("fix failed", fix=key)
        _stop(int(key), STOPPED)
    return Turn(0)


@kind("bulk")
def bulk_lane(key: str) -> Turn:
    """Carry a list of cases on. What breaks our own code leaves the rest as it is and says so."""
    try:
        done = bulk.work(int(key))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("bulk action failed", bulk=key)
        bulk.stop(int(key), STOPPED)
        return Turn(0, clock.now())
    return Turn(done, clock.now() if done else None)


def _stop(fix_id: int, text: str) -> None:
    Fix.objects.filter(pk=fix_id, state__in=Fix.LIVE).update(
        state=Fix.State.FAILED, trouble=text[:300], finished_at=clock.now()
    )


@kind("desk")
def desk_lane(key: str) -> Turn:
    """What time does to cases: leases and questions end, put-off cases come back, clocks warn."""
    leases.return_abandoned()
    questions.expire()
    states.wake_snoozed()
    counting.count_waiting()
    escalating.escalate()
    clocks.warn()
    return Turn(0, clock.now() + TICK)
