"""The doors through which workers come in."""

from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError

from integrations.domain.foresee import BusyError
from monitoring.domain import (
    books,
    bulk,
    carrying,
    certificates,
    clocks,
    counting,
    escalating,
    expecting,
    expecting_known,
    expecting_learn,
    leases,
    legs,
    measuring,
    notices,
    overlap,
    questions,
    reconcile_run,
    reconcile_schedule,
    rule_engine,
    rule_evidence,
    rule_record,
    statement_schedule,
    states,
    uptime,
)
from monitoring.domain.alerts import (
    LANE,
    SEND_LANE,
    WATCH_LANE,
    lane,
    mail_server,
    sending,
    watching,
)
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.notices import gathering
from monitoring.domain.notices import sending as notices_sending
from monitoring.models import Fix
from portal.core import clock
from portal.customers.models import Customer
from portal.jobs.kinds import Turn, kind

TICK = timedelta(seconds=15)
HOUR = timedelta(hours=1)
LEGS_WHEN_QUIET = timedelta(minutes=1)
MEASURE_EVERY = timedelta(seconds=30)
NOTICES_EVERY = timedelta(minutes=1)
LEARN_WHEN_QUIET = timedelta(hours=1)
NOT_TRIED = "it could not be tried, over an error of ours"
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
    stopped = Fix.objects.filter(pk=fix_id, state__in=Fix.LIVE).update(
        state=Fix.State.FAILED, trouble=text[:300], finished_at=clock.now()
    )
    fix = Fix.objects.select_related("case").get(pk=fix_id)
    if stopped and fix.applied_at:
        carrying.close_if_over(fix)
    if stopped and fix.rule_id:
        rule_record.left_to_people(fix.rule_id, fix.case, text)


@kind("rules")
def rules_lane(key: str) -> Turn:
    """Look at a case that opened, came back or grew: a rule may act on it."""
    rule_engine.consider(int(key))
    return Turn(0)


@kind("rule_trial")
def rule_trial_lane(key: str) -> Turn:
    """Try a proposed rule on the cases that are open now, one a pass. Nothing stays."""
    try:
        return Turn(rule_evidence.try_next(int(key)))
    except (OperationalError, InterfaceError, BusyError):
        raise  # the lane comes back
    except Exception:
        log.exception("rule trial failed", rule=key)
        rule_evidence.pass_over(int(key), NOT_TRIED)
    return Turn(1)


@kind("recon")
def recon_lane(key: str) -> Turn:
    """Take the next step of a comparison that is under way."""
    try:
        return reconcile_run.step(int(key))
    except (OperationalError, InterfaceError):
        raise  # the database: the lane comes back
    except Exception:
        log.exception("comparison failed", reconciliation=key)
        reconcile_run.stop(int(key), reconcile_run.STOPPED)
        return Turn(1)


@kind("recon_clock")
def recon_clock_lane(key: str) -> Turn:
    """Begin the comparisons that are due."""
    reconcile_schedule.tick()
    return Turn(0, clock.now() + reconcile_schedule.TICK)


@kind("desk")
def desk_lane(key: str) -> Turn:
    """What time does to cases: leases and questions end, put-off cases come back, clocks warn. What
    stands in several of them is measured. That all this is looked at shows that we are at work."""
    uptime.beat()
    leases.return_abandoned()
    questions.expire()
    states.wake_snoozed()
    counting.count_waiting()
    escalating.escalate()
    clocks.warn()
    overlap.measure()
    return Turn(0, clock.now() + TICK)


@kind(LANE)
def alerts_lane(key: str) -> Turn:
    """Cases that open, come back, are acknowledged or closed become messages to people."""
    return lane.work()


@kind(WATCH_LANE)
def alert_watch_lane(key: str) -> Turn:
    """The partner's mail server, and limits of the business that rules watch. One that breaks our own code
    leaves the others to be watched; without any, the lane waits until somebody wakes it."""
    mail_server.look()
    rules = watching.rules()
    for rule in rules:
        try:
            watching.watch(rule)
        except (OperationalError, InterfaceError):
            raise  # the database: the lane comes back
        except Exception:
            log.exception("limit could not be watched", rule=rule.pk)
    return Turn(0, clock.now() + watching.EVERY if rules else None)


@kind(SEND_LANE)
def alert_send_lane(key: str) -> Turn:
    """Send what waits for one channel, or all mail."""
    return sending.send_due(key)


@kind(notices.LANE)
def notices_lane(key: str) -> Turn:
    """Tell customers' people by mail what they chose to hear of."""
    gathering.gather()
    done, now = notices_sending.send_due(), clock.now()
    return Turn(done, min(now + NOTICES_EVERY, notices_sending.next_due() or now + NOTICES_EVERY))


@kind("expect")
def expect_lane(key: str) -> Turn:
    """See whether what should have come has come."""
    return Turn(0, expecting.look(clock.now()))


@kind("expect_learn")
def expect_learn_lane(key: str) -> Turn:
    """Learn what to expect, a few customers at a time, of what moved lately."""
    now = clock.now()
    done = expecting_learn.learn_due(now) or expecting_known.discover(now)
    return Turn(done, now if done else now + LEARN_WHEN_QUIET)


@kind("legs")
def legs_lane(key: str) -> Turn:
    """Bring the legs of orders up to what has moved."""
    return Turn(int(legs.advance()), clock.now() + LEGS_WHEN_QUIET)


@kind("statements")
def statements_lane(key: str) -> Turn:
    """Draft, seal and send what is due. A customer whose month breaks our own code holds up no other."""
    done = 0
    for customer in Customer.objects.order_by("pk"):
        try:
            done += statement_schedule.advance(customer)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("statement failed", customer=customer.slug)
    return Turn(done, clock.now() + (timedelta() if done else HOUR))


@kind("certificates")
def certificates_lane(key: str) -> Turn:
    """Tell of certificates that end soon."""
    certificates.look(clock.now())
    return Turn(0, clock.now() + HOUR)


@kind("books")
def books_lane(key: str) -> Turn:
    """See whether every document is accounted for, once a night."""
    books.look()
    return Turn(0, books.next_at())


@kind("measure")
def measure_lane(key: str) -> Turn:
    """Measure what was promised, one objective a pass."""
    return Turn(int(measuring.work()), clock.now() + MEASURE_EVERY)
