"""Statements of one customer, each of which names the one before by its hash."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from monitoring.seal import signature
from monitoring.seal.signature import Signature, Signer
from portal.core.canonical import digest

_PURPOSE = "sla-statement/1"  # what else the key signs does not pass for a statement


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed statement. `number` counts from 1, `name` says which it is ("April 2026").

    `hash` is the SHA-256 of its content, `previous` that of the statement before; the first has none.
    """

    number: int
    name: str
    content: bytes
    hash: str
    previous: str
    signature: Signature


class Flaw(NamedTuple):
    """What is wrong with the statement of a number, in a sentence."""

    number: int
    sentence: str


def words_to_sign(content_hash: str, previous: str) -> bytes:
    """What is signed: the content, and through `previous` everything before it."""
    return f"{_PURPOSE}\n{content_hash}\n{previous}".encode()


def link(name: str, content: bytes, *, after: Link | None, signer: Signer) -> Link:
    """The statement that follows `after`, signed."""
    content_hash, previous = digest(content), after.hash if after else ""
    return Link(
        number=after.number + 1 if after else 1,
        name=name,
        content=content,
        hash=content_hash,
        previous=previous,
        signature=signer.sign(words_to_sign(content_hash, previous)),
    )


def examine(links: Sequence[Link], *, trusted: Collection[str]) -> list[Flaw]:
    """Everything wrong with the statements of one customer, in their order; empty when nothing is.

    `trusted`: the public keys that may have signed. That the newest was not removed cannot be seen here.
    """
    ordered = sorted(links, key=lambda one: one.number)
    flaws = [flaw for one in ordered for flaw in _of_itself(one, trusted)]
    flaws += _of_first(ordered[0]) if ordered else []
    for before, then in pairwise(ordered):
        flaws += _between(before, then)
    return sorted(flaws, key=lambda flaw: flaw.number)


def _of_itself(one: Link, trusted: Collection[str]) -> Iterator[Flaw]:
    if digest(one.content) != one.hash:
        yield Flaw(one.number, f"The content of {one.name} was changed after it was sealed.")
    signed = words_to_sign(one.hash, one.previous)
    if said := signature.problem(one.signature, signed, trusted=trusted):
        yield Flaw(one.number, f"{one.name}: {said}")


def _of_first(one: Link) -> list[Flaw]:
    if one.number == 1 and not one.previous:
        return []
    return [Flaw(one.number, f"{one.name} is the first here, but others were sealed before it.")]


def _between(before: Link, then: Link) -> list[Flaw]:
    if then.number == before.number:
        return [Flaw(then.number, f"{before.name} and {then.name} have the same number.")]
    if then.number != before.number + 1:
        return [Flaw(then.number, f"Between {before.name} and {then.name} a statement is missing.")]
    if then.previous != before.hash:
        return [Flaw(then.number, f"{then.name} does not follow {before.name} as it stands here.")]
    return []
