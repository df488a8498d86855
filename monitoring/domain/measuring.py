"""Keeping what was measured: the days of an objective and its windows, and whether its budget burns.

Today and the burn rates are measured every five minutes. So are the window and its last days as a whole where
that takes no time to speak of; the longer it takes the seldomer, but every hour, and until three days after
its end, because what happened is sometimes known later.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from monitoring import slo
from monitoring.domain import burning, measure, objectives
from monitoring.models import Objective, ObjectiveDay, ObjectiveWindow
from portal.core import clock
from portal.customers.models import Customer

EVERY: Final = timedelta(minutes=5)
WHOLE_EVERY: Final = timedelta(hours=1)
_REST: Final = 600  # times as long as it took
KNOWN_BY: Final = timedelta(days=3)
WINDOWS_BACK: Final = 6  # what a trend shows
_MOST_CAUSES: Final = 10
_PLACES: Final = Decimal("0.000001")


def work() -> bool:
    """Measure the objective that waits longest for it. False when none is due."""
    now = clock.now()
    row = _due(now)
    if row is None:
        return _begin_windows(now)
    _measure(row)
    return True


def _due(now: datetime) -> ObjectiveWindow | None:
    """New and stale ones at once, running ones every few minutes, those over hourly until all is known."""
    all_of = ObjectiveWindow.objects
    found = (
        all_of.filter(looked_at=None)
        | all_of.filter(stale=True)
        | all_of.filter(ends__gt=now, looked_at__lte=now - EVERY)
        | all_of.filter(measured_at__lt=F("ends") + KNOWN_BY, looked_at__lte=now - WHOLE_EVERY)
    )
    return (
        found.select_related("objective", "customer")
        .order_by(F("looked_at").asc(nulls_first=True), "pk")
        .first()
    )


def _begin_windows(now: datetime) -> bool:
    """Rows for windows that have begun, and for those before that were never measured. False when all
    have theirs."""
    for customer in Customer.objects.exclude(pk__in=Objective.objects.values("customer")):
        objectives.begin(customer)
    running = set(ObjectiveWindow.objects.filter(ends__gt=now).values_list("objective", flat=True))
    new = [one for one in objectives.all_in_force(now) if one.pk not in running]
    made = ObjectiveWindow.objects.bulk_create(
        [row for one in new for row in _windows_of(one, now)], ignore_conflicts=True
    )
    return bool(made)


def _windows_of(newest: Objective, now: datetime) -> Iterator[ObjectiveWindow]:
    versions = list(
        Objective.objects.filter(customer=newest.customer_id, sli=newest.sli).order_by("-version")
    )
    kind = newest.promise.window
    window = kind.of(now)
    for _ in range(WINDOWS_BACK + 1):
        one = next((one for one in versions if one.since <= window.begins), None)
        if one and one.promised:
            yield ObjectiveWindow(
                objective=one,
                customer_id=one.customer_id,
                begins=window.begins,
                ends=window.ends,
            )
        window = kind.before(window)


def _measure(row: ObjectiveWindow) -> None:
    now = clock.now()
    if _superseded(row):
        return
    window = slo.Interval(row.begins, row.ends)
    whole = row.stale or row.measured_at is None or row.measured_at <= now - _whole_after(row)
    began = time.perf_counter()
    reach = slo.Interval(
        min(window.begins if whole else now - measure.BURN_REACH, now - measure.BURN_REACH),
        min(window.ends, now),
    )
    case = measure.case(row.customer, row.objective, reach, now=now)
    with transaction.atomic():
        if whole:
            _keep_window(row, case.figures(window, now))
        _keep_days(row, case, window, now, whole=whole)
        if row.ends > now:
            row.burning = burning.look(row, case, now)
        row.looked_at = now
        if whole:
            row.took = time.perf_counter() - began
        row.save()


def _whole_after(row: ObjectiveWindow) -> timedelta:
    return min(WHOLE_EVERY, timedelta(seconds=row.took * _REST))


def _superseded(row: ObjectiveWindow) -> bool:
    """Another version holds for this window by now: its row goes, and its alerts end."""
    current = objectives.in_force(row.customer_id, row.begins)
    if any(one.pk == row.objective_id for one in current):
        return False
    burning.end(row, cause="What is promised has changed")
    row.delete()
    return True


def _keep_window(row: ObjectiveWindow, result: slo.Result) -> None:
    row.__dict__.update(stored(result))
    row.measured_at, row.stale = clock.now(), False


def _keep_days(
    row: ObjectiveWindow, case: measure.Case, window: slo.Interval, now: datetime, *, whole: bool
) -> None:
    past = slo.Interval(window.begins, min(window.ends, now))
    days = list(slo.days(past, case.promise.window.zone))
    rows = ObjectiveDay.objects.filter(objective=row.objective, day__in=[day for day, _ in days])
    kept = {day.day: day for day in rows}
    for day, span in _to_measure(days, kept, now, whole=whole):
        one = kept.get(day) or ObjectiveDay(
            objective=row.objective, customer_id=row.customer_id, day=day
        )
        one.__dict__.update(stored(case.figures(span, now)))
        one.measured_at, one.stale = now, False
        one.save()


def _to_measure(
    days: Sequence[tuple[date, slo.Interval]],
    kept: Mapping[date, ObjectiveDay],
    now: datetime,
    *,
    whole: bool,
) -> Sequence[tuple[date, slo.Interval]]:
    if not whole:
        return days[-1:]
    return [
        (day, span)
        for day, span in days
        if day not in kept or kept[day].stale or span.ends > now - KNOWN_BY
    ]


def stored(result: slo.Result) -> dict[str, Any]:
    """The figures as a row keeps them."""
    missed, budget = result.missed, result.budget
    return {
        "total": _decimal(result.total),
        "planned": _decimal(result.tally.planned),
        "allowed": _decimal(budget.allowed),
        "used": _decimal(budget.used),
        "share": _share(result),
        "missed_us": _decimal(missed.us),
        "missed_customer": _decimal(missed.customer),
        "missed_third_party": _decimal(missed.third_party),
        "pending": result.tally.pending,
        "percentile": result.percentile,
        "slowest": result.slowest,
        "excused_minutes": sum(one.span.length // timedelta(minutes=1) for one in result.excused),
        "causes": _causes(result.tally.misses),
    }


def _share(result: slo.Result) -> float:
    if not result.total:
        return -1
    share = result.budget.share
    return ObjectiveWindow.ENDLESS if share is None else float(share)


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_PLACES)


def _causes(misses: Iterable[slo.Miss]) -> list[dict[str, Any]]:
    """What was missed for one reason, the largest first."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for miss in misses:
        party = max(slo.PARTIES, key=lambda name: getattr(miss.shares, name))
        one = found.setdefault(
            (party, miss.reason),
            {"party": party, "reason": miss.reason, "amount": Fraction(0), "misses": 0,
             "proofs": [], "first": miss.at, "last": miss.at},
        )  # fmt: skip
        one["amount"] += miss.amount
        one["misses"] += 1
        one["first"], one["last"] = min(one["first"], miss.at), max(one["last"], miss.at)
        proof = miss.proof or miss.id
        if proof not in one["proofs"] and len(one["proofs"]) < _MOST_CAUSES:
            one["proofs"].append(proof)
    largest = sorted(found.values(), key=lambda one: (-one["amount"], one["first"]))
    return [_plain(one) for one in largest[:_MOST_CAUSES]]


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    times = {key: one[key].isoformat() for key in ("first", "last")}
    return {**one, **times, "amount": str(_decimal(one["amount"]))}
