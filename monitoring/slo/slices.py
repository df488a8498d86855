"""Counting time: slots that were good, or the share of all time that was.

A slot is good when the share of it in which things worked is at least the slice target. Slots that touch
excluded time, or lie outside of the service hours, are not counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import takewhile
from typing import Final

from monitoring.slo.attribution import Piece, Shares, by_time, pieces, why
from monitoring.slo.evidence import Track
from monitoring.slo.exclusions import Excused, LeftOut, left_out
from monitoring.slo.intervals import Interval, clip, common, merged, total, without
from monitoring.slo.objective import Objective
from monitoring.slo.tally import Miss, Scope, Tally, added
from monitoring.slo.windows import SLOT, slot_of, slots
from portal.customers.calendar import Calendar

_ONE: Final = Fraction(1)
_MICROSECOND: Final = timedelta(microseconds=1)
_MINUTE: Final = timedelta(minutes=1)

Held = list[tuple[int, Piece]]  # weight, and who had the bad time


def count(
    objective: Objective,
    tracks: Sequence[Track],
    *,
    scope: Scope,
    excused: Sequence[Excused] = (),
    calendar: Calendar | None = None,
) -> Tally:
    """The tally of the scope's time. `calendar`: the service hours; None for around the clock."""
    whole = Interval(scope.begins, scope.ends)
    served = [*_served(whole, calendar)]
    if objective.slice_target is None:
        return _by_share(tracks, served, scope, excused)
    return _by_slot(tracks, served, scope, excused, Fraction(objective.slice_target))


def _served(whole: Interval, calendar: Calendar | None) -> Iterator[Interval]:
    if calendar is None:
        return iter([whole])
    begun = takewhile(lambda window: window[0] < whole.ends, calendar.windows(whole.begins))
    return common(merged(Interval(*window) for window in begun), whole)


def _by_slot(
    tracks: Sequence[Track],
    served: Sequence[Interval],
    scope: Scope,
    excused: Sequence[Excused],
    slice_target: Fraction,
) -> Tally:
    first = min((track.begins for track in tracks if track.begins), default=scope.begins)
    ours = [one for span in served for one in slots(span) if one.begins >= first]
    touched = {at: given for given in excused for at in _starts(given.span)}
    counted = [one for one in ours if one.begins not in touched]
    past = {one.begins for one in counted if one.ends <= scope.as_of}
    held = _held_by_slot(tracks, Interval(scope.begins, scope.as_of), past)
    misses = (_slot_miss(at, held[at], tracks, slice_target) for at in sorted(held))
    excluded = (
        left_out(touched[one.begins], at=one.begins, minutes=Fraction(5), things=1)
        for one in ours
        if one.begins in touched
    )
    return Tally(
        Fraction(len(past)), Fraction(len(counted)), tuple(filter(None, misses)), tuple(excluded)
    )


def _starts(span: Interval) -> Iterator[datetime]:
    at = slot_of(span.begins)
    while at < span.ends:
        yield at
        at += SLOT


def _held_by_slot(
    tracks: Iterable[Track], whole: Interval, past: set[datetime]
) -> Mapping[datetime, Held]:
    found: dict[datetime, Held] = defaultdict(list)
    for track in tracks:
        for piece in _bad(track, [whole]):
            for at in _starts(piece.span):
                part = clip(piece.span, Interval(at, at + SLOT))
                if part and at in past:
                    found[at].append((track.weight, Piece(part, piece.hold)))
    return found


def _slot_miss(
    at: datetime, held: Held, tracks: Sequence[Track], slice_target: Fraction
) -> Miss | None:
    alive = sum(track.weight for track in tracks if track.begins is None or track.begins <= at)
    bad = sum((weight * _share(piece.span.length, SLOT) for weight, piece in held), Fraction(0))
    if 1 - bad / alive >= slice_target:
        return None
    found = [piece for _, piece in held]
    shares = by_time(found)
    reason, proof = why(found, shares)
    return Miss(proof or at.isoformat(), at, _ONE, shares, reason=reason, proof=proof)


def _share(part: timedelta, whole: timedelta) -> Fraction:
    return Fraction(part // _MICROSECOND, whole // _MICROSECOND)


def _by_share(
    tracks: Sequence[Track], served: Sequence[Interval], scope: Scope, excused: Sequence[Excused]
) -> Tally:
    cuts = merged(given.span for given in excused)
    counted = [*without(served, cuts)]
    return added(_of_track(track, counted, served, scope, excused) for track in tracks)


def _of_track(
    track: Track,
    counted: Sequence[Interval],
    served: Sequence[Interval],
    scope: Scope,
    excused: Sequence[Excused],
) -> Tally:
    lives = Interval(track.begins or scope.begins, scope.ends)
    so_far = [*common(counted, Interval(lives.begins, scope.as_of))]
    misses = [_time_miss(piece, track.weight) for piece in _bad(track, so_far)]
    excluded = [
        _agreed(given, part, track)
        for given in excused
        for part in common(served, given.span)
        if clip(part, lives)
    ]
    return Tally(
        _minutes(total(so_far), track.weight),
        _minutes(total(common(counted, lives)), track.weight),
        tuple(misses),
        tuple(excluded),
    )


def _agreed(given: Excused, part: Interval, track: Track) -> LeftOut:
    minutes = _minutes(part.length, track.weight)
    return left_out(given, at=part.begins, minutes=minutes, subject=track.id)


def _bad(track: Track, within: Iterable[Interval]) -> Iterator[Piece]:
    """The bad time of a track, each moment once."""
    for span in within:
        lives = Interval(max(span.begins, track.begins or span.begins), span.ends)
        if lives.begins < lives.ends:
            yield from (piece for piece in pieces(track.bad, lives) if piece.hold)


def _minutes(time: timedelta, weight: int) -> Fraction:
    return weight * _share(time, _MINUTE)


def _time_miss(piece: Piece, weight: int) -> Miss:
    assert piece.hold, "bad time is somebody's"
    amount = _minutes(piece.span.length, weight)
    shares = Shares(**{piece.party: amount})
    return Miss(
        piece.hold.id, piece.span.begins, amount, shares,
        reason=piece.hold.reason, proof=piece.hold.id,
    )  # fmt: skip
