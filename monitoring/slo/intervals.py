"""Spans of time between two aware instants, the end not part of it; and what is left of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

NOTHING: Final = timedelta(0)


class Interval(NamedTuple):
    begins: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        return max(NOTHING, self.ends - self.begins)


def clip(one: Interval, to: Interval) -> Interval | None:
    """What of `one` lies in `to`; None for nothing."""
    found = Interval(max(one.begins, to.begins), min(one.ends, to.ends))
    return found if found.begins < found.ends else None


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time in order, without overlaps."""
    found: list[Interval] = []
    for one in sorted(intervals):
        if found and one.begins <= found[-1].ends:
            found[-1] = Interval(found[-1].begins, max(found[-1].ends, one.ends))
        elif one.begins < one.ends:
            found.append(one)
    return found


def without(whole: Iterable[Interval], cuts: Sequence[Interval]) -> Iterator[Interval]:
    """What is left of `whole` outside `cuts`, which are merged."""
    for begins, ends in whole:
        at = begins
        for cut in cuts:
            if cut.ends <= at or cut.begins >= ends:
                continue
            if cut.begins > at:
                yield Interval(at, cut.begins)
            at = cut.ends
        if at < ends:
            yield Interval(at, ends)


def common(intervals: Iterable[Interval], to: Interval) -> Iterator[Interval]:
    """What of each of them lies in `to`."""
    for one in intervals:
        if found := clip(one, to):
            yield found


def total(intervals: Iterable[Interval]) -> timedelta:
    return sum((one.length for one in intervals), NOTHING)
