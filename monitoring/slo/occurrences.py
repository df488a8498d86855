"""Counting things: how many were in time, and whose the others were.

A thing counts in the window in which it was decided: when it ended in time, or else at its due time. So an
open one counts as missed from its due time on, and the figures of a window that is over never change.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import takewhile
from typing import Final, NamedTuple

from monitoring.slo.attribution import Shares, blame, pieces, time_by_party, why
from monitoring.slo.evidence import Batch, Event
from monitoring.slo.exclusions import Excused, LeftOut, left_out
from monitoring.slo.intervals import NOTHING, Interval, clip, common, merged, total, without
from monitoring.slo.objective import Objective
from monitoring.slo.tally import Miss, Scope, Tally, added
from portal.customers.calendar import Calendar

_ONE: Final = Fraction(1)
_SECOND: Final = timedelta(seconds=1)
_NONE: Final = Tally()


class _Rule(NamedTuple):
    """What all events are judged by."""

    objective: Objective
    scope: Scope
    excused: Sequence[Excused]
    calendar: Calendar | None


class _Verdict(NamedTuple):
    """When an event was decided, and the time it took by then. `late`: None when it was kept."""

    at: datetime
    limit: timedelta
    ran: Sequence[Interval]
    late: timedelta | None = None


def count(
    objective: Objective,
    evidence: Iterable[Event | Batch],
    *,
    scope: Scope,
    excused: Sequence[Excused] = (),
    calendar: Calendar | None = None,
) -> Tally:
    """The tally of what was decided in the scope. `calendar`: the hours in which an indicator counts that
    runs in support hours; ValueError when such a one comes without."""
    if objective.sli.in_hours and calendar is None:
        raise ValueError(f"{objective.sli.name} runs in support hours: it needs a calendar.")
    rule = _Rule(objective, scope, excused, calendar if objective.sli.in_hours else None)
    return added(
        _of_batch(one, scope) if isinstance(one, Batch) else _of_event(one, rule)
        for one in evidence
    )


def _of_batch(batch: Batch, scope: Scope) -> Tally:
    if not scope.has(batch.at):
        return _NONE
    things, missed = Fraction(batch.total), Fraction(batch.missed)
    whole = Shares(**{batch.party: missed})
    miss = Miss(batch.id, batch.at, missed, whole, reason=batch.reason, proof=batch.id)
    return Tally(things, things, (miss,) if missed else ())


def _of_event(event: Event, rule: _Rule) -> Tally:
    if event.began >= rule.scope.as_of or _long_over(event, rule):
        return _NONE
    cuts = _cuts(event, rule)
    if event.due is not None and cuts:
        return _excused_whole(event, event.due, cuts, rule.scope)
    verdict = _by_due(event, event.due, rule) if event.due else _by_limit(event, cuts, rule)
    if verdict is None:
        return Tally(pending=1)
    if not rule.scope.has(verdict.at) or (event.void and verdict.late is None):
        return _NONE
    paused = (_agreed(cut, event) for cut in cuts)
    missed = () if verdict.late is None else (_miss(event, verdict, rule),)
    return Tally(_ONE, _ONE, missed, tuple(paused), (total(verdict.ran),))


def _long_over(event: Event, rule: _Rule) -> bool:
    return event.ended is not None and event.ended < rule.scope.begins


def _cuts(event: Event, rule: _Rule) -> list[Excused]:
    """The time of an event's clock that does not count."""
    end = min(event.ended or rule.scope.as_of, rule.scope.as_of)
    span = Interval(event.began, max(end, event.due or end))
    found = ((clip(one.span, span), one.exclusion) for one in rule.excused)
    return [Excused(part, exclusion) for part, exclusion in found if part]


def _ended(event: Event, rule: _Rule) -> datetime | None:
    """When it ended, as far as was known then."""
    return event.ended if event.ended and event.ended <= rule.scope.as_of else None


def _excused_whole(event: Event, due: datetime, cuts: Sequence[Excused], scope: Scope) -> Tally:
    """A cut-off cannot be moved: what met excluded time before it is not counted."""
    at = min(event.ended or due, due)
    if not scope.has(at):
        return _NONE
    return Tally(excluded=(_agreed(cuts[0], event, things=1),))


def _agreed(cut: Excused, event: Event, *, things: int = 0) -> LeftOut:
    minutes = Fraction(cut.span.length // _SECOND, 60)
    return left_out(cut, at=cut.span.begins, minutes=minutes, things=things, subject=event.id)


def _by_due(event: Event, due: datetime, rule: _Rule) -> _Verdict | None:
    ended = _ended(event, rule)
    ran = [Interval(event.began, ended or rule.scope.as_of)]
    limit = max(NOTHING, due - event.began)
    if ended and ended <= due:
        return _Verdict(ended, limit, ran)
    if due > rule.scope.as_of:
        return None
    return _Verdict(max(due, event.began), limit, ran, (ended or rule.scope.as_of) - due)


def _by_limit(event: Event, cuts: Sequence[Excused], rule: _Rule) -> _Verdict | None:
    ended, limit = _ended(event, rule), rule.objective.limits[_grade(event, rule)]
    whole = Interval(event.began, ended or rule.scope.as_of)
    ran = [*without(_in_hours(whole, rule), _not_counted(event, whole, cuts, rule))]
    used = total(ran)
    if ended and used <= limit:
        return _Verdict(ended, limit, ran)
    if used < limit:
        return None
    return _Verdict(_used_up(ran, limit), limit, ran, used - limit)


def _grade(event: Event, rule: _Rule) -> str:
    return event.grade if rule.objective.sli.grades != ("",) else ""


def _in_hours(whole: Interval, rule: _Rule) -> Iterator[Interval]:
    if rule.calendar is None:
        return iter([whole])
    begun = takewhile(lambda w: w[0] < whole.ends, rule.calendar.windows(whole.begins))
    return common((Interval(*window) for window in begun), whole)


def _not_counted(
    event: Event, whole: Interval, cuts: Sequence[Excused], rule: _Rule
) -> list[Interval]:
    others: list[Interval] = []
    if rule.objective.sli.in_hours and event.holds:
        others = [piece.span for piece in pieces(event.holds, whole) if piece.party != "us"]
    return merged([*(cut.span for cut in cuts), *others])


def _used_up(ran: Sequence[Interval], limit: timedelta) -> datetime:
    """When `limit` of the time that counts was used up."""
    for span in ran:
        if span.length >= limit:
            return span.begins + limit
        limit -= span.length
    raise AssertionError("the time that counts is at least the limit")


def _miss(event: Event, verdict: _Verdict, rule: _Rule) -> Miss:
    held = [piece for span in verdict.ran for piece in pieces(event.holds, span)]
    shares = blame(time_by_party(held), verdict.limit)
    reason, proof = why(held, shares)
    return Miss(
        event.id, verdict.at, _ONE, shares, verdict.late, reason, proof, _ended(event, rule) is None
    )
