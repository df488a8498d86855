"""A correction of a sealed statement: it changes nothing, it is signed and stands beside it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitoring.seal import signature
from monitoring.seal.paths import value_at, with_value
from monitoring.seal.signature import Signature, Signer
from portal.core.canonical import canonical, digest, plain

_PURPOSE = "sla-adjustment/1"


class UnfitAdjustmentError(ValueError):
    """It corrects nothing, or nobody else stands behind it; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """What stands at one place of the content, and what shall be read there instead."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Adjustment:
    """`statement` is the hash of what it corrects; `number` counts from 1 within that, and `previous` is
    the hash of the adjustment before, empty for the first. `at` is when it was approved."""

    statement: str
    number: int
    previous: str
    changes: tuple[Change, ...]
    reason: str
    author: str
    approver: str
    at: datetime

    @property
    def hash(self) -> str:
        return digest(canonical(self))

    @property
    def words_to_sign(self) -> bytes:
        return f"{_PURPOSE}\n{self.hash}".encode()


def sign(adjustment: Adjustment, content: Any, *, signer: Signer) -> Signature:
    """Sign a correction of `content`, which is the statement as corrected so far.

    Raises UnfitAdjustmentError for what does not fit `content`, has no reason, or was approved by its author.
    """
    _require_fit(adjustment)
    for change in adjustment.changes:
        _require_place(change, content)
    return signer.sign(adjustment.words_to_sign)


def adjusted(content: Any, adjustments: Sequence[Adjustment]) -> Any:
    """`content` as it is to be read, corrections in their order. KeyError for a place that is not there."""
    for adjustment in sorted(adjustments, key=lambda one: one.number):
        for change in adjustment.changes:
            content = with_value(content, change.path, plain(change.after))
    return content


def examine(
    signed: Sequence[tuple[Adjustment, Signature]], *, statement: str, trusted: Collection[str]
) -> list[str]:
    """Everything wrong with the corrections of one statement (its hash), in sentences."""
    flaws, previous = [], ""
    for number, (one, seal) in enumerate(sorted(signed, key=lambda pair: pair[0].number), start=1):
        name = f"Adjustment {one.number}"
        if said := signature.problem(seal, one.words_to_sign, trusted=trusted):
            flaws.append(f"{name}: {said}")
        if one.statement != statement:
            flaws.append(f"{name} corrects another statement.")
        if one.number != number or one.previous != previous:
            flaws.append(f"{name} does not follow the one before it.")
        previous = one.hash
    return flaws


def _require_fit(adjustment: Adjustment) -> None:
    if not adjustment.changes:
        raise UnfitAdjustmentError("It changes nothing. Name a place and what shall stand there.")
    if not adjustment.reason.strip():
        raise UnfitAdjustmentError("Say why: the customer reads the reason.")
    if not adjustment.author or not adjustment.approver:
        raise UnfitAdjustmentError("It needs somebody who wrote it and somebody who approved it.")
    if adjustment.author == adjustment.approver:
        raise UnfitAdjustmentError(
            f"{adjustment.author} wrote it; somebody else has to approve it."
        )


def _require_place(change: Change, content: Any) -> None:
    try:
        there = value_at(content, change.path)
    except KeyError as error:
        raise UnfitAdjustmentError(f"{error.args[0]}.") from None
    if there != plain(change.before):
        raise UnfitAdjustmentError(
            f"{change.path} is {there} by now, not {plain(change.before)}. Look again, then write it anew."
        )
    if there == plain(change.after):
        raise UnfitAdjustmentError(f"{change.path} is {there} already.")
