"""How old the data is that somebody sees, piece by piece: from what was published when, as of when.

A stock report that was made 50 minutes before it arrived has 10 of its 60 minutes left.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from monitoring.slo.attribution import Piece, pieces
from monitoring.slo.evidence import Feed, Hold, Reading, Track
from monitoring.slo.intervals import Interval


def track(feed: Feed, *, limit: timedelta, until: datetime) -> Track:
    """When the data of a feed was older than `limit`, up to an instant, and who held the next up.

    It counts from the first publication on: before, there was nothing to be old.
    """
    shown = _shown(feed.readings)
    stale = [
        _held(piece, reading)
        for reading, span in _stale(shown, limit, until)
        for piece in pieces(feed.holds, span)
    ]
    first = shown[0].published_at if shown else until
    begins = max(first, feed.begins) if feed.begins else first
    return Track(feed.id, tuple(stale), feed.weight, begins)


def _shown(readings: Sequence[Reading]) -> list[Reading]:
    """In the order in which they were seen: what is older than what is shown replaces nothing."""
    found: list[Reading] = []
    for reading in sorted(readings):
        if not found or reading.as_of > found[-1].as_of:
            found.append(reading)
    return found


def _stale(
    shown: Sequence[Reading], limit: timedelta, until: datetime
) -> Iterator[tuple[Reading, Interval]]:
    end = Reading(until, until)
    for reading, following in pairwise([*(r for r in shown if r.published_at < until), end]):
        span = Interval(max(reading.published_at, reading.as_of + limit), following.published_at)
        if span.begins < span.ends:
            yield reading, span


def _held(piece: Piece, reading: Reading) -> Hold:
    """Where nobody held the next data up, what is proven by is the data that grew old."""
    reason, proof = (piece.hold.reason, piece.hold.id) if piece.hold else ("", "")
    return Hold(piece.party, reason, *piece.span, proof or reading.id)
