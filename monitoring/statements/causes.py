"""Why promises were missed and documents held: the cases of a month, the costliest first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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


def causes(
    cases: Sequence[CaseFacts], *, promises: Sequence[Promise], misses: Sequence[Miss], zone: str
) -> tuple[Cause, ...]:
    """The ten that cost most: first by their part of what was missed, then by documents held."""
    weights = _weights(promises, misses)
    found = [one for one in cases if one.documents or one.key in weights]
    found.sort(key=lambda one: (-weights.get(one.key, Decimal(0)), -one.documents, one.key))
    return tuple(_cause(one, weights.get(one.key), zone) for one in found[:MOST])


def _weights(promises: Sequence[Promise], misses: Sequence[Miss]) -> dict[str, Decimal]:
    """Each case's part of what was missed, in percent; every promise weighs the same, as for shares."""
    missed = [one for one in promises if any(miss.promise == one.key for miss in misses)]
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for promise in missed:
        own = [miss for miss in misses if miss.promise == promise.key]
        whole = sum((miss.weight for miss in own), Decimal(0))
        for miss in own:
            if miss.case and whole:
                sums[miss.case] += 100 * miss.weight / whole / len(missed)
    return {case: round_to(weight, 1) for case, weight in sums.items()}


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
