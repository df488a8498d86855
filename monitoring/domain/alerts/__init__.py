"""Alerts: cases and limits become messages to people, until somebody has them or they are over.

Everything reads rows: what opened, came back, was acknowledged or closed is found by looking. Waking the
lane only makes it look sooner.
"""

from portal.jobs import lanes

LANE, WATCH_LANE, SEND_LANE = "alerts", "alert_watch", "alert_send"


def look() -> None:
    """Something began or ended: look at it once the transaction is through."""
    lanes.wake(LANE)
