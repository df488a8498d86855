"""Whose a miss was: us, the customer or a third party, from who held things up when.

Of a late event it is the party whose time alone was more than the limit; where nobody's was, it falls to
all of them by their time. So a warehouse whose files were away for an hour answers for an order that we
held for two minutes, and the other way round.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from monitoring.clocks.turns import Party
from monitoring.slo.evidence import Hold
from monitoring.slo.intervals import Interval

PARTIES: Final[tuple[Party, ...]] = ("us", "customer", "third_party")
_MICROSECOND: Final = timedelta(microseconds=1)


class Shares(NamedTuple):
    """How much falls to whom; of one miss together its amount."""

    us: Fraction = Fraction(0)
    customer: Fraction = Fraction(0)
    third_party: Fraction = Fraction(0)

    @property
    def total(self) -> Fraction:
        return self.us + self.customer + self.third_party

    def plus(self, other: "Shares") -> "Shares":
        return Shares(*(a + b for a, b in zip(self, other, strict=True)))

    def times(self, amount: Fraction) -> "Shares":
        return Shares(*(share * amount for share in self))


class Piece(NamedTuple):
    """Time that one hold had; None for nobody's, which is ours."""

    span: Interval
    hold: Hold | None

    @property
    def party(self) -> Party:
        return self.hold.party if self.hold else "us"


def pieces(holds: Iterable[Hold], whole: Interval) -> Iterator[Piece]:
    """`whole` in order and without a gap. Of holds that overlap the one that began last has the time."""
    known = sorted((hold for hold in holds if _touches(hold, whole)), key=lambda hold: hold.began)
    open_then: list[Hold] = []
    at = 0
    for begins, ends in pairwise(_edges(known, whole)):
        while at < len(known) and known[at].began <= begins:
            open_then.append(known[at])
            at += 1
        open_then = [hold for hold in open_then if hold.ended is None or hold.ended > begins]
        yield Piece(Interval(begins, ends), open_then[-1] if open_then else None)


def _touches(hold: Hold, whole: Interval) -> bool:
    return hold.began < whole.ends and (hold.ended is None or hold.ended > whole.begins)


def _edges(holds: Iterable[Hold], whole: Interval) -> list[datetime]:
    inside = {edge for hold in holds for edge in (hold.began, hold.ended) if edge}
    return sorted({*whole, *(edge for edge in inside if whole.begins < edge < whole.ends)})


def time_by_party(found: Iterable[Piece]) -> dict[Party, timedelta]:
    """How long each party had it."""
    spent = dict.fromkeys(PARTIES, timedelta(0))
    for piece in found:
        spent[piece.party] += piece.span.length
    return spent


def blame(spent: Mapping[Party, timedelta], limit: timedelta) -> Shares:
    """Whose a miss of `limit` was, together 1. What nobody had any time of is ours."""
    alone = {party: time for party, time in spent.items() if time > limit}
    return _by_time(alone or spent)


def by_time(found: Iterable[Piece]) -> Shares:
    """Whose it was by time alone, together 1."""
    return _by_time(time_by_party(found))


def _by_time(spent: Mapping[Party, timedelta]) -> Shares:
    whole = sum(spent.values(), timedelta(0))
    if not whole:
        return Shares(us=Fraction(1))
    parts = {
        party: Fraction(time // _MICROSECOND, whole // _MICROSECOND)
        for party, time in spent.items()
    }
    return Shares(**parts)


def why(found: Iterable[Piece], shares: Shares) -> tuple[str, str]:
    """The reason and the proof of what the most blamed party held longest; blank for nothing of theirs."""
    most = max(PARTIES, key=lambda party: getattr(shares, party))
    spent: Counter[tuple[str, str]] = Counter()
    for piece in found:
        if piece.hold and piece.party == most:
            spent[piece.hold.reason, piece.hold.id] += piece.span.length // _MICROSECOND
    return max(spent, key=lambda key: spent[key], default=("", ""))
