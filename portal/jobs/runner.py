"""Running one lane inside a worker, for a bounded time."""

import time
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django_tenants.utils import schema_context, schema_exists

from portal.core import clock, traces
from portal.jobs import kinds, lanes
from portal.jobs.models import Run

BITE_SECONDS = 5.0
PAUSE_AFTER_ERROR = 5.0
LINGER_STEP = 0.02
log = structlog.get_logger()


def run(schema: str, kind: str, key: str, token: str) -> int:
    """The one task the queue knows: run lane (schema, kind, key) if `token` still gives the right to.

    Returns the pieces of work done. Refuses to run without a partner's schema, or what is the platform's
    own anywhere else than in public.
    """
    of_platform = kinds.get(kind).for_platform if schema == lanes.PLATFORM else False
    if not schema or (schema == lanes.PLATFORM) != of_platform or not schema_exists(schema):
        raise ValueError(f"There is no partner schema {schema!r} to run {kind} in.")
    ticket = lanes.Ticket(lanes.Lane(schema, kind, key), UUID(token))
    with schema_context(schema):
        if not lanes.begin_pass(ticket):
            return 0
        return _run_passes(ticket, kinds.get(kind))


def _run_passes(ticket: lanes.Ticket, kind: kinds.Kind) -> int:
    started, done, error, next_due = time.monotonic(), 0, "", None
    lane = ticket.lane
    try:
        while True:
            with traces.span(f"lane {lane.kind}", partner=lane.schema, key=lane.key) as span:
                turn = kind.handler(lane.key)
                span.set_attribute("done", turn.done)
            done += turn.done
            next_due = clock.now() if turn.done else turn.next_due
            if time.monotonic() - started > BITE_SECONDS:
                break
            if not turn.done and not _lingered_into_work(ticket, kind.linger_seconds):
                break
            if not lanes.begin_pass(ticket):
                return done
    except Exception as failure:  # the edge of the runner: whatever failed, the lane comes back
        error = f"{type(failure).__name__}: {failure}"
        next_due = clock.now() + timedelta(seconds=PAUSE_AFTER_ERROR)
        log.exception("lane failed", **lane._asdict())
        connection.close_if_unusable_or_obsolete()
    lanes.leave(ticket, next_due=next_due)
    _remember(ticket, seconds=time.monotonic() - started, done=done, error=error)
    return done


def _lingered_into_work(ticket: lanes.Ticket, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        if lanes.is_due(ticket):
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(LINGER_STEP)


def _remember(ticket: lanes.Ticket, *, seconds: float, done: int, error: str) -> None:
    if done or error:
        with transaction.atomic():
            Run.objects.create(**ticket.lane._asdict(), seconds=seconds, done=done, error=error)
