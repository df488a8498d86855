"""The beat: hands due lanes to the queue, and brings back those whose runner died."""

import time
from datetime import timedelta

import psycopg
import structlog
from django.db import OperationalError, connection
from django_q.tasks import async_task

from portal.core import clock
from portal.jobs import lanes
from portal.jobs.models import Run

LOOK_FOR_DEAD_EVERY = 1.0
KEEP_RUNS = timedelta(days=1)
RUN = "portal.jobs.runner.run"
log = structlog.get_logger()


def hand_out() -> int:
    """Enqueue one task per due lane; returns how many."""
    tickets = lanes.take_due()
    for lane, token in tickets:
        async_task(RUN, *lane, str(token), task_name=f"{lane.schema}:{lane.kind}", save=False)
    return len(tickets)


def forever() -> None:
    """Beat until the process is told to stop. Survives a restart of the database."""
    while True:
        try:
            _beat_while_connected()
        except (OperationalError, psycopg.OperationalError) as error:
            log.warning("beat lost the database", error=str(error))
            connection.close()
            time.sleep(0.5)


def _beat_while_connected() -> None:
    connection.ensure_connection()
    listener = connection.connection
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {lanes.CHANNEL}")
    looked = pruned = 0.0
    while True:
        if time.monotonic() - looked > LOOK_FOR_DEAD_EVERY:
            looked = time.monotonic()
            lanes.free_dead()
        if time.monotonic() - pruned > 3600:
            pruned = time.monotonic()
            Run.objects.filter(started_at__lt=clock.now() - KEEP_RUNS).delete()
        if not hand_out():
            wait = lanes.seconds_to_next(most=LOOK_FOR_DEAD_EVERY)
            for _ in listener.notifies(timeout=max(wait, 0.001), stop_after=1):
                pass
