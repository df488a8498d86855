"""Learning what is usual from what came: robust against a bad day, a burst and a slow trend."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Final, NamedTuple

from monitoring.expect.days import Days
from monitoring.expect.hours import Hour, hours
from monitoring.expect.profile import Outlook, Profile, Week
from monitoring.expect.swings import clump_of, swings

LONGEST: Final = timedelta(weeks=10)
SHORTEST: Final = timedelta(weeks=2)
FEWEST_ARRIVALS: Final = 20
_HALF_LIFE_WEEKS: Final = 3.0
_POOLED_WEEKS: Final = 3.0  # what weekdays alike say of an hour counts as so many weeks of its own
_RECENT: Final = 14  # usual days that say how much it is now
_LEVELS: Final = (0.4, 2.5)
_WEEKDAYS: Final = 7
_HOURS: Final = 24
_NO_BURST: Final = 3
_MIDDLE: Final = 1.6
_ALIKE: Final = (0, 0, 0, 0, 0, 1, 2)  # Monday to Friday, Saturday, Sunday


class Seen(NamedTuple):
    """Documents of one local hour, and in how many of its twelve five minutes some came."""

    documents: int
    slots: int


NOTHING: Final = Seen(0, 0)
Span = tuple[datetime, datetime]


class Past(NamedTuple):
    """One local hour that counts, with what came."""

    hour: Hour
    seen: Seen


def learn(
    counts: Mapping[datetime, Seen],
    days: Days,
    *,
    since: datetime,
    until: datetime,
    gaps: Sequence[Span] = (),
    without: Sequence[Span] = (),
) -> Profile | None:
    """The profile of a feed from its hours between two aware UTC instants, at most the last ten weeks.

    `counts`: by the beginning of the local hour; hours without are empty. `gaps`: from one document to the
    next, as far as they were long. `without`: spans that were not as usual, such as an outage. None for less
    than two weeks or 20 arrivals.
    """
    since = max(since, until - LONGEST)
    past = _past(counts, days, since, until, without)
    usual = [one for one in past if days.of(one.hour.day).kind == "usual"]
    weeks = len(usual) / (_WEEKDAYS * _HOURS)
    if until - since < SHORTEST or sum(one.seen.slots for one in usual) < FEWEST_ARRIVALS:
        return None
    profile = _swinging(_week(usual, until), usual, weeks)
    profile = replace(profile, week=_levelled(profile.week, usual))
    profile = replace(profile, holiday=_holiday(profile, days, past))
    quiets = [gap for gap in gaps if not _meets(gap, without)]
    return _bounded(Outlook(profile, days), usual, quiets)


def _past(
    counts: Mapping[datetime, Seen],
    days: Days,
    since: datetime,
    until: datetime,
    without: Sequence[Span],
) -> list[Past]:
    whole = (h for h in hours(days.zone, since, until) if h.begins >= since and h.ends <= until)
    return [
        Past(hour, counts.get(hour.begins, NOTHING))
        for hour in whole
        if not _meets((hour.begins, hour.ends), without)
    ]


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(begins < span[1] and span[0] < ends for begins, ends in others)


def _week(usual: Sequence[Past], until: datetime) -> Week:
    """Each hour of the week: what it brought itself, drawn towards what days alike say of it."""
    cells: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for hour, seen in usual:
        weight = 0.5 ** ((until - hour.begins) / timedelta(weeks=_HALF_LIFE_WEEKS))
        cells[hour.day.weekday(), hour.hour].append((weight, seen.documents))
    own = [[_mean(cells[day, hour]) for hour in range(_HOURS)] for day in range(_WEEKDAYS)]
    return tuple(
        tuple(
            _drawn(own[day][hour], len(cells[day, hour]), _pooled(own, day, hour))
            for hour in range(_HOURS)
        )
        for day in range(_WEEKDAYS)
    )


def _mean(weighed: Sequence[tuple[float, float]]) -> float:
    """The weighted mean; what is far above the largest but one is a burst and counts as much as that."""
    if not weighed:
        return 0.0
    counts = sorted(count for _, count in weighed)
    second = counts[-2 if len(counts) > 2 else -1]
    most = counts[-1] if counts[-1] <= 2 * second + _NO_BURST else second
    total = sum(weight for weight, _ in weighed)
    return sum(weight * min(count, most) for weight, count in weighed) / total


def _pooled(own: Sequence[Sequence[float]], day: int, hour: int) -> float:
    """What this hour would be if days alike had one shape and differed only in how much they bring."""
    alike = [other for other in range(_WEEKDAYS) if _ALIKE[other] == _ALIKE[day]]
    total = sum(sum(own[other]) for other in alike)
    return sum(own[other][hour] for other in alike) * sum(own[day]) / total if total else 0.0


def _drawn(own: float, weeks: int, pooled: float) -> float:
    return (weeks * own + _POOLED_WEEKS * pooled) / (weeks + _POOLED_WEEKS)


def _levelled(week: Week, usual: Sequence[Past]) -> Week:
    """Raised or lowered to what the last two weeks brought: the middle of their days."""
    ratios = [seen / should for seen, should in _by_day(week, usual).values() if should >= 1]
    least, most = _LEVELS
    level = min(most, max(least, median(ratios[-_RECENT:]))) if ratios else 1.0
    return tuple(tuple(rate * level for rate in day) for day in week)


def _by_day(week: Week, past: Sequence[Past]) -> dict[date, tuple[int, float]]:
    """Date → documents seen, and those the week says."""
    found: dict[date, tuple[int, float]] = {}
    for day, of_day in groupby(past, key=lambda one: one.hour.day):
        all_of = list(of_day)
        should = sum(week[day.weekday()][hour.hour] for hour, _ in all_of)
        found[day] = sum(seen.documents for _, seen in all_of), should
    return found


def _swinging(week: Week, usual: Sequence[Past], weeks: float) -> Profile:
    rated = [
        (hour.day, week[hour.day.weekday()][hour.hour], seen.documents) for hour, seen in usual
    ]
    arrivals = sum(seen.slots for _, seen in usual)
    found = swings(rated)
    return Profile(
        week=week,
        holiday=None,
        clump=clump_of([seen for _, seen in usual]),
        lump=found.lump,
        by_hour=found.by_hour,
        by_day=found.by_day,
        level=_level(found.by_day, usual, weeks),
        weeks=weeks,
        events=arrivals * 30 / (weeks * _WEEKDAYS),
        longest_quiet=0.0,
        least_chance=1.0,
    )


def _level(by_day: float, usual: Sequence[Past], weeks: float) -> float:
    """How sure what we take for the usual can be: it is the middle of two weeks' days, which a feed with few
    documents tells less of. A middle varies 1.6 times as much as a mean."""
    recent = sum(seen.documents for _, seen in usual[-_RECENT * _HOURS :])
    return 0.005 + _MIDDLE * (by_day / _RECENT + 1 / max(1, recent)) + 0.02 / weeks


def _holiday(profile: Profile, days: Days, past: Sequence[Past]) -> float | None:
    holidays = [one for one in past if days.of(one.hour.day).kind == "holiday"]
    shares = [
        seen / should for seen, should in _by_day(profile.week, holidays).values() if should >= 1
    ]
    return min(1.0, *shares) if shares else None


def _bounded(outlook: Outlook, usual: Sequence[Past], gaps: Sequence[Span]) -> Profile:
    """With what was seen at its worst and was no fault: but for one, which may have been one."""
    quiets = [sum(share.documents for share in outlook.shares(*gap)) for gap in gaps]
    return replace(
        outlook.profile,
        longest_quiet=_second(sorted(quiets, reverse=True), 0.0),
        least_chance=_second(sorted(_chances(outlook, usual)), 1.0),
    )


def _second(found: Sequence[float], otherwise: float) -> float:
    return found[1] if len(found) > 1 else otherwise


def _chances(outlook: Outlook, usual: Sequence[Past]) -> list[float]:
    """How likely each whole usual day was."""
    found = []
    for day, of_day in groupby(usual, key=lambda one: one.hour.day):
        run, count = outlook.profile.counts(), 0
        for hour, seen in of_day:
            rate = outlook.profile.week[day.weekday()][hour.hour]
            run.add(rate, day=day, spread=outlook.profile.by_day)
            count += seen.documents
        found.append(run.chance(count))
    return found
