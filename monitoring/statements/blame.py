"""Whose the misses were, in whole percents that add up to a hundred."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from monitoring.statements.content import Miss, Party, Promise, Share

_ORDER: Final[dict[Party, int]] = {"third_party": 0, "us": 1, "customer": 2}
Whose = tuple[Party, str]


def shares(promises: Sequence[Promise], misses: Sequence[Miss]) -> tuple[Share, ...]:
    """Each party's part of what was missed, the largest first: of the broken promises if there are any,
    else of all. Every promise weighs the same, because orders and minutes cannot be added up."""
    broken = [one.key for one in promises if one.standing == "missed"]
    about = broken or [one.key for one in promises]
    parts = [part for key in about if (part := _parts(one for one in misses if one.promise == key))]
    sums: defaultdict[Whose, Decimal] = defaultdict(Decimal)
    for part in parts:
        for whose, fraction in part.items():
            sums[whose] += fraction / len(parts)
    whole = _whole_percents(sums)
    largest_first = sorted(
        whole.items(), key=lambda item: (-item[1], _ORDER[item[0][0]], item[0][1])
    )
    return tuple(Share(*whose, Decimal(percent)) for whose, percent in largest_first)


def _parts(misses: Iterable[Miss]) -> dict[Whose, Decimal]:
    weights: defaultdict[Whose, Decimal] = defaultdict(Decimal)
    for one in misses:
        name = one.party_name if one.party == "third_party" else ""
        weights["us", ""] += one.ours
        weights["customer", ""] += one.yours
        weights["third_party", name] += one.theirs
    total = sum(weights.values(), Decimal(0))
    return {whose: weight / total for whose, weight in weights.items() if weight}


def _whole_percents(fractions: Mapping[Whose, Decimal]) -> dict[Whose, int]:
    """Rounded down, and what is left to a hundred given to the largest remainders."""
    if not fractions:
        return {}
    exact = {whose: fraction * 100 for whose, fraction in fractions.items()}
    whole = {whose: int(percent) for whose, percent in exact.items()}
    by_rest = sorted(exact, key=lambda whose: (whole[whose] - exact[whose], whose))
    for whose in by_rest[: 100 - sum(whole.values())]:
        whole[whose] += 1
    return whole
