"""Keeping what was measured: the days of an objective and its windows, and whether its budget burns.

A window and its last days are measured whole once an hour, and until three days after its end, because what
happened is sometimes known later. Between, today and the burn rates are, every five minutes.
"""

from collections.abc import Iterable
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
KNOWN_BY: Final = timedelta(days=3)
_MOST_CAUSES: Final = 10
_PLACES: Final = Decimal("0.000001")


def work() -> bool:
    """Measure the objective that waits longest for it. False when none is due."""
    row = _due(clock.now())
    if row is None:
        return _begin_windows()
    _measure(row)
    return True


def _due(now: datetime) -> ObjectiveWindow | None:
    """Running windows every few minutes; those that are over until all is known; stale ones at once."""
    running = ObjectiveWindow.objects.filter(ends__gt=now)
    over = ObjectiveWindow.objects.filter(ends__lte=now, measured_at__lt=F("ends") + KNOWN_BY)
    found = (
        running.filter(looked_at=None)
        | running.filter(looked_at__lte=now - EVERY)
        | over.filter(looked_at__lte=now - WHOLE_EVERY)
        | ObjectiveWindow.objects.filter(stale=True)
    )
    return (
        found.select_related("objective", "customer")
        .order_by(F("looked_at").asc(nulls_first=True), "pk")
        .first()
    )


def _begin_windows() -> bool:
    """Rows for windows that have begun. False when all have theirs."""
    now, made = clock.now(), []
    known = set(
        ObjectiveWindow.objects.filter(ends__gt=now).values_list("objective_id", flat=True)
    )
    for customer in Customer.objects.order_by("pk"):
        objectives.begin(customer)
        for one in objectives.in_force(customer.pk, now):
            if one.pk not in known:
                window = one.promise.window.of(now)
                made.append(
                    ObjectiveWindow(objective=one, customer=customer, begins=window.begins, ends=window.ends)
                )  # fmt: skip
    ObjectiveWindow.objects.bulk_create(made, ignore_conflicts=True)
    return bool(made)


def _measure(row: ObjectiveWindow) -> None:
    now = clock.now()
    if _superseded(row):
        return
    window = slo.Interval(row.begins, row.ends)
    whole = row.stale or row.measured_at is None or row.measured_at <= now - WHOLE_EVERY
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
        row.save()


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
    row.measured_at, row.stale = result.as_of if result.as_of >= row.ends else clock.now(), False
    row.measured_at = clock.now()


def _keep_days(
    row: ObjectiveWindow, case: measure.Case, window: slo.Interval, now: datetime, *, whole: bool
) -> None:
    past = slo.Interval(window.begins, min(window.ends, now))
    kept = {day.day: day for day in ObjectiveDay.objects.filter(objective=row.objective)}
    for day, span in _to_measure(past, case.promise.window.zone, kept, now, whole=whole):
        one = kept.get(day) or ObjectiveDay(
            objective=row.objective, customer_id=row.customer_id, day=day
        )
        one.__dict__.update(stored(case.figures(span, now)))
        one.measured_at, one.stale = now, False
        one.save()


def _to_measure(
    past: slo.Interval, zone: str, kept: dict[date, ObjectiveDay], now: datetime, *, whole: bool
) -> Iterable[tuple[date, slo.Interval]]:
    every = list(slo.days(past, zone))
    if not whole:
        return every[-1:]
    return [
        (day, span)
        for day, span in every
        if day not in kept or kept[day].stale or span.ends > now - KNOWN_BY
    ]


def stored(result: slo.Result) -> dict[str, Any]:
    """The figures as a row keeps them."""
    missed, budget = result.missed, result.budget
    return {
        "total": _decimal(result.total),
        "planned": _decimal(result.tally.planned),
        "allowed": _decimal(budget.allowed),
        "missed_us": _decimal(missed.us),
        "missed_customer": _decimal(missed.customer),
        "missed_third_party": _decimal(missed.third_party),
        "pending": result.tally.pending,
        "percentile": result.percentile,
        "slowest": result.slowest,
        "excused_minutes": sum(one.span.length // timedelta(minutes=1) for one in result.excused),
        "causes": _causes(result.tally.misses),
    }


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
