"""A circuit breaker as a value: every function takes one and returns the next. Pure.

Times are seconds since the epoch and come in as arguments. closed → open after five failures in a
row within ten minutes; open → half_open when its time is over, for one probe; half_open → closed when
the probe succeeds, else open again for twice as long (15 s, 30, 60, 120, 240, then 300 s each).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

FAILURES_TO_OPEN: Final = 5
WINDOW: Final = 600.0  # five that time out, one after the other, take minutes
FIRST_OPEN: Final = 15.0
LONGEST_OPEN: Final = 300.0
PROBE_LEASE: Final = 60.0

State = Literal["closed", "open", "half_open"]


@dataclass(frozen=True, slots=True)
class Breaker:
    """`until`: when it may be probed; None while open means a person has to reset it.

    `failures`: times of the latest failures in a row. `times_opened`: since it was last closed.
    """

    state: State = "closed"
    failures: tuple[float, ...] = ()
    until: float | None = None
    times_opened: int = 0


def allow(breaker: Breaker, *, now: float) -> tuple[Breaker, bool]:
    """Whether a call may be made now. Store the returned breaker: a granted probe is in it.

    A probe whose worker died is granted anew after a minute.
    """
    if breaker.state == "closed":
        return breaker, True
    if breaker.until is None or now < breaker.until:
        return breaker, False
    return replace(breaker, state="half_open", until=now + PROBE_LEASE), True


def succeed(breaker: Breaker) -> Breaker:
    """After a call that worked. While open it is a late answer from before, and changes nothing."""
    return breaker if breaker.state == "open" else Breaker()


def fail(breaker: Breaker, *, now: float) -> Breaker:
    """After a call that failed for reasons of the other side. Late failures change nothing."""
    if breaker.state == "open":
        return breaker
    if breaker.state == "half_open":
        return _open(breaker, now=now)
    failures = (*breaker.failures, now)[-FAILURES_TO_OPEN:]
    breaker = replace(breaker, failures=failures)
    full = len(failures) == FAILURES_TO_OPEN and now - failures[0] <= WINDOW
    return _open(breaker, now=now) if full else breaker


def _open(breaker: Breaker, *, now: float) -> Breaker:
    seconds = min(FIRST_OPEN * 2.0 ** min(breaker.times_opened, 10), LONGEST_OPEN)
    return replace(
        breaker, state="open", until=now + seconds, times_opened=breaker.times_opened + 1
    )


def hold_open(breaker: Breaker) -> Breaker:
    """Open until a person resets it: for credentials that time does not mend."""
    return replace(breaker, state="open", until=None)


def reset() -> Breaker:
    """A closed breaker with no past: after new credentials, or when a person says so."""
    return Breaker()


def to_json(breaker: Breaker) -> dict[str, Any]:
    """The breaker as JSON values, for a database column."""
    return asdict(breaker) | {"failures": list(breaker.failures)}


def from_json(stored: Mapping[str, Any] | None) -> Breaker:
    """What `to_json` wrote; nothing stored is a closed breaker. TypeError on foreign keys."""
    if not stored:
        return Breaker()
    return Breaker(**{**stored, "failures": tuple(stored.get("failures", ()))})
