"""A token bucket as a value: every function takes one and returns the next. Pure.

Times are seconds since the epoch and come in as arguments; a clock that steps back adds nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import floor
from typing import Any, Final

# Waiting exactly as long as asked must be enough, whatever floating point makes of it.
_TINY: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Bucket:
    """`rate` tokens a second up to `burst`; `tokens` were in it at `at`; shut till `shut_until`."""

    rate: float
    burst: float
    tokens: float
    at: float
    shut_until: float = 0.0


def full(*, rate: float, burst: float, now: float) -> Bucket:
    """A new bucket, full. Raises ValueError unless rate > 0 and burst ≥ 1."""
    if not (rate > 0 and burst >= 1):
        raise ValueError("a bucket wants a rate above 0 and a burst of 1 or more")
    return Bucket(rate=rate, burst=burst, tokens=burst, at=now)


def available(bucket: Bucket, *, now: float) -> int:
    """How many calls may be made now: the size of the next batch."""
    return 0 if now < bucket.shut_until else floor(_refill(bucket, now=now).tokens + _TINY)


def take(bucket: Bucket, *, now: float, count: int = 1) -> tuple[Bucket, float]:
    """Take `count` tokens. Returns the next bucket and 0, or the same bucket and seconds to wait.

    Raises ValueError when the bucket can never hold `count`.
    """
    if not 1 <= count <= bucket.burst:
        raise ValueError(f"a bucket of {bucket.burst:g} cannot give {count}")
    if now < bucket.shut_until:
        return bucket, bucket.shut_until - now
    filled = _refill(bucket, now=now)
    missing = count - filled.tokens
    if missing > _TINY:
        return bucket, missing / bucket.rate
    return replace(filled, tokens=max(0.0, filled.tokens - count)), 0.0


def correct(
    bucket: Bucket,
    *,
    now: float,
    remaining: float | None = None,
    rate: float | None = None,
    burst: float | None = None,
) -> Bucket:
    """Believe what the server says it has left, its rate and its burst; None keeps ours."""
    filled = _refill(bucket, now=now)
    size = full(rate=rate or bucket.rate, burst=burst or bucket.burst, now=now)
    tokens = filled.tokens if remaining is None else max(0.0, remaining)
    return replace(filled, rate=size.rate, burst=size.burst, tokens=min(tokens, size.burst))


def shut(bucket: Bucket, *, now: float, seconds: float) -> Bucket:
    """Give nothing for `seconds`, then start from one token: what a 429 with Retry-After asks."""
    until = max(bucket.shut_until, now + seconds)
    return replace(bucket, tokens=1.0, at=until, shut_until=until)


def _refill(bucket: Bucket, *, now: float) -> Bucket:
    if now <= bucket.at:
        return bucket
    tokens = min(bucket.burst, bucket.tokens + (now - bucket.at) * bucket.rate)
    return replace(bucket, tokens=tokens, at=now)


def to_json(bucket: Bucket) -> dict[str, float]:
    """The bucket as JSON values, for a database column."""
    return asdict(bucket)


def from_json(stored: Mapping[str, Any]) -> Bucket:
    """What `to_json` wrote. Raises TypeError on missing or foreign keys."""
    return Bucket(**stored)
