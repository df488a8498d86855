"""What a system lets us ask at once: a bucket of points that fills up again by the second."""

import threading
from typing import NamedTuple

from portal.core import clock


class Quota(NamedTuple):
    """What an answer says of the bucket. `required`: what the call costs that was asked; 0: it does not say.
    `restored` by the second."""

    left: float
    restored: float
    most: float
    required: float = 0

    @property
    def waits(self) -> float | None:
        """Seconds until the call that was asked fits; None where the system does not tell."""
        if self.restored <= 0 or self.required <= 0:
            return None
        return max(0.0, self.required - self.left) / self.restored


class Bucket:
    """Our idea of the bucket, over all threads of one client. Safe from any thread.

    What a call will cost is what the same document cost the last time. The bucket is the system's and others
    may draw on it too: each answer puts the idea right.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._costs: dict[str, float] = {}
        self._said: Quota | None = None
        self._left, self._at = 0.0, 0.0

    def take(self, document: str, *, most: float = float("inf")) -> float:
        """Book what `document` costs; returns how many seconds to wait before it is sent. Nothing is booked
        where that is more than `most`: the call is given back."""
        with self._lock:
            if self._said is None or self._said.restored <= 0:
                return 0.0
            cost = min(self._costs.get(document, 0.0), self._said.most)
            self._left, self._at = self._now(), clock.monotonic()
            waits = max(0.0, cost - self._left) / self._said.restored
            if waits <= most:
                self._left -= cost
            return waits

    def heard(self, document: str, quota: Quota) -> None:
        """Note what an answer says."""
        with self._lock:
            self._said, self._left, self._at = quota, quota.left, clock.monotonic()
            if quota.required > 0:
                self._costs[document] = quota.required

    def _now(self) -> float:
        assert self._said is not None
        grown = self._left + (clock.monotonic() - self._at) * self._said.restored
        return min(grown, self._said.most)
