"""What it was worth that somebody mended things: orders saved, and promises as they would have been."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Final

from monitoring.statements.content import Amount, Delivered, Promise, Standing, Without
from portal.core.money import round_to

_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Save:
    """One order that was held for a case and let go. Instants are aware; `amount` None: it does not say.

    `promise` is the key of the promise it would have broken, empty for none.
    """

    number: str
    amount: Decimal | None
    currency: str
    opened_at: datetime
    released_at: datetime
    cutoff_at: datetime
    case: str
    by_rule: bool
    evidence: str
    promise: str = ""

    @property
    def in_time(self) -> bool:
        return self.released_at <= self.cutoff_at

    @property
    def minutes(self) -> Decimal:
        """From the case to the release."""
        return Decimal((self.released_at - self.opened_at).total_seconds()) / _SECONDS


def delivered(saves: Sequence[Save]) -> Delivered:
    """What those of `saves` amount to that were in time. The median of an even number lies between its middle
    two; minutes have one decimal."""
    in_time = sorted(
        (one for one in saves if one.in_time), key=lambda one: (one.number, one.evidence)
    )
    middle = median(one.minutes for one in in_time) if in_time else None
    return Delivered(
        orders=len(in_time),
        by_rule=sum(one.by_rule for one in in_time),
        worth=_worth(in_time),
        median_minutes=None if middle is None else round_to(middle, 1),
        cases=len({one.case for one in in_time}),
        evidence=tuple(one.evidence for one in in_time),
    )


def _worth(saves: Sequence[Save]) -> tuple[Amount, ...]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in saves:
        if one.amount is not None and one.currency:
            sums[one.currency] += one.amount
    largest_first = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Amount(currency, amount) for currency, amount in largest_first)


def without(promises: Sequence[Promise], saves: Sequence[Save]) -> tuple[Without, ...]:
    """The promises as they would have been had every order that was saved missed its cut-off."""
    found = []
    for promise in promises:
        more = sum(one.in_time and one.promise == promise.key for one in saves)
        if more and promise.measure == "share" and promise.population:
            found.append(_without(promise, misses=min(promise.misses + more, promise.population)))
    return tuple(found)


def _without(promise: Promise, *, misses: Decimal) -> Without:
    actual = 100 * (promise.population - misses) / promise.population
    standing: Standing = "kept" if actual >= promise.target else "missed"
    return Without(promise.key, promise.name, misses, round_to(actual, 2), standing)
