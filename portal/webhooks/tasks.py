"""The doors through which workers come in."""

from datetime import timedelta

from portal.core import clock
from portal.jobs.kinds import Turn, kind
from portal.webhooks.domain import retention, sending
from portal.webhooks.domain.outbox import LANE

SWEEP_EVERY = timedelta(minutes=5)


@kind(LANE, linger_seconds=0.25)
def webhooks_lane(key: str) -> Turn:
    """With a receiver's number: send what is due to it. Without: keep house, and wake who was not woken."""
    if key:
        return sending.send_due(int(key))
    done = retention.drop_old()
    sending.wake_due()
    return Turn(done, clock.now() + SWEEP_EVERY)
