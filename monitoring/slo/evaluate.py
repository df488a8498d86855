"""From raw evidence to figures, always the same way: of a month, a day, an hour, or another promise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, get_args

from monitoring.slo import freshness, occurrences, slices
from monitoring.slo.evidence import Batch, Event, Evidence, Feed, Track
from monitoring.slo.exclusions import Exclusion, Excused, excused
from monitoring.slo.intervals import Interval, clip
from monitoring.slo.objective import Objective
from monitoring.slo.result import Result
from monitoring.slo.tally import Scope, Tally
from portal.customers.calendar import Calendar


class Comparison(NamedTuple):
    """The same evidence under what is promised, and under what might be."""

    is_now: Result
    would_be: Result


def evaluate(
    objective: Objective,
    evidence: Sequence[Evidence],
    *,
    window: Interval,
    now: datetime,
    exclusions: Sequence[Exclusion] = (),
    calendar: Calendar | None = None,
) -> Result:
    """The figures of a window, as of its end or `now`, whichever is earlier.

    `evidence`: events and batches for an indicator that counts things, tracks or feeds for one that counts
    time; more than the window's is fine, and those that reach into it have to be there whole. `calendar`:
    support or service hours. ValueError for evidence that does not fit.
    """
    as_of = max(window.begins, min(now, window.ends))
    scope = Scope(window.begins, window.ends, as_of)
    reach = min((e.began for e in evidence if isinstance(e, Event)), default=window.begins)
    given = excused(exclusions, Interval(min(reach, window.begins), window.ends))
    tally = _tally(objective, evidence, scope, given, calendar)
    agreed = tuple(one for one in given if clip(one.span, window))
    return Result(objective, window, as_of, tally, agreed)


def _tally(
    objective: Objective,
    evidence: Sequence[Evidence],
    scope: Scope,
    given: Sequence[Excused],
    calendar: Calendar | None,
) -> Tally:
    if not objective.sli.by_time:
        things: list[Event | Batch] = [*_only(evidence, Event | Batch)]
        return occurrences.count(objective, things, scope=scope, excused=given, calendar=calendar)
    found: list[Track | Feed] = [*_only(evidence, Track | Feed)]
    tracks = [_track(one, objective, scope.as_of) for one in found]
    return slices.count(objective, tracks, scope=scope, excused=given, calendar=calendar)


def _only(evidence: Sequence[Evidence], kinds: Any) -> Iterator[Any]:
    for one in evidence:
        if not isinstance(one, kinds):
            wanted = " or ".join(kind.__name__ for kind in get_args(kinds))
            raise ValueError(f"{type(one).__name__} is no evidence here: it takes {wanted}.")
        yield one


def _track(one: Track | Feed, objective: Objective, until: datetime) -> Track:
    if isinstance(one, Track):
        return one
    return freshness.track(one, limit=objective.limit, until=until)


def what_if(
    objective: Objective,
    evidence: Sequence[Evidence],
    *,
    window: Interval,
    now: datetime,
    target: Decimal | None = None,
    limits: Mapping[str, timedelta] | None = None,
    exclusions: Sequence[Exclusion] = (),
    calendar: Calendar | None = None,
) -> Comparison:
    """The figures as promised, and under another target or limits. ObjectiveError for impossible ones."""
    other = replace(
        objective,
        target=objective.target if target is None else target,
        limits=objective.limits if limits is None else limits,
    )
    return Comparison(
        *(
            evaluate(
                one, evidence, window=window, now=now, exclusions=exclusions, calendar=calendar
            )
            for one in (objective, other)
        )
    )


def rates(
    objective: Objective,
    evidence: Sequence[Evidence],
    *,
    lengths: Sequence[timedelta],
    now: datetime,
    exclusions: Sequence[Exclusion] = (),
    calendar: Calendar | None = None,
) -> dict[timedelta, Result]:
    """The figures of the last so long, for each of the lengths, up to `now`."""
    return {
        length: evaluate(
            objective, evidence, window=Interval(now - length, now), now=now,
            exclusions=exclusions, calendar=calendar,
        )
        for length in lengths
    }  # fmt: skip
