"""Ids in time order (UUIDv7, RFC 9562 §5.7), so new rows land together in every index."""

import os
import time
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import UUID, SafeUUID

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_VERSION_AND_VARIANT = 7 << 76 | 2 << 62
_LOW_62 = (1 << 62) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_lock = Lock()
_last = 0


def uuid7() -> UUID:
    """A new id, greater than every id this process made before. Safe from any thread.

    48 bits of milliseconds, 12 of the fraction below (RFC 9562 §6.2, method 3), 62 random ones.
    The machine's clock is read, not `clock.now()`: a frozen test clock must not make ids run back.
    """
    global _last
    with _lock:
        nanoseconds = time.time_ns()
        milliseconds, rest = divmod(nanoseconds, 1_000_000)
        stamp = milliseconds << 12 | (rest << 12) // 1_000_000
        _last = stamp = stamp if stamp > _last else _last + 1
    # The operating system's randomness and not random(): a forked worker would repeat its parent.
    random = int.from_bytes(os.urandom(8), "big") & _LOW_62
    value = (stamp >> 12) << 80 | _VERSION_AND_VARIANT | (stamp & 0xFFF) << 64 | random
    return _from_int(value)


def first_id_at(moment: datetime) -> UUID:
    """No id made at `moment` (aware) or later is smaller."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return UUID(int=milliseconds << 80)


def _from_int(value: int) -> UUID:
    # UUID(int=...) checks what is known to be right here and costs four times as much.
    made = object.__new__(UUID)
    object.__setattr__(made, "int", value)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


def short(uuid: UUID) -> str:
    """Eight characters for people to read out, from the random end: "7K3Q9XTM". Not a key."""
    low = uuid.int & ((1 << 40) - 1)
    return "".join(_ALPHABET[low >> shift & 31] for shift in range(35, -1, -5))
