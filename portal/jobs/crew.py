"""The worker processes, and what happens when one of them is killed.

django-q replaces a killed worker. But whoever waits for a task holds the lock of the task queue, and
when that one is killed nobody ever gets the lock again: all others would wait for ever, its
replacement among them. So a crew that lost one of its members by a signal ends as a whole, and
whatever keeps the process running starts a new one. What was in work comes back by the lanes.
"""

import contextlib
import gc
import os
import signal
from multiprocessing import Event
from typing import Any

from django_q.cluster import Cluster, Sentinel, get_mp_context


class Foreman(Sentinel):
    """django-q's sentinel, which ends the crew when a member was killed."""

    def guard(self) -> None:
        # A signal, because the guard itself may be waiting for a lock that a dead member holds.
        signal.signal(signal.SIGCHLD, self._look_for_the_killed)
        self._look_for_the_killed()
        super().guard()

    def _look_for_the_killed(self, *_: Any) -> None:
        members = [*self.pool, self.monitor, self.pusher]
        if os.getpid() != self.pid or not any((m.exitcode or 0) < 0 for m in members):
            return
        for started in [member.pid for member in members if member.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(started, signal.SIGKILL)
        os._exit(1)


class Crew(Cluster):
    """django-q's cluster under our foreman."""

    def start(self) -> int:
        """Start the foreman, who starts the others. SIGTERM and SIGINT end them in good order."""
        _collect_seldom()
        self.stop_event, self.start_event = Event(), Event()
        events = (self.stop_event, self.start_event)
        self.sentinel = get_mp_context().Process(
            target=Foreman, args=(*events, self.cluster_id, self.broker, self.timeout)
        )
        self.sentinel.start()
        return int(self.pid)

    def work(self) -> int:
        """Work until the crew ends. Returns 0 when it was told to, else 1."""
        self.start()
        self.sentinel.join()
        return 1 if self.sentinel.exitcode else 0


def _collect_seldom() -> None:
    """A bite of documents is a million objects that are all free at its end: looking through them ever
    again for cycles takes a sixth of a worker's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
