"""Whose turn it is: who has the ball of a case, and how long each had it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from portal.customers.calendar import Calendar, time_between

Party = Literal["us", "customer", "third_party"]
_MINUTE: Final = timedelta(minutes=1)


class Span(NamedTuple):
    """`party` has the ball, for a reason, from `began` until it `ended` or the next span begins."""

    party: Party
    reason: str
    began: datetime
    ended: datetime | None = None


class Turn(NamedTuple):
    party: Party
    begins: datetime
    ends: datetime


class Split(NamedTuple):
    """Business minutes by who had the ball."""

    us: float
    customer: float
    third_party: float


def turns(spans: Iterable[Span], *, start: datetime, end: datetime) -> list[Turn]:
    """The time from `start` to `end` without a gap, in order. Where nobody has the ball, we have it."""
    return [*_turns(spans, start, end)] if start < end else []


def _turns(spans: Iterable[Span], start: datetime, end: datetime) -> Iterator[Turn]:
    at = start
    for party, begins, ends in _in_turn(spans, end):
        if begins >= end or ends <= at:
            continue
        if begins > at:
            yield Turn("us", at, begins)
        yield Turn(party, max(begins, at), min(ends, end))
        at = min(ends, end)
    if at < end:
        yield Turn("us", at, end)


def _in_turn(spans: Iterable[Span], end: datetime) -> Iterator[Turn]:
    known = sorted(spans, key=lambda span: span.began)
    for span, following in pairwise([*known, Span("us", "", end)]):
        yield Turn(span.party, span.began, min(span.ended or end, following.began))


def holder(spans: Iterable[Span], at: datetime) -> Party:
    """Who has the ball at an instant."""
    begun = [span for span in spans if span.began <= at]
    last = max(begun, key=lambda span: span.began, default=None)
    return last.party if last and (last.ended is None or last.ended > at) else "us"


def split(calendar: Calendar, spans: Iterable[Span], *, start: datetime, end: datetime) -> Split:
    """How the business minutes between two instants fall to the three; together they are all of them."""
    spent: dict[Party, timedelta] = dict.fromkeys(("us", "customer", "third_party"), timedelta())
    for turn in turns(spans, start=start, end=end):
        spent[turn.party] += time_between(calendar, turn.begins, turn.ends)
    return Split(*(time / _MINUTE for time in spent.values()))
