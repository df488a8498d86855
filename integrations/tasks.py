"""The doors through which workers come in."""

from datetime import timedelta

from django.db import connection

from integrations.domain import (
    as2_receipts,
    deliver,
    evidence,
    overdue,
    poll,
    publishing,
    receive,
    resource_changes,
    rollup,
)
from integrations.domain.messages import DocumentsMoved
from integrations.models import PollCursor
from portal.core import clock, events
from portal.jobs import lanes
from portal.jobs.kinds import Turn, kind

SWEEP_EVERY = timedelta(seconds=15)
OVERDUE_EVERY = timedelta(minutes=1)
FOLD_EVERY = timedelta(seconds=5)
FOLD_WHEN_QUIET = timedelta(minutes=1)


@kind("translate", linger_seconds=0.25)
def translate_lane(key: str) -> Turn:
    return _told(receive.receive(int(key)))


@kind("deliver", linger_seconds=0.25)
def deliver_lane(key: str) -> Turn:
    return _told(deliver.deliver(int(key)))


def _told(turn: Turn) -> Turn:
    if turn.done:
        events.publish(DocumentsMoved(turn.done))
    return turn


@kind("poll")
def poll_lane(key: str) -> Turn:
    return poll.poll(int(key))


@kind("as2")
def as2_lane(key: str) -> Turn:
    """Receipts that are posted on their own: ours for messages of a partner, and theirs for ours."""
    return _told(as2_receipts.work(int(key)))


@kind("resources")
def resources_lane(key: str) -> Turn:
    """Look for changes of the published resource `key`."""
    return resource_changes.follow(int(key))


@kind("evidence")
def evidence_lane(key: str) -> Turn:
    """Replay documents for the change request `key`."""
    evidence.gather_asked(int(key))
    return Turn(0)


@kind("overdue")
def overdue_lane(key: str) -> Turn:
    """Notice what partners have not acknowledged in time."""
    return Turn(overdue.find())


@kind("traffic")
def traffic_lane(key: str) -> Turn:
    """Fold what was added to the sums of traffic. Whoever asks meanwhile sees it, folded or not."""
    changed = rollup.fold()
    return Turn(0, clock.now() + (FOLD_EVERY if changed else FOLD_WHEN_QUIET))


@kind("sweep")
def sweep_lane(key: str) -> Turn:
    """Wake whatever has work: a lost wake-up costs seconds, never a message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id FROM integrations_message WHERE state = 'received'"
        )
        for (customer_id,) in cursor.fetchall():
            lanes.wake("translate", str(customer_id))
        cursor.execute(
            "SELECT DISTINCT endpoint_id FROM integrations_message"
            " WHERE direction = 'out' AND state IN ('waiting', 'sending')"
        )
        for (endpoint_id,) in cursor.fetchall():
            lanes.wake("deliver", str(endpoint_id))
    due = PollCursor.objects.filter(due_at__lte=clock.now()).values_list("endpoint_id", flat=True)
    for endpoint_id in set(due):
        lanes.wake("poll", str(endpoint_id))
    as2_receipts.wake_all()
    for resource_id in resource_changes.due():
        lanes.wake("resources", str(resource_id))
    lanes.wake("overdue", at=clock.now() + OVERDUE_EVERY)
    publishing.publish_due()
    return Turn(0, clock.now() + SWEEP_EVERY)
