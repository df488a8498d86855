"""No more calls a second than a system takes, over all threads of one client."""

import threading
import time

from portal.core import clock


class Pace:
    """`per_second` 0: as many as there are."""

    def __init__(self, per_second: float) -> None:
        self._apart = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may begin."""
        if not self._apart:
            return
        with self._lock:
            now = clock.monotonic()
            begins = max(now, self._next)
            self._next = begins + self._apart
        time.sleep(begins - now)
