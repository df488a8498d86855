"""From what an objective was judged by to the promise a statement tells of."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Final

from monitoring import slo
from monitoring.statements import words
from monitoring.statements.content import (
    Exclusion,
    Measure,
    Miss,
    Party,
    Period,
    Point,
    Promise,
    Standing,
    Version,
)
from monitoring.statements.judged import Judged, Proof, Subject
from portal.core.money import round_to
from portal.core.words import speak

NEAR: Final = Fraction(9, 10)  # of the allowed misses
_HUNDRED: Final = Decimal(100)
_CENT: Final = Decimal("0.01")
_PLACES: Final = 6
_MICROSECOND: Final = timedelta(microseconds=1)
_NOBODY: Final = Proof("", "")


@dataclass(frozen=True, slots=True)
class Measured:
    """An objective's figures for the month: the promise without its trend, its version, what it missed, and
    the agreed time that did not count."""

    promise: Promise
    version: Version
    misses: tuple[Miss, ...]
    exclusions: tuple[Exclusion, ...]


@speak(None)  # what is sealed is the same in every language
def judge(one: Judged, period: Period, *, now: datetime) -> Measured:
    """The figures of a month that is over at `now`."""
    objective = one.terms.objective
    window = slo.Interval(period.begins, period.ends)
    result = _evaluated(one, objective, window, now)
    promise = _promise(one, result, _days(one, objective, period, now, result))
    return Measured(
        promise=promise,
        version=Version(one.terms.key, objective.title, str(one.terms.version)),
        misses=tuple(_misses(one, result, period.zone)),
        exclusions=tuple(_exclusions(result)),
    )


def _evaluated(
    one: Judged, objective: slo.Objective, window: slo.Interval, now: datetime
) -> slo.Result:
    return slo.evaluate(
        objective, one.evidence, window=window, now=now,
        exclusions=one.agreed, calendar=one.calendar,
    )  # fmt: skip


def _days(
    one: Judged, objective: slo.Objective, period: Period, now: datetime, whole: slo.Result
) -> tuple[Point, ...]:
    """Day by day, where the promise was broken."""
    if whole.kept is not False:
        return ()
    window = slo.Interval(period.begins, period.ends)
    return tuple(
        Point(day.isoformat(), _actual(_evaluated(one, objective, span, now)))
        for day, span in slo.days(window, period.zone)
    )


def _promise(one: Judged, result: slo.Result, days: tuple[Point, ...]) -> Promise:
    objective, measure = result.objective, _measure(result.objective)
    by_share = measure == "share"
    return Promise(
        key=one.terms.key,
        name=objective.title,
        detail=_detail(objective),
        measure=measure,
        unit=objective.sli.unit,
        standing=_standing(result),
        target=_target(objective),
        actual=_actual(result),
        attributable=_percent(result.attributable, result) if by_share else None,
        population=_decimal(result.total),
        misses=_decimal(result.missed.total),
        misses_ours=_decimal(result.missed.us),
        rule=str(one.terms.version),
        judged_by=objective.judged_by,
        few=result.few,
        percentile=_HUNDRED * objective.target if measure == "duration" else None,
        allowed=_decimal(result.budget.allowed) if measure != "count" else None,
        used=_used(result),
        worst=_seconds(result.slowest) if measure == "duration" else None,
        days=days,
    )


def _measure(objective: slo.Objective) -> Measure:
    if objective.sli.measure == "percentile":
        return "duration"
    return "count" if objective.target == 1 and not objective.sli.by_time else "share"


def _detail(objective: slo.Objective) -> str:
    """What is counted, in a few words."""
    if objective.sli.measure == "percentile":
        share = Fraction(objective.target).limit_denominator(1000)
        return f"{share.numerator} of {share.denominator} {objective.sli.unit}"
    if objective.sli.measure == "share":
        return "share of time"
    if objective.sli.measure == "slots":
        return "slots of 5 minutes"
    return "by severity, in support hours" if objective.sli.in_hours else objective.sli.begins


def _standing(result: slo.Result) -> Standing:
    if result.kept is None:
        return "unknown"
    if not result.kept:
        return "missed"
    return "near" if (result.budget.share or 0) >= NEAR else "kept"


def _target(objective: slo.Objective) -> Decimal:
    measure = _measure(objective)
    if measure == "duration":
        return _seconds(objective.limit) or Decimal(0)
    return _HUNDRED * objective.target if measure == "share" else Decimal(0)


def _actual(result: slo.Result) -> Decimal | None:
    measure = _measure(result.objective)
    if measure == "duration":
        return _seconds(result.percentile)
    if measure == "share":
        return _percent(result.gross, result)
    return _decimal(result.missed.total) if result.total else None


def _percent(share: Fraction | None, result: slo.Result) -> Decimal | None:
    """With two decimals. What was missed is never rounded up to the promise, nor to 100."""
    if share is None:
        return None
    exact = _HUNDRED * share.numerator / Decimal(share.denominator)
    rounded = round_to(exact, 2)
    promised = _HUNDRED * result.objective.target
    hides = (exact < promised <= rounded) or (exact < _HUNDRED <= rounded)
    return exact.quantize(_CENT, rounding=ROUND_DOWN) if hides else rounded


def _used(result: slo.Result) -> Decimal | None:
    share = result.budget.share
    if share is None or not result.total or _measure(result.objective) == "count":
        return None
    return round_to(_HUNDRED * share.numerator / Decimal(share.denominator), 1)


def _misses(one: Judged, result: slo.Result, zone: str) -> Iterator[Miss]:
    """In the order of time; what one thing did to time on one day is one."""
    found = sorted(result.tally.misses, key=lambda miss: (miss.at, miss.id, miss.proof))
    keys: Counter[str] = Counter()
    for miss in _by_day(found, zone) if result.objective.sli.by_time else found:
        name = f"{one.terms.key}-{miss.id}"
        keys[name] += 1
        yield _miss(one, miss, name if keys[name] == 1 else f"{name}-{keys[name]}")


def _by_day(misses: Sequence[slo.Miss], zone: str) -> list[slo.Miss]:
    found: dict[tuple[date, str, str, str], slo.Miss] = {}
    for miss in misses:
        key = (words.local(miss.at, zone).date(), miss.id, miss.proof, miss.reason)
        before = found.get(key)
        found[key] = miss if before is None else _together(before, miss)
    return list(found.values())


def _together(one: slo.Miss, other: slo.Miss) -> slo.Miss:
    return one._replace(amount=one.amount + other.amount, shares=one.shares.plus(other.shares))


def _miss(one: Judged, miss: slo.Miss, key: str) -> Miss:
    subject = one.subjects.get(miss.id, Subject(""))
    proof = one.proofs.get(miss.proof) or one.proofs.get(miss.id) or _NOBODY
    party: Party = max(slo.PARTIES, key=lambda name: getattr(miss.shares, name))
    return Miss(
        key=key,
        promise=one.terms.key,
        at=miss.at,
        subject=subject.number or proof.name or proof.case,
        party=party,
        party_name=proof.name if party == "third_party" else "",
        reason=miss.reason,
        weight=_decimal(miss.amount),
        ours=_decimal(miss.shares.us),
        yours=_decimal(miss.shares.customer),
        theirs=_decimal(miss.shares.third_party),
        late=_seconds(miss.late),
        case=proof.case or subject.case,
        evidence=tuple(dict.fromkeys(name for name in (miss.id, miss.proof) if name)),
    )


def _exclusions(result: slo.Result) -> Iterator[Exclusion]:
    left: defaultdict[str, Fraction] = defaultdict(Fraction)
    for out in result.tally.excluded:
        left[out.exclusion] += out.things
    numbers: Counter[str] = Counter()
    for span, agreed in result.excused:
        numbers[agreed.id] += 1
        things = left.get(agreed.id)
        told = (
            f"{result.objective.title}: {words.plain_number(_decimal(things))} left out"
            if things
            else ""
        )
        yield Exclusion(
            key=f"E-{agreed.id}-{numbers[agreed.id]}",
            begins=span.begins,
            ends=span.ends,
            minutes=_decimal(Fraction(span.length.total_seconds()) / 60),
            reason=agreed.text,
            kind=agreed.kind,
            left_out=(told,) if told else (),
        )


def merged(found: Sequence[Measured]) -> tuple[Exclusion, ...]:
    """The agreed time of all objectives, each once, with what it left out of each."""
    by_key: dict[str, Exclusion] = {}
    for one in (exclusion for measured in found for exclusion in measured.exclusions):
        known = by_key.get(one.key)
        told = (*known.left_out, *one.left_out) if known else one.left_out
        by_key[one.key] = Exclusion(
            one.key, one.begins, one.ends, one.minutes, one.reason, one.kind, told
        )
    return tuple(sorted(by_key.values(), key=lambda one: (one.begins, one.key)))


def _seconds(length: timedelta | None) -> Decimal | None:
    return None if length is None else Decimal(length // _MICROSECOND) / 1_000_000


def _decimal(value: Fraction) -> Decimal:
    return round_to(Decimal(value.numerator) / Decimal(value.denominator), _PLACES)
