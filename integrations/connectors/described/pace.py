"""No more calls than a system takes: over all threads and clients of one account in this process."""

import re
import threading
import time
from typing import Final
from weakref import WeakValueDictionary

from integrations.connectors.described.system import Rate
from portal.core import clock
from portal.core.errors import Retryable
from portal.core.response import Response

_LONGEST_WAIT: Final = 20.0  # seconds; whoever is to wait longer comes again later
_LONGEST_RESET: Final = 3600.0
_NUMBER: Final = re.compile(r"(?=.{1,20}$)([0-9]+(\.[0-9]*)?|\.[0-9]+)", re.ASCII)


class Pace:
    """A bucket of `rate.burst` calls that fills with `rate.per_second`, or as fast as the system says; and
    what it said of how many are left."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._apart = 1 / rate.per_second if rate.per_second else 0.0
        self._due = 0.0  # when the bucket would be full again
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may begin. Retryable where the system takes none for long."""
        with self._lock:
            now = clock.monotonic()
            begins = max(now, self._closed_until)
            if self._apart:
                begins = max(begins, self._due - (self._rate.burst - 1) * self._apart)
            if begins - now > _LONGEST_WAIT:
                left = begins - now
                text = f"The system takes no call for {left:.0f} seconds"
                raise Retryable(text, retry_after=left, code="rate_limited")
            if self._apart:
                self._due = max(begins, self._due) + self._apart
        if begins > now:
            time.sleep(begins - now)

    def hear(self, answer: Response) -> None:
        """Note what an answer says of the account's own pace, and that no call is left for a while."""
        if self._apart:
            self._learn(answer)
        if not self._rate.remaining:
            return
        left, waits = answer.header(self._rate.remaining), reset_of(self._rate, answer)
        if waits is not None and (left or "").strip() in {"0", "-1"}:
            with self._lock:
                self._closed_until = max(self._closed_until, clock.monotonic() + waits)

    def _learn(self, answer: Response) -> None:
        """The pace that the system says. A 429 means that its bucket is empty, whatever ours holds: others
        may call for the same account."""
        said = (answer.header(self._rate.limit) or "").strip() if self._rate.limit else ""
        with self._lock:
            now = clock.monotonic()
            if _NUMBER.fullmatch(said) and float(said) > 0:
                # What is in the bucket stays in it, however fast it fills.
                used = max(self._due - now, 0.0) / self._apart
                self._apart = 1 / float(said)
                self._due = now + used * self._apart
            if answer.status == 429:
                self._due = max(self._due, now + self._rate.burst * self._apart)


def reset_of(rate: Rate, answer: Response) -> float | None:
    """In how many seconds the system takes calls again, at most an hour; None where it does not say."""
    said = (answer.header(rate.reset) or "").strip() if rate.reset else ""
    if not _NUMBER.fullmatch(said):
        return None
    seconds = float(said)
    if rate.unit in {"milliseconds", "time_ms"}:
        seconds /= 1000
    if rate.unit in {"time", "time_ms"}:
        seconds -= clock.now().timestamp()
    return min(max(seconds, 0.0), _LONGEST_RESET)


_PACES: Final[WeakValueDictionary[tuple[str, Rate], Pace]] = WeakValueDictionary()
_LOCK: Final = threading.Lock()


def shared(account: str, rate: Rate) -> Pace:
    """The pace of one account, the same for all its clients in this process as long as one lives."""
    with _LOCK:
        found = _PACES.get((account, rate))
        if found is None:
            found = _PACES[account, rate] = Pace(rate)
        return found
