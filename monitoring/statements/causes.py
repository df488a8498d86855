"""Why promises were missed and documents held: the cases of a month, the costliest first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from monitoring.statements import words
from monitoring.statements.content import Cause, Miss, Party, Promise
from portal.core.money import round_to

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as it stood at the seal. `key` is its label, `title` in the customer's words, `note` the last
    thing they were told about it. `documents`: how many of the month it held. `closed_at` None: open."""

    key: str
    title: str
    party: Party
    party_name: str
    opened_at: datetime
    closed_at: datetime | None
    documents: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was done about the misses of a promise on a day, as it was written for the customer."""

    key: str
    promise: str
    on: date
    text: str


def causes(
    cases: Sequence[CaseFacts],
    remarks: Sequence[Remark],
    *,
    promises: Sequence[Promise],
    misses: Sequence[Miss],
    zone: str,
) -> tuple[Cause, ...]:
    """The ten that cost most, by their part of what was missed, then by documents held. What a remark tells
    of is told by its day, everything else by its case."""
    parts = _parts(promises, misses)
    days = {one: _of_day(one, misses, zone) for one in remarks}
    told = {miss.key for own in days.values() for miss in own}
    by_case: defaultdict[str, Decimal] = defaultdict(Decimal)
    for miss in misses:
        if miss.case and miss.key not in told:
            by_case[miss.case] += parts[miss.key]
    covered = {miss.case for own in days.values() for miss in own}
    found = [_day(one, own, parts) for one, own in days.items() if own]
    found += [
        _cause(one, round_to(by_case[one.key], 1) if one.key in by_case else None, zone)
        for one in cases
        if one.key in by_case or (one.documents and one.key not in covered)
    ]
    found.sort(key=lambda one: (-(one.weight or Decimal(0)), -one.documents, one.key))
    return tuple(found[:MOST])


def _parts(promises: Sequence[Promise], misses: Sequence[Miss]) -> dict[str, Decimal]:
    """Each miss's part of all that was missed, in percent; every promise weighs the same, as for shares."""
    missed = [one for one in promises if any(miss.promise == one.key for miss in misses)]
    parts: dict[str, Decimal] = {}
    for promise in missed:
        own = [miss for miss in misses if miss.promise == promise.key]
        whole = sum((miss.weight for miss in own), Decimal(0)) or Decimal(1)
        parts |= {miss.key: 100 * miss.weight / whole / len(missed) for miss in own}
    return parts


def _of_day(one: Remark, misses: Sequence[Miss], zone: str) -> list[Miss]:
    return [
        miss
        for miss in misses
        if miss.promise == one.promise and words.local(miss.at, zone).date() == one.on
    ]


def _day(one: Remark, own: Sequence[Miss], parts: Mapping[str, Decimal]) -> Cause:
    worst = max(own, key=lambda miss: (miss.weight, miss.key))
    reasons = dict.fromkeys(miss.reason for miss in own if miss.reason)
    return Cause(
        key=one.key,
        on=one.on,
        party=worst.party,
        party_name=worst.party_name,
        text="; ".join(reasons) or f"{len(own):,} late",
        action=one.text,
        documents=0,
        weight=round_to(sum((parts[miss.key] for miss in own), Decimal(0)), 1),
    )


def _cause(one: CaseFacts, weight: Decimal | None, zone: str) -> Cause:
    return Cause(
        key=one.key,
        on=words.local(one.opened_at, zone).date(),
        party=one.party,
        party_name=one.party_name,
        text=one.title,
        action=_action(one, zone),
        documents=one.documents,
        weight=weight,
    )


def _action(one: CaseFacts, zone: str) -> str:
    ending = f"Solved {words.moment(one.closed_at, zone)}." if one.closed_at else "Not solved yet."
    return f"{one.note} {ending}".strip()
