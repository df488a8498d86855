"""Rows that vouch for those before them: a chain of digests under a key that no database holds. Pure.

Whoever may write to the tables can change a row, but cannot make the digest that goes with it. What a
chain cannot tell by itself is that its newest rows are gone: keep a `Head` elsewhere and hold it against.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from portal.core.canonical import canonical

START: Final = ""  # what the first row follows


class Link(NamedTuple):
    """One row as it is stored. `content` is whatever it vouches for, as `canonical` takes it."""

    number: int
    content: Any
    previous: str
    digest: str


class Head(NamedTuple):
    """Where a chain ended at some time."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


class Flaw(NamedTuple):
    """The first row that is not as it was, and what is wrong with it, in a sentence."""

    number: int
    sentence: str


class Examined(NamedTuple):
    """What came of looking at a whole chain."""

    length: int
    head: Head
    flaw: Flaw | None


def mac(key: bytes, content: Any) -> str:
    """HMAC-SHA256 of a value's canonical bytes, in hex. TypeError for what has none."""
    return hmac.new(key, canonical(content), hashlib.sha256).hexdigest()


def is_mac(keys: Sequence[bytes], content: Any, given: str) -> bool:
    """Whether one of the keys made `given` of the content."""
    return any(hmac.compare_digest(mac(key, content), given) for key in keys)


def digest(key: bytes, number: int, previous: str, content: Any) -> str:
    """What the row of that number vouches with: for its content, and for all before it."""
    return mac(key, [number, previous, content])


def link(key: bytes, content: Any, *, after: Head | None) -> Link:
    """The row that follows `after`."""
    number, previous = (after.number + 1, after.digest) if after else (1, START)
    return Link(number, content, previous, digest(key, number, previous, content))


def examine(
    links: Iterable[Link], keys: Sequence[bytes], *, expected: Head | None = None
) -> Examined:
    """Look at a chain, given in the order of its numbers, up to the first flaw.

    `expected`: where it ended when somebody noted it; it must still hold that row.
    """
    before, met = Head(0, START), expected is None or expected.number == 0
    for one in links:
        if flaw := _flaw(one, before, keys) or _unexpected(one, expected):
            return Examined(before.number, before, flaw)
        before = Head(one.number, one.digest)
        met = met or (expected is not None and one.number == expected.number)
    if not met and expected:
        said = f"Row {before.number + 1} is missing: {expected.number} rows were here before."
        return Examined(before.number, before, Flaw(before.number + 1, said))
    return Examined(before.number, before, None)


def _flaw(one: Link, before: Head, keys: Sequence[bytes]) -> Flaw | None:
    wanted = before.number + 1
    if one.number != wanted:
        return Flaw(wanted, f"Row {wanted} is missing: row {one.number} comes next.")
    if one.previous != before.digest:
        return Flaw(
            one.number, f"Row {one.number} does not follow row {before.number} as it stands."
        )
    if not is_mac(keys, [one.number, one.previous, one.content], one.digest):
        return Flaw(one.number, f"Row {one.number} was changed after it was sealed.")
    return None


def _unexpected(one: Link, expected: Head | None) -> Flaw | None:
    if expected and one.number == expected.number and one.digest != expected.digest:
        return Flaw(one.number, f"Row {one.number} is another one than was noted.")
    return None
